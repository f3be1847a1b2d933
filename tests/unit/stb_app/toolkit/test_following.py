"""The position follows the focus, in the tree and in the picture, and nothing else is painted for it."""

from __future__ import annotations

import pygame

from stb_app.input.keys import Key
from tools.pilot.pilot import Pilot


def _position(pilot: Pilot) -> str:
    return next(str(node["label"]) for node in pilot.nodes() if node["role"] == "position")


def test_the_position_says_where_the_focus_is() -> None:
    pilot = Pilot()
    pilot.press(Key.GREEN, Key.OK)
    assert _position(pilot) == "1 из 5"
    pilot.press(Key.DOWN, Key.DOWN)
    assert _position(pilot) == "3 из 5"
    pilot.press(Key.UP)
    assert _position(pilot) == "2 из 5"


def test_the_picture_says_the_same_as_after_a_whole_repaint() -> None:
    pilot = Pilot()
    pilot.press(Key.GREEN, Key.OK, Key.DOWN)
    followed = pygame.image.tobytes(pilot.platform.canvas(), "RGB")
    pilot.press(Key.BACK, Key.OK)
    pilot.press(Key.DOWN)
    assert pygame.image.tobytes(pilot.platform.canvas(), "RGB") == followed


def test_coming_back_to_a_row_says_its_position() -> None:
    pilot = Pilot()
    pilot.press(Key.GREEN, Key.OK, Key.DOWN, Key.DOWN, Key.INFO, Key.BACK)
    assert _position(pilot) == "3 из 5"
