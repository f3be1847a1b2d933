"""A viewer's ways through the account, by the keys of the remote."""

from __future__ import annotations

import pytest

from stb_app.input.keys import Key
from tests.flows.places import OK, WAYS, D, L, R, at
from tools.pilot import documents
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot, plain


def test_the_balance_shows_without_a_key() -> None:
    pilot = Pilot()
    assert (pilot.screen, pilot.focus) == ("home", "pay")
    assert pilot.shows("1 284,50 ₽") and pilot.shows("Хватит до 31 декабря") and pilot.shows("1027 3345 8021")
    balance = next(node for node in pilot.nodes() if node["role"] == "sum" and node["label"] == "Баланс")
    assert plain(balance["value"]) == "1 284,50 ₽"


def test_the_first_picture_needs_nobody() -> None:
    """Before the device service has said anything there is a picture, and it takes keys."""
    gateway = FakeGateway()
    gateway.held = []
    pilot = Pilot(gateway)
    assert pilot.screen == "start" and pilot.platform.presents >= 1
    pilot.press(Key.EXIT)
    assert pilot.screen == "tv"


def test_charges_month_and_back_keep_the_focus() -> None:
    pilot = at("home")
    pilot.press(R, Key.UP, R, R)
    assert pilot.focus == "charges"
    pilot.press(OK, L, L)
    assert (pilot.screen, pilot.focus) == ("charges", "month.2026-09")
    assert pilot.shows("Сентябрь")
    pilot.press(OK, D, D)
    assert (pilot.screen, pilot.focus) == ("month", "entry.e3")
    asked = [params["query"]["month"] for _, params in pilot.gateway.calls if "entries" in params.get("path", "")]
    assert asked[-1] == "2026-09"
    pilot.press(Key.BACK)
    assert (pilot.screen, pilot.focus) == ("charges", "month.2026-09")
    pilot.press(Key.BACK)
    assert (pilot.screen, pilot.focus) == ("home", "charges")


@pytest.mark.parametrize(
    ("key", "screen"),
    [(Key.RED, "pay"), (Key.GREEN, "charges"), (Key.YELLOW, "services"), (Key.BLUE, "messages"), (Key.INFO, "help")],
)
def test_a_colour_key_leads_there_and_back_leads_home(key: Key, screen: str) -> None:
    pilot = at("home")
    pilot.press(R, key)
    assert pilot.screen == screen
    pilot.press(Key.BACK)
    assert (pilot.screen, pilot.focus) == ("home", "messages")


def test_the_footer_offers_only_keys_that_do_it() -> None:
    """Each hint of home, pressed, opens what it says."""
    keys = {"К": Key.RED, "З": Key.GREEN, "Ж": Key.YELLOW, "С": Key.BLUE, "МЕНЮ": Key.MENU, "INFO": Key.INFO}
    titles = {"Оплатить": "pay", "Расходы": "charges", "Пакеты": "services", "Помощь": "help", "Сообщения": "messages",
              "Настройки": "settings"}  # fmt: skip
    hints = [(node["value"], node["label"]) for node in at("home").nodes() if node["role"] == "hint"]
    assert len(hints) >= 4
    for key, label in hints:
        if key in keys:
            pilot = at("home")
            pilot.press(keys[key])
            assert pilot.screen == titles[label], (key, label)


@pytest.mark.parametrize("screen", sorted(set(WAYS) - {"home"}))
@pytest.mark.parametrize("key", [Key.HOME, Key.MENU])
def test_home_comes_from_everywhere(screen: str, key: Key) -> None:
    pilot = at(screen)
    pilot.press(key)
    assert pilot.screen == "home" and pilot.focus is not None


def test_home_from_the_depth_leaves_no_way_back_into_it() -> None:
    pilot = at("month")
    pilot.press(Key.INFO, Key.HOME, Key.BACK)
    assert (pilot.screen, pilot.focus) == ("home", "pay")


@pytest.mark.parametrize("screen", sorted(WAYS))
def test_exit_leads_to_television_and_ok_back_home(screen: str) -> None:
    pilot = at(screen)
    pilot.press(Key.EXIT)
    assert pilot.screen == "tv"
    assert not pilot.shows("1 284,50")
    pilot.press(OK)
    assert pilot.screen == "home"


@pytest.mark.parametrize("screen", sorted(set(WAYS) - {"home", "tv"}))
def test_back_is_one_step(screen: str) -> None:
    pilot = at(screen)
    pilot.press(Key.BACK)
    below = {"month": "charges", "message": "messages", "edges": "settings"}
    assert pilot.screen == below.get(screen, "home")


def test_leaving_for_television_again_and_again_piles_up_nothing() -> None:
    pilot = at("month")
    pilot.press(Key.EXIT, Key.EXIT, Key.EXIT)
    assert len(pilot.app._history) == 2


def test_back_on_home_does_nothing() -> None:
    pilot = at("home")
    shown = pilot.platform.presents
    pilot.press(Key.BACK)
    assert pilot.screen == "home" and pilot.platform.presents == shown


def test_keys_that_do_nothing_here_paint_nothing() -> None:
    pilot = at("home")
    shown = pilot.platform.presents
    pilot.press(Key.MUTE, Key.DIGIT_5, Key.PAGE_DOWN, L)
    assert (pilot.platform.presents, pilot.focus) == (shown, "pay")


def test_an_idle_screen_paints_nothing_but_the_minute() -> None:
    pilot = at("home")
    shown = pilot.platform.presents
    for _ in range(59):
        pilot.advance(1)
    assert pilot.platform.presents == shown
    pilot.advance(1)
    assert pilot.platform.presents == shown + 1
    assert pilot.shows("19:43")


def test_what_changed_at_the_operator_shows_without_a_key() -> None:
    pilot = at("home")
    pilot.gateway.bodies["/v1/account"] = documents.account(balance=documents.rub(50000))
    assert pilot.gateway.listener is not None
    pilot.gateway.listener.event("account.changed", {})
    pilot.settle()
    assert pilot.shows("500,00 ₽") and not pilot.shows("1 284,50")
    assert pilot.focus == "pay"


def test_a_list_that_changes_keeps_the_focus_on_what_it_was_on() -> None:
    pilot = at("services")
    pilot.press(D, D)
    assert pilot.focus == "service.package.kids"
    account = documents.account()
    del account["services"][1]
    pilot.gateway.bodies["/v1/account"] = account
    pilot.app.store.refresh()
    pilot.settle()
    assert pilot.focus == "service.package.kids"
    del account["services"][1]
    pilot.gateway.bodies["/v1/account"] = dict(account)
    pilot.app.store.refresh()
    pilot.settle()
    assert pilot.focus in ("service.tariff.basic", "service.package.learn")


def test_the_position_in_a_list_is_said() -> None:
    pilot = at("services")
    pilot.press(D)
    assert pilot.shows("2 из 5")


def test_paying_says_the_whole_number_on_the_screen_and_in_a_code() -> None:
    pilot = at("pay")
    assert pilot.shows("1027 3345 8021")
    assert any(node["role"] == "image" for node in pilot.nodes())
