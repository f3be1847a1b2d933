"""Keymaps: what a key does on a screen, and complaints by file and line."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

import ui_assets
from device.api.errors import ConfigError
from stb_app import controls
from stb_app.app import ACTIONS
from stb_app.bootstrap import desktop_keys
from stb_app.input.keymap import CONTEXTS, Keymap, load_keymap, load_physical
from stb_app.input.keys import Key
from stb_app.input.press import Phase
from stb_app.router import SCREENS
from stb_app.screens.base import Modal

NAMES = {screen.name for screen in SCREENS}
ARROWS = {Key.UP, Key.DOWN, Key.LEFT, Key.RIGHT}
KEYMAPS = ui_assets.ROOT / "keymaps"


@pytest.fixture(scope="module")
def remote() -> Keymap:
    return load_keymap(KEYMAPS / "remote.yaml", NAMES, ACTIONS)


def test_a_screens_own_line_wins(tmp_path: Path) -> None:
    path = tmp_path / "keys.yaml"
    path.write_text("global: {OK: select, RED: pay}\nscreens:\n  tv: {OK: home}\n", encoding="utf-8")
    keymap = load_keymap(path, NAMES, ACTIONS)
    assert keymap.action("tv", Key.OK) == "home"
    assert keymap.action("home", Key.OK) == "select"
    assert keymap.action("tv", Key.RED) == "pay"
    assert keymap.action("tv", Key.BLUE) is None


def test_the_footer_names_the_key_that_really_does_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.yaml"
    path.write_text("global: {RED: pay, BACK: back}\nscreens:\n  state: {RED: retry}\n", encoding="utf-8")
    keymap = load_keymap(path, NAMES, ACTIONS)
    assert keymap.key_for("home", "pay") is Key.RED
    assert keymap.key_for("state", "pay") is None, "RED was taken over there"
    assert keymap.key_for("state", "retry") is Key.RED
    assert keymap.key_for("home", "services") is None


def test_the_remote_moves_opens_and_leaves_everywhere(remote: Keymap) -> None:
    for screen in NAMES - {"tv"}:
        for key, action in {
            Key.UP: "focus.up", Key.DOWN: "focus.down", Key.LEFT: "focus.left", Key.RIGHT: "focus.right",
            Key.OK: "select", Key.BACK: "back", Key.HOME: "home", Key.EXIT: "tv",
        }.items():  # fmt: skip
            assert remote.action(screen, key) == action, (screen, key)
        at_the_root = screen in ("home", "state", "start")
        assert remote.action(screen, Key.MENU) == ("settings" if at_the_root else "home"), screen
    assert {remote.action("tv", key) for key in (Key.OK, Key.MENU, Key.BACK, Key.HOME)} == {"home"}


def test_paying_and_help_work_from_every_state(remote: Keymap) -> None:
    assert remote.key_for("state", "pay") is not None
    assert remote.key_for("state", "help") is not None


def test_only_arrows_and_pages_repeat(remote: Keymap) -> None:
    for screen in NAMES:
        repeating = {key for key in Key if remote.action(screen, key, Phase.REPEAT)}
        assert repeating == {*ARROWS, Key.PAGE_UP, Key.PAGE_DOWN}, screen


def test_a_line_may_tell_press_repeat_long_press_and_release_apart(tmp_path: Path) -> None:
    path = tmp_path / "keys.yaml"
    path.write_text(
        "global:\n  UP: {make: focus.up, repeat: focus.down}\n  OK: {break: select, long: help}\nscreens: {}\n",
        encoding="utf-8",
    )
    keymap = load_keymap(path, NAMES, ACTIONS)
    assert [keymap.action("home", Key.UP, phase) for phase in Phase] == ["focus.up", "focus.down", None, None]
    assert [keymap.action("home", Key.OK, phase) for phase in Phase] == [None, None, "help", "select"]
    assert keymap.action("home", Key.OK, Phase.BREAK, was_long=True) is None
    assert keymap.key_for("home", "select") is Key.OK
    assert keymap.key_for("home", "help") is None, "a footer that says OK means a short press"


def test_what_is_edited_takes_its_keys_over_whole(tmp_path: Path) -> None:
    path = tmp_path / "keys.yaml"
    path.write_text(
        "global: {RED: pay, OK: {make: select}}\n"
        "contexts:\n  text: {RED: back, OK: {long: help}}\n"
        "screens:\n  help: {RED: home}\n",
        encoding="utf-8",
    )
    keymap = load_keymap(path, NAMES, ACTIONS)
    assert keymap.action("help", Key.RED) == "home"
    assert keymap.action("help", Key.RED, context="text") == "back"
    assert keymap.action("help", Key.RED, context="pin") == "home"
    assert keymap.action("home", Key.OK, Phase.LONG, "text") == "help"
    assert keymap.action("home", Key.OK, Phase.MAKE, "text") is None, "half a line would do two things on one press"
    assert keymap.key_for("home", "pay", "text") is None


def test_a_keyboard_stands_in_for_the_keys_of_a_remote() -> None:
    keys = desktop_keys()
    assert keys["return"] is Key.OK and keys["escape"] is Key.BACK and keys["f1"] is Key.RED
    missing = set(Key) - set(keys.values()) - {Key.MUTE}
    assert not missing, f"no key of the keyboard gives {missing}"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("global: {OK: select}\nscreens:\n  hall: {OK: home}\n", 3, "there is no screen 'hall'"),
        ("global:\n  OK: select\n  TURBO: home\nscreens: {}\n", 3, "there is no key 'TURBO'"),
        ("global:\n  OK: fly\nscreens: {}\n", 2, "expected one of"),
        ("global: {OK: select}\nscreen: {}\n", 2, "'screen' is not known here"),
        ("screens: {}\n", 1, "'global' is missing"),
        ("global: [OK]\nscreens: {}\n", 1, "expected a mapping"),
        ("global: {OK: select}\nscreens:\n  tv:\n    OK: home\n    OK: back\n", 5, "stands here twice"),
        ("global: {OK: select\n", 2, "not YAML"),
        ("global: {OK: select}\ncontexts:\n  hall: {OK: home}\nscreens: {}\n", 3, "there is no context 'hall'"),
        ("global:\n  OK: {make: select,\n    hold: home}\nscreens: {}\n", 3, "'hold' is not known here"),
        ("global:\n  OK: {make: fly}\nscreens: {}\n", 2, "expected one of"),
        ("global:\n  OK: {}\nscreens: {}\n", 2, "does nothing"),
        ("global:\n  OK:\n    make: select\n    long: help\nscreens: {}\n", 4, "clashes with 'make'"),
        ("global:\n  OK:\n    make: select\n    break: help\nscreens: {}\n", 4, "clashes with 'make'"),
        ("global:\n  UP:\n    repeat: focus.up\n    long: help\nscreens: {}\n", 4, "clashes with 'repeat'"),
    ],
)
def test_a_bad_keymap_is_told_by_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_keymap(path, NAMES, ACTIONS)
    assert str(caught.value).startswith(f"{path}:{line}: ") and says in str(caught.value), caught.value


def test_a_bad_key_of_a_device_is_told_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("up: UP\nside: SIDEWAYS\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"bad\.yaml:2: .*there is no key 'SIDEWAYS'; keys: UP, DOWN"):
        load_physical(path)


def test_a_line_that_every_screen_takes_over_is_told(tmp_path: Path) -> None:
    path = tmp_path / "keys.yaml"
    path.write_text(
        "global:\n  OK: select\n  RED: pay\nscreens: {tv: {RED: home}, home: {RED: back}}\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError, match=r"keys\.yaml:3: global\.RED: is never reached"):
        load_keymap(path, {"tv", "home"}, ACTIONS)
    assert load_keymap(path, {"tv", "home", "help"}, ACTIONS).action("help", Key.RED) == "pay"


def test_a_key_that_no_remote_sends_is_told(tmp_path: Path) -> None:
    path = tmp_path / "keys.yaml"
    path.write_text("global:\n  OK: select\n  TEXT: pay\nscreens: {}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"keys\.yaml:3: global\.TEXT: no device sends this key"):
        load_keymap(path, NAMES, ACTIONS, sent={Key.OK})


def test_every_context_that_a_control_or_a_screen_names_may_have_lines() -> None:
    modules = [
        importlib.import_module(f"stb_app.controls.{each.name}") for each in pkgutil.iter_modules(controls.__path__)
    ]
    made = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    named = {getattr(each, "context", "") for each in [*made, *SCREENS, Modal]}
    named = {each for each in named if isinstance(each, str)} - {""}
    assert "dialog" in named and named <= CONTEXTS
