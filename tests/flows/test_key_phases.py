"""What a line of the keymap says of press, repeat, long press and release is what the app does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stb_app.app import ACTIONS
from stb_app.input.keymap import load_keymap
from stb_app.input.keys import Key, KeyEvent
from stb_app.input.repeat import SLOW
from stb_app.router import SCREENS
from tools.pilot.pilot import Pilot

LINES = """
global:
  UP: {make: focus.up, repeat: focus.up}
  DOWN: {make: focus.down, repeat: focus.down}
  LEFT: {make: focus.left, repeat: focus.left}
  RIGHT: focus.right
  OK: {break: select, long: help}
  GREEN: charges
  BACK: back
screens: {}
"""


@pytest.fixture
def pilot(tmp_path: Path) -> Pilot:
    path = tmp_path / "keys.yaml"
    path.write_text(LINES, encoding="utf-8")
    made = Pilot()
    keymap = load_keymap(path, {screen.name for screen in SCREENS}, ACTIONS)
    made.app._picture.look = replace(made.app._picture.look, keymap=keymap)
    return made


def hold(pilot: Pilot, key: Key, seconds: float) -> None:
    pilot.platform.feed(KeyEvent(key, True))
    pilot.settle()
    for _ in range(round(seconds * 32)):
        pilot.advance(1 / 32)


def release(pilot: Pilot, key: Key) -> None:
    pilot.platform.feed(KeyEvent(key, False))
    pilot.settle()


def test_a_short_press_and_a_long_one_do_different_things(pilot: Pilot) -> None:
    hold(pilot, Key.OK, 0.7)
    assert pilot.screen == "home"
    release(pilot, Key.OK)
    assert pilot.screen == "pay"
    pilot.press(Key.BACK)
    hold(pilot, Key.OK, 0.9)
    assert pilot.screen == "help", "before it is let go"
    release(pilot, Key.OK)
    assert pilot.screen == "help", "and letting go adds nothing"


def test_a_line_without_repeat_does_not_repeat(pilot: Pilot) -> None:
    pilot.press(Key.GREEN)
    hold(pilot, Key.LEFT, 1.0)
    release(pilot, Key.LEFT)
    assert pilot.focus == "month.2026-05", "1 and 5 repeats"
    hold(pilot, Key.RIGHT, 3.0)
    assert pilot.focus == "month.2026-06"


def test_a_viewer_with_a_slow_hand_gets_one_repeat_in_two_seconds(pilot: Pilot) -> None:
    pilot.app.keys.rate = SLOW
    pilot.press(Key.GREEN)
    hold(pilot, Key.LEFT, 1.875)
    assert pilot.focus == "month.2026-10"
    pilot.advance(0.125)
    assert pilot.focus == "month.2026-09"
    pilot.advance(1.9)
    assert pilot.focus == "month.2026-09"


def test_the_repeat_can_be_off(pilot: Pilot) -> None:
    pilot.app.keys.rate = None
    pilot.press(Key.GREEN)
    hold(pilot, Key.LEFT, 10.0)
    assert pilot.focus == "month.2026-10"


def test_a_worn_button_presses_once_where_the_box_says_so(pilot: Pilot) -> None:
    pilot.app.keys.debounce = 0.04
    pilot.press(Key.GREEN)
    for _ in range(2):
        for pressed in (True, False, True, False, True, False):
            pilot.platform.feed(KeyEvent(Key.LEFT, pressed))
            pilot.settle()
            pilot.clock.now += 0.002
        pilot.advance(0.2)
    assert pilot.focus == "month.2026-09"
