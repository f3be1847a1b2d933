"""A month of a thousand entries in the real app: opened, walked, paged, and left like one of a dozen."""

from __future__ import annotations

from collections.abc import Sequence

import pygame
import pytest

from stb_app.account.models import Entry, Message
from stb_app.input.keys import Key, KeyEvent
from stb_app.preferences import Preferences
from stb_app.screens import messages as messages_screen
from stb_app.screens.base import View
from stb_app.screens.texts import entry_title
from stb_app.toolkit.elements import Focusable
from tests.flows.places import OK, D, U
from tests.screens.checks import findings
from tests.screens.stress import many_entries
from tools.bench.ui_app import gateway_with_messages
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot, SteppedPlatform

MANY = 1000


def opened(count: int = MANY, size: str = "M") -> Pilot:
    gateway = FakeGateway()
    gateway.bodies["/v1/ledger/entries"] = many_entries(count)
    pilot = Pilot(gateway, Preferences("ru", size, motion=False))
    pilot.press(Key.GREEN, OK)
    assert (pilot.screen, pilot.focus) == ("month", "entry.e0")
    return pilot


class Watched(SteppedPlatform):
    """Notes at each present how many rows were made until then."""

    def __init__(self, made: list[str]) -> None:
        super().__init__((1920, 1080))
        self._made = made
        self.seen = 0

    def present(self, rects: Sequence[pygame.Rect]) -> None:
        super().present(rects)
        self.seen = len(self._made)


def test_the_next_row_is_made_before_its_key_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = messages_screen._row

    def counted(message: Message, view: View) -> Focusable:
        made.append(message.id)
        return make(message, view)

    monkeypatch.setattr(messages_screen, "_row", counted)
    platform = Watched(made)
    pilot = Pilot(gateway_with_messages(100), Preferences("ru", "M", motion=False), platform=platform)
    pilot.press(Key.BLUE)
    for number in range(1, 20):
        before = len(made)
        pilot.press(D)
        assert (pilot.focus, platform.seen) == (f"message.m{number}", before)
    assert 20 < len(made) < 40


def position(pilot: Pilot) -> str:
    return next(str(node["label"]) for node in pilot.nodes() if node["role"] == "position")


@pytest.mark.parametrize(("size", "count"), [("M", MANY), ("XL", 200)])
def test_pages_lead_through_many_entries(size: str, count: int) -> None:
    pilot = opened(count, size)
    assert position(pilot) == f"1 из {count}"
    pilot.press(D, Key.PAGE_DOWN)
    first = pilot.focus
    assert first is not None and int(first.removeprefix("entry.e")) > 1
    assert list(findings(pilot)) == []
    pilot.press(Key.PAGE_UP)
    assert pilot.focus == "entry.e1"
    while pilot.focus != f"entry.e{count - 1}":
        before = pilot.focus
        pilot.press(Key.PAGE_DOWN)
        assert pilot.focus != before
    assert position(pilot) == f"{count} из {count}" and list(findings(pilot)) == []
    pilot.press(Key.PAGE_DOWN)
    assert pilot.focus == f"entry.e{count - 1}"


def test_a_held_page_key_goes_on_and_stops_with_the_release() -> None:
    pilot = opened()
    pilot.platform.feed(KeyEvent(Key.PAGE_DOWN, True))
    pilot.settle()
    seen = [pilot.focus]
    for wait in (0.5, 0.125, 0.125):
        pilot.advance(wait)
        seen.append(pilot.focus)
    assert len(set(seen)) == 4
    pilot.platform.feed(KeyEvent(Key.PAGE_DOWN, False))
    pilot.settle()
    pilot.advance(2)
    assert pilot.focus == seen[-1]


def test_coming_back_from_help_finds_the_same_entry_in_the_same_place() -> None:
    pilot = opened()
    pilot.press(*[Key.PAGE_DOWN] * 30, U)
    before = pilot.app.dump()
    pilot.press(Key.INFO, Key.BACK)
    assert pilot.app.dump() == before


def test_an_entry_that_comes_on_top_leaves_the_viewer_where_he_is() -> None:
    pilot = opened()
    pilot.press(*[Key.PAGE_DOWN] * 30)
    focus = pilot.focus
    body = many_entries(MANY)
    body["items"].insert(0, {**body["items"][0], "id": "new"})
    pilot.gateway.bodies["/v1/ledger/entries"] = body
    pilot.app.store.refresh()
    pilot.settle()
    assert pilot.focus == focus and position(pilot).endswith("из 1001")


def test_few_rows_are_made_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(entry: Entry, view: View) -> str:
        made.append(entry.id)
        return entry_title(entry, view)

    monkeypatch.setattr("stb_app.screens.month.entry_title", counted)
    costs = []
    for count in (12, MANY):
        pilot = opened(count)
        pilot.press(D, D, D, D, D, D)
        costs.append(len(made))
        made.clear()
    assert costs[0] == costs[1] < 40


def test_pages_do_nothing_where_there_is_no_list() -> None:
    pilot = Pilot()
    shown = pilot.platform.presents
    pilot.press(Key.PAGE_DOWN, Key.PAGE_UP)
    assert pilot.focus == "pay" and pilot.platform.presents == shown


def test_a_list_goes_on_before_its_end_is_reached() -> None:
    gateway = FakeGateway()
    whole = many_entries(450)["items"]
    for start in range(0, 450, 200):
        path = "/v1/ledger/entries" + (f"?cursor=c{start}" if start else "")
        cursor = f"c{start + 200}" if start + 200 < 450 else None
        gateway.bodies[path] = {"items": whole[start : start + 200], "next_cursor": cursor}
    pilot = Pilot(gateway)
    pilot.press(Key.GREEN, OK)
    assert position(pilot) == "1 из 200+"
    turns = 0
    while pilot.focus != "entry.e449":
        pilot.press(Key.PAGE_DOWN)
        turns += 1
        assert turns < 150, "the end is never reached"
    assert position(pilot) == "450 из 450"
    pilot.press(Key.DIGIT_2, Key.DIGIT_5, Key.DIGIT_0)
    assert pilot.focus == "entry.e249"
