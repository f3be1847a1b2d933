"""The ring on its way: it begins where it was, ends where the focus is, in time, and leaves nothing behind."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stb_app.input.keys import Key
from stb_app.preferences import Preferences
from stb_app.toolkit.motion import FRAME_S, GLIDE_S, Glide, Ring
from tests.flows.places import L, R, U
from tools.pilot.pilot import STILL, Pilot

FROM = Ring(pygame.Rect(0, 0, 100, 40), 8, None)
TO = Ring(pygame.Rect(300, 90, 200, 40), 24, None)
MOVING = Preferences(motion=True)


def test_it_begins_where_it_was_and_ends_where_the_focus_is() -> None:
    glide = Glide(FROM, TO)
    assert glide.ring.box == FROM.box
    glide.tick(5.0)
    assert glide.ring.box == FROM.box
    glide.tick(5.0 + GLIDE_S)
    assert glide.over
    assert glide.ring == TO


@given(st.lists(st.floats(0, 2 * GLIDE_S), min_size=1))
def test_it_stays_between_both_places(times: list[float]) -> None:
    glide = Glide(FROM, TO)
    hull = FROM.box.union(TO.box)
    for now in times:
        glide.tick(now)
        assert hull.contains(glide.ring.box)


def test_it_is_calm_enough() -> None:
    assert GLIDE_S <= 0.16


def pixels(pilot: Pilot) -> bytes:
    return pygame.image.tobytes(pilot.platform.canvas(), "RGB")


def ride(pilot: Pilot) -> None:
    for _ in range(round(GLIDE_S / FRAME_S) + 2):
        pilot.advance(FRAME_S)


def test_the_first_picture_of_a_key_has_the_light_already_and_the_last_one_is_the_still_one() -> None:
    moving, still = Pilot(preferences=MOVING), Pilot(preferences=STILL)
    for pilot in (moving, still):
        pilot.press(R)
    assert moving.focus == still.focus
    tile = moving.app._stage._scene.focusables[moving.focus or ""]
    assert moving.platform.canvas().get_at(tile.center) == still.platform.canvas().get_at(tile.center)
    assert pixels(moving) != pixels(still)
    ride(moving)
    assert pixels(moving) == pixels(still)
    presents = moving.platform.presents
    moving.advance(1.0)
    assert moving.platform.presents == presents, "a ring that has arrived costs nothing"


@pytest.mark.parametrize("keys", [(R, R, L), (R, U, L, R), (R, L)])
def test_keys_that_come_while_it_moves_are_not_kept_waiting_and_leave_no_trace(keys: tuple[Key, ...]) -> None:
    moving, still = Pilot(preferences=MOVING), Pilot(preferences=STILL)
    for key in keys:
        moving.press(key)
        still.press(key)
        assert moving.focus == still.focus
        moving.advance(FRAME_S * 2)
    ride(moving)
    assert pixels(moving) == pixels(still)


def test_what_is_repainted_while_it_moves_is_what_a_whole_repaint_gives() -> None:
    pilot = Pilot(preferences=MOVING)
    pilot.press(R)
    for _ in range(4):
        pilot.advance(FRAME_S)
        seen = pixels(pilot)
        pilot.app._stage.expose()
        pilot.app._stage.paint()
        assert pixels(pilot) == seen
