"""What is painted: what changed, and together always the whole picture; nothing where nothing changed."""

from __future__ import annotations

from dataclasses import replace

import pygame
import pytest

from stb_app.bootstrap import allowed
from stb_app.input.keys import Key
from stb_app.resting import REST_AFTER_S
from tests.flows.places import WAYS
from tools.pilot.pilot import STILL, Pilot

AROUND = (Key.DOWN, Key.DOWN, Key.RIGHT, Key.LEFT, Key.OK, Key.DOWN, Key.BACK, Key.UP, Key.BACK)


def pixels(pilot: Pilot) -> bytes:
    return pygame.image.tobytes(pilot.platform.canvas(), "RGB")


@pytest.mark.parametrize("screen", WAYS)
@pytest.mark.parametrize("theme", allowed().themes)
def test_piece_by_piece_it_is_the_whole_picture(theme: str, screen: str) -> None:
    pilot = Pilot(preferences=replace(STILL, theme=theme), height=540)
    for number, key in enumerate((*WAYS[screen], *AROUND)):
        pilot.press(key)
        stands = pixels(pilot)
        pilot.app._stage.expose()
        pilot.app.step()
        assert pixels(pilot) == stands, f"key {number}, {key} on {pilot.screen}"


@pytest.mark.parametrize("screen", WAYS)
def test_what_says_the_same_as_before_is_not_painted_again(screen: str) -> None:
    """Each page is built anew when anything is heard of; where it says the same, nothing is presented."""
    pilot = Pilot(height=540)
    for number, key in enumerate((*WAYS[screen], *AROUND)):
        pilot.press(key)
        shown = pilot.platform.presents
        pilot.app._invalidate()
        pilot.app.step()
        assert pilot.platform.presents == shown, f"key {number}, {key} on {pilot.screen}"


def test_rest_and_waking_leave_nothing_of_each_other() -> None:
    pilot = Pilot(height=540)
    home = pixels(pilot)
    pilot.advance(REST_AFTER_S)
    resting = pixels(pilot)
    pilot.app._stage.expose()
    pilot.app.step()
    assert pixels(pilot) == resting != home
    pilot.press(Key.OK)
    stands = pixels(pilot)
    pilot.app._stage.expose()
    pilot.app.step()
    assert pixels(pilot) == stands
