"""An answer that is awaited, that does not come, that holds nothing, that is old: said the same way on every screen."""

from __future__ import annotations

from typing import Any

import pytest

from stb_app.app import RETRY_S
from stb_app.input.keys import Key
from stb_app.patience import SLOW_S, SOON_S, TOO_LONG_S
from stb_app.preferences import Preferences
from tests.flows.places import OK, D
from tests.screens import stress
from tests.screens.checks import findings
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot

OPENS = {"messages": Key.BLUE, "charges": Key.GREEN}


def held(screen: str = "messages", size: str = "M") -> tuple[Pilot, FakeGateway]:
    """The screen was opened, and its answers are on their way."""
    gateway = FakeGateway()
    pilot = Pilot(gateway, Preferences("ru", size, motion=False))
    gateway.held = []
    pilot.press(OPENS[screen])
    assert pilot.screen == screen
    return pilot, gateway


def standing(pilot: Pilot) -> dict[str, Any] | None:
    return next((node for node in pilot.nodes() if node["role"] == "status"), None)


def arrive(pilot: Pilot, gateway: FakeGateway) -> None:
    answers, gateway.held = gateway.held or [], None
    for answer in answers:
        answer()
    pilot.settle()


@pytest.mark.parametrize("screen", sorted(OPENS))
def test_an_answer_that_comes_soon_is_not_announced(screen: str) -> None:
    pilot, gateway = held(screen)
    assert standing(pilot) is None
    pilot.advance(SOON_S - 0.01)
    assert standing(pilot) is None
    arrive(pilot, gateway)
    assert standing(pilot) is None and pilot.focus is not None


@pytest.mark.parametrize("size", ["M", "XL"])
def test_the_longer_it_takes_the_more_is_said(size: str) -> None:
    pilot, gateway = held(size=size)
    said = []
    for wait in (SOON_S, SLOW_S - SOON_S, TOO_LONG_S - SLOW_S):
        pilot.advance(wait)
        node = standing(pilot)
        assert node is not None and "loading" in node["state"]
        said.append(node["value"])
        assert list(findings(pilot)) == []
    assert said[0] == "" and len(set(said)) == 3 and pilot.shows("0890")
    assert pilot.focus is not None, "now there is something to do"
    arrive(pilot, gateway)
    assert standing(pilot) is None and pilot.focus == "message.m2"


def test_the_loop_wakes_for_each_mark_and_not_between() -> None:
    pilot, _ = held()
    pilot.settle()
    left = []
    for wait in (SOON_S, SLOW_S - SOON_S, TOO_LONG_S - SLOW_S):
        timeout = pilot.app._timeout()
        assert timeout is not None
        left.append(timeout)
        presents = pilot.platform.presents
        pilot.advance(wait / 2)
        assert pilot.platform.presents == presents
        pilot.advance(wait / 2)
        assert pilot.platform.presents == presents + 1
    assert left == pytest.approx([SOON_S, SLOW_S - SOON_S, TOO_LONG_S - SLOW_S])


def test_what_does_not_come_says_what_code_and_what_to_do_and_comes_back_by_itself() -> None:
    gateway = FakeGateway()
    pilot = Pilot(gateway)
    gateway.unreachable = True
    pilot.press(Key.BLUE)
    node = standing(pilot)
    assert node is not None and node["state"] == ["error"] and node["label"] == "Нет связи с оператором"
    assert "N-01" in node["value"] and "0890" in node["value"]
    gateway.unreachable = False
    pilot.advance(RETRY_S)
    pilot.advance(RETRY_S)
    assert standing(pilot) is None and pilot.focus == "message.m2"


@pytest.mark.parametrize("size", ["M", "XL"])
def test_who_does_not_want_to_wait_tries_now(size: str) -> None:
    gateway = FakeGateway()
    pilot = Pilot(gateway, Preferences("ru", size, motion=False))
    gateway.unreachable = True
    pilot.press(Key.BLUE)
    if size == "M":
        assert pilot.focus == "try_now"
    else:
        pilot.press(D)
        assert pilot.focus == "text.1", "what is read does it too"
    gateway.unreachable = False
    pilot.press(OK)
    assert pilot.focus == "message.m2"


@pytest.mark.parametrize(("key", "said"), [(Key.BLUE, "Сообщений пока нет"), (Key.YELLOW, "Ничего не подключено")])
@pytest.mark.parametrize("size", ["M", "XL"])
def test_nothing_is_said_to_be_nothing_and_no_key_offers_to_open_it(key: Key, said: str, size: str) -> None:
    pilot = Pilot(stress.empty(), Preferences("ru", size, motion=False))
    pilot.press(key)
    node = standing(pilot)
    assert node is not None and node["label"] == said and node["state"] == []
    assert "OK" not in [each["value"] for each in pilot.nodes() if each["role"] == "hint"]


def test_no_months_at_all_are_nothing_and_not_a_blank() -> None:
    gateway = FakeGateway()
    gateway.bodies["/v1/ledger/months"] = {"items": []}
    pilot = Pilot(gateway)
    pilot.press(Key.GREEN)
    node = standing(pilot)
    assert node is not None and node["label"] == "Расходов пока нет"


def test_a_list_that_is_old_says_since_when() -> None:
    gateway = FakeGateway()
    pilot = Pilot(gateway)
    gateway.stale = True
    pilot.press(Key.BLUE)
    assert pilot.focus == "message.m2"
    notice = next(node for node in pilot.nodes() if node["role"] == "notice")
    assert "19:42" in notice["label"]
