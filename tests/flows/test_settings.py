"""Settings (H2): each choice counts at once, is kept, and leaves the viewer where he was."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from stb_app.input.keys import Key, KeyEvent
from stb_app.preferences import Preferences
from tests.flows.places import OK, D, L, R, U
from tests.screens.checks import findings
from tools.pilot import documents
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import STILL, Pilot


def settings(preferences: Preferences = STILL, row: str = "language") -> Pilot:
    pilot = Pilot(preferences=preferences)
    pilot.press(Key.MENU)
    assert pilot.screen == "settings"
    for _ in range(10):
        if pilot.focus == row:
            return pilot
        pilot.press(D)
    raise AssertionError(f"there is no row {row}")


def value(pilot: Pilot, row: str) -> str:
    return next(str(node["value"]) for node in pilot.nodes() if node["id"] == row)


@pytest.mark.parametrize(
    ("row", "key", "chosen"),
    [
        ("language", R, {"language": "ru"}),
        ("language", OK, {"language": "ru"}),
        ("text_size", R, {"text_size": "L"}),
        ("text_size", L, {"text_size": "S"}),
        ("speech", OK, {"speech": True}),
        ("key_repeat", R, {"key_repeat": "slow"}),
        ("motion", OK, {"motion": True}),
    ],
)
def test_a_choice_counts_at_once_is_kept_and_keeps_the_focus(row: str, key: Key, chosen: dict[str, Any]) -> None:
    before = replace(STILL, language="es", text_size="M", key_repeat="normal", speech=False)
    pilot = settings(before, row)
    said = value(pilot, row)
    pilot.press(key)
    assert asdict(pilot.kept[-1]) == {**asdict(before), **chosen}
    assert (pilot.screen, pilot.focus) == ("settings", row)
    assert value(pilot, row) != said
    assert list(findings(pilot)) == []


def test_the_language_is_named_in_itself_so_that_a_stranger_finds_his_own() -> None:
    pilot = settings(replace(STILL, language="sk"))
    found = set()
    for _ in range(4):
        found.add(value(pilot, "language").split(",")[0])
        pilot.press(OK)
    assert found == {"Русский", "English", "Slovenčina", "Español"}
    assert value(pilot, "language").endswith("Language")


def test_a_held_arrow_steps_once_since_everything_changes_under_it() -> None:
    pilot = settings(row="text_size")
    pilot.platform.feed(KeyEvent(R, True))
    pilot.settle()
    for _ in range(30):
        pilot.advance(0.1)
    pilot.platform.feed(KeyEvent(R, False))
    pilot.settle()
    assert [each.text_size for each in pilot.kept] == ["L"]


def test_the_largest_text_and_back_again_leaves_the_viewer_on_the_same_row() -> None:
    pilot = settings(row="text_size")
    pilot.press(R, R, L, L)
    assert [each.text_size for each in pilot.kept] == ["L", "XL", "L", "M"]
    assert pilot.focus == "text_size"
    pilot.press(Key.BACK)
    assert pilot.screen == "home"


def test_picture_edges_are_set_from_here_and_told() -> None:
    pilot = settings(row="edges")
    before = value(pilot, "edges")
    pilot.press(OK)
    assert pilot.screen == "edges"
    pilot.press(R, D, OK, L, OK)
    assert pilot.kept[-1].edges == (4, 4, 4, 0)
    assert (pilot.screen, pilot.focus) == ("settings", "edges")
    assert value(pilot, "edges") != before


def test_settings_open_from_every_state() -> None:
    pilot = Pilot(FakeGateway(documents.session("no_card", "C-01")))
    pilot.press(Key.MENU, OK)
    assert pilot.screen == "settings" and pilot.kept[-1].language != "ru"
    pilot.press(Key.BACK)
    assert pilot.screen == "state" and not pilot.shows("Вставьте")


def test_at_the_largest_size_home_leads_there_without_the_menu_key() -> None:
    pilot = Pilot(preferences=replace(STILL, text_size="XL"))
    for _ in range(12):
        if pilot.focus == "settings":
            break
        pilot.press(D)
    pilot.press(OK)
    assert pilot.screen == "settings"
    pilot.press(Key.BACK, U)
    assert pilot.screen == "home"
