"""The session decides what is on the screen: every state, the card out anywhere, last known sums, the clock."""

from __future__ import annotations

import pytest

from device.api.errors import ApiError
from stb_app.input.keys import Key
from stb_app.preferences import Preferences
from stb_app.router import LINK_GRACE_S
from tests.flows.places import OK, PRIVATE, WAYS, D, at
from tools.pilot import documents
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot

STATES = {
    "C-01": "no_card",
    **dict.fromkeys(("C-02", "C-03", "C-04", "C-05", "B-01", "B-02", "B-03"), "refused"),
    **dict.fromkeys(("N-01", "N-02", "N-03"), "offline"),
}
"""Code -> the session's state."""


def in_state(code: str) -> Pilot:
    gateway = FakeGateway(documents.session(STATES[code], code))
    gateway.unreachable = STATES[code] == "offline"
    return Pilot(gateway)


def test_each_state_has_its_screen_its_code_and_its_own_words() -> None:
    titles = set()
    for code in STATES:
        pilot = in_state(code)
        assert (pilot.screen, pilot.app.dump()["code"]) == ("state", code)
        titles.add(next(node["label"] for node in pilot.nodes() if node["id"] == "state_title"))
        assert pilot.shows(code) and pilot.shows("0890"), "code and number are on the screen"
        assert pilot.focus is not None
    assert len(titles) == len(STATES)


@pytest.mark.parametrize("code", sorted(STATES))
def test_help_and_paying_work_from_every_state(code: str) -> None:
    pilot = in_state(code)
    pilot.press(Key.INFO)
    assert pilot.screen == "help" and pilot.shows("0890") and pilot.shows(code)
    pilot.press(Key.BACK)
    assert pilot.screen == "state"
    pilot.press(Key.RED)
    assert pilot.screen == "pay"
    assert not any(private in text for text in pilot.texts() for private in ("1027", "1 284"))
    pilot.press(Key.BACK)
    assert pilot.screen == "state"


@pytest.mark.parametrize(("state", "code"), [("stopped", "A-01"), ("suspended", "A-02")])
def test_a_stopped_service_still_opens_its_account(state: str, code: str) -> None:
    gateway = FakeGateway()
    since, until = ("2026-11-01", None) if state == "stopped" else (None, "2026-12-01")
    gateway.bodies["/v1/account"] = documents.account(
        service={"state": state, "since": since, "until": until}, to_pay=documents.rub(74700)
    )
    pilot = Pilot(gateway)
    assert (pilot.screen, pilot.app.dump()["code"]) == ("state", code)
    assert pilot.shows("Оплатить 747 ₽")
    pilot.app._stage.set_focus("account")
    pilot.press(OK)
    assert pilot.screen == "home" and pilot.shows("1 284,50 ₽")
    pilot.press(Key.BACK)
    assert pilot.screen == "state"


def test_what_is_paid_brings_home_back_by_itself() -> None:
    gateway = FakeGateway()
    gateway.bodies["/v1/account"] = documents.account(service={"state": "stopped", "since": None, "until": None})
    pilot = Pilot(gateway)
    assert pilot.screen == "state"
    gateway.bodies["/v1/account"] = documents.account()
    assert gateway.listener is not None
    gateway.listener.event("account.changed", {})
    pilot.settle()
    assert pilot.screen == "home"


@pytest.mark.parametrize("screen", sorted(set(WAYS) - {"tv"}))
def test_the_card_out_anywhere_leaves_nothing_of_the_account(screen: str) -> None:
    pilot = at(screen)
    pilot.gateway.sign(documents.session("no_card", "C-01"))
    pilot.app.step()
    assert (pilot.screen, pilot.app.dump()["code"]) == ("state", "C-01"), "in the step that hears of it"
    left = [private for private in PRIVATE if pilot.shows(private)]
    assert not left
    pilot.settle()
    pilot.press(Key.BACK, Key.BACK)
    assert pilot.screen == "state"


def test_the_card_out_during_television_stays_television_and_forgets_the_account() -> None:
    pilot = at("tv")
    pilot.gateway.sign(documents.session("no_card", "C-01"))
    pilot.settle()
    assert pilot.screen == "tv"
    pilot.press(OK)
    assert (pilot.screen, pilot.app.dump()["code"]) == ("state", "C-01")


def test_an_answer_that_comes_after_the_card_is_out_shows_nothing() -> None:
    pilot = at("home")
    pilot.gateway.held = []
    pilot.press(Key.GREEN)
    pilot.gateway.sign(documents.session("no_card", "C-01"))
    pilot.settle()
    for answer in pilot.gateway.held:
        answer()
    pilot.settle()
    assert pilot.screen == "state"
    assert not [private for private in PRIVATE if pilot.shows(private)]


def test_another_card_shows_its_own_account_only() -> None:
    pilot = at("charges")
    pilot.gateway.bodies["/v1/account"] = documents.account(
        account_number="500000000001", balance=documents.rub(700), rooms=[], services=[]
    )
    pilot.gateway.sign(documents.session("signed_in", account_number="500000000001"))
    pilot.settle()
    assert pilot.screen == "home" and pilot.shows("7,00 ₽") and pilot.shows("5000 0000 0001")
    assert not pilot.shows("1 284,50") and not pilot.shows("Гостиная")


def test_the_card_back_in_opens_the_account_by_itself() -> None:
    pilot = in_state("C-01")
    pilot.gateway.sign(documents.session())
    pilot.settle()
    assert (pilot.screen, pilot.focus) == ("home", "pay")


def test_the_same_state_again_keeps_the_viewer_where_he_was() -> None:
    pilot = in_state("C-01")
    pilot.press(Key.INFO)
    pilot.gateway.sign(documents.session("no_card", "C-01"))
    pilot.settle()
    assert pilot.screen == "help"


def test_last_known_sums_are_marked_with_their_time() -> None:
    gateway = FakeGateway(documents.session("offline", "N-01"))
    gateway.stale, gateway.as_of = True, "2026-11-20T10:00:00Z"
    pilot = Pilot(gateway)
    assert pilot.screen == "home" and pilot.shows("1 284,50 ₽")
    balance = next(node for node in pilot.nodes() if node["id"] == "balance")
    assert "stale" in balance["state"]
    assert pilot.shows("20 ноября, 13:00")
    for key in (Key.GREEN, Key.YELLOW, Key.BLUE):
        pilot.press(key)
        assert pilot.shows("20 ноября, 13:00"), f"{pilot.screen} says that its sums are old"
        pilot.press(Key.BACK)


def test_fresh_sums_take_the_mark_away() -> None:
    gateway = FakeGateway(documents.session("offline", "N-01"))
    gateway.stale, gateway.as_of = True, "2026-11-20T10:00:00Z"
    pilot = Pilot(gateway)
    gateway.stale, gateway.as_of = False, documents.NOW
    gateway.sign(documents.session())
    pilot.settle()
    assert not any("stale" in node["state"] for node in pilot.nodes())
    assert not pilot.shows("20 ноября") and not pilot.shows("Нет связи")


def test_a_lost_connection_in_the_middle_keeps_the_screen_and_marks_it() -> None:
    pilot = at("month")
    pilot.gateway.unreachable = True
    pilot.gateway.sign(documents.session("offline", "N-01"))
    pilot.settle()
    assert pilot.screen == "month" and pilot.shows("1 300,00 ₽")
    assert pilot.shows("Нет связи")


def test_what_could_not_be_had_is_tried_again_without_a_key() -> None:
    gateway = FakeGateway()
    gateway.unreachable = True
    pilot = Pilot(gateway)
    assert (pilot.screen, pilot.app.dump()["code"]) == ("state", "N-02")
    gateway.unreachable = False
    pilot.advance(4.9)
    assert pilot.screen == "state"
    pilot.advance(0.2)
    assert pilot.screen == "home"


def test_trying_now_asks_at_once() -> None:
    pilot = in_state("N-01")
    pilot.gateway.unreachable = False
    pilot.gateway.session = documents.session()
    pilot.press(OK)
    assert pilot.screen == "home"


def test_a_wrong_clock_is_a_notice_and_the_time_is_the_services() -> None:
    pilot = Pilot(FakeGateway(documents.session(notices=["T-01"], clock_offset_s=-3 * 3600.0)))
    assert pilot.screen == "home" and pilot.shows("1 284,50 ₽")
    assert any(node["role"] == "notice" and "Часы приставки" in node["label"] for node in pilot.nodes())
    clock = next(node["label"] for node in pilot.nodes() if node["role"] == "clock")
    assert clock == "22:42", "the box is three hours slow"


def test_a_device_service_that_restarts_is_waited_for_before_it_is_a_fault() -> None:
    pilot = at("home")
    listener = pilot.gateway.listener
    assert listener is not None
    listener.disconnected(ApiError("gone", code="device_unreachable"))
    pilot.settle()
    assert pilot.screen == "start"
    assert not [private for private in PRIVATE if pilot.shows(private)]
    pilot.advance(LINK_GRACE_S)
    assert (pilot.screen, pilot.app.dump()["code"]) == ("state", "B-04")
    listener.connected()
    pilot.settle()
    assert pilot.screen == "home" and pilot.shows("1 284,50 ₽")


def test_an_answer_of_another_shape_is_a_state_and_no_crash() -> None:
    gateway = FakeGateway()
    gateway.bodies["/v1/account"] = {"account_number": 5}
    pilot = Pilot(gateway)
    assert (pilot.screen, pilot.app.dump()["code"]) == ("state", "N-02")
    pilot.press(Key.INFO, Key.BACK, Key.RED, D, Key.BACK)
    assert pilot.screen == "state"


def test_every_language_says_the_balance() -> None:
    shown = {language: Pilot(preferences=Preferences(language, motion=False)) for language in ("ru", "en", "sk", "es")}
    assert shown["ru"].shows("1 284,50 ₽") and shown["sk"].shows("1 284,50 ₽")
    assert shown["en"].shows("₽1,284.50") and shown["es"].shows("1.284,50 ₽")
    assert {pilot.app.dump()["language"] for pilot in shown.values()} == set(shown)


def test_another_operator_is_another_name_and_other_numbers() -> None:
    gateway = FakeGateway(documents.session("no_card", "C-01"))
    pilot = Pilot(gateway, operator="polaris")
    assert pilot.shows("0800 123 987") and not pilot.shows("0890")
