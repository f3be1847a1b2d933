"""Spending needs a fresh press and its release: through the real app, on a page, in a question, on a coloured key."""

from __future__ import annotations

from typing import ClassVar

from stb_app.input.keys import Key, KeyEvent
from stb_app.navigation import Ask, Destination, Open, Stay
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.dialog import Choice, Dialog
from stb_app.screens.frame import page
from stb_app.toolkit.elements import Column
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import button
from tools.pilot import documents
from tools.pilot.pilot import Pilot

OK, DOWN = Key.OK, Key.DOWN


class Shop(Screen):
    """Two things to buy, one that only opens a question, and a coloured key that buys (a key of ``charges``)."""

    name: ClassVar[str] = "charges"

    def __init__(self) -> None:
        self.price = "340 ₽"
        self.bought: list[str] = []

    def offers(self, view: View) -> list[Offer]:
        return [Offer("pay", "Pay now", confirms=True)]

    def build(self, view: View, frame: Frame) -> Page:
        first, second, asks = button("sport", "Спорт"), button("kids", "Детский"), button("ask", "Спросить")
        first.confirms = second.confirms = True
        first.value = self.price
        return page(self, view, frame, Column([first, second, asks]), title="Shop")

    def select(self, focus: str, view: View) -> Destination:
        if focus == "ask":
            choices = (Choice("yes", "Подключить", confirms=True), Choice("no", "Оставить"))
            return Ask(Dialog("connect", "Подключить?", "340 ₽", choices))
        self.bought.append(focus)
        return Stay()

    def act(self, action: str, view: View) -> Destination | None:
        if action != "pay":
            return None
        self.bought.append("pay")
        return Stay()

    def answered(self, name: str, result: object, view: View) -> Destination:
        self.bought.append(str(result))
        return Stay()


def opened() -> tuple[Pilot, Shop]:
    pilot, shop = Pilot(), Shop()
    pilot.app.post(lambda: pilot.app._go(Open(shop)))
    pilot.settle()
    assert pilot.focus == "sport"
    return pilot, shop


def feed(pilot: Pilot, key: Key, pressed: bool, *, lost: bool = False) -> None:
    pilot.platform.feed(KeyEvent(key, pressed, lost=lost))
    pilot.settle()


def test_it_is_bought_with_the_release_and_once() -> None:
    pilot, shop = opened()
    feed(pilot, OK, True)
    assert shop.bought == []
    feed(pilot, OK, False)
    assert shop.bought == ["sport"]
    feed(pilot, OK, False)
    assert shop.bought == ["sport"]


def test_a_held_ok_buys_once() -> None:
    pilot, shop = opened()
    feed(pilot, OK, True)
    for _ in range(20):
        pilot.advance(0.3)
    assert shop.bought == []
    feed(pilot, OK, False)
    assert shop.bought == ["sport"]


def test_an_ok_that_was_pressed_before_the_screen_came_buys_nothing() -> None:
    pilot, shop = Pilot(), Shop()
    feed(pilot, OK, True)
    pilot.app.post(lambda: pilot.app._go(Open(shop)))
    pilot.settle()
    feed(pilot, OK, False)
    assert shop.bought == []
    pilot.press(OK)
    assert shop.bought == ["sport"]


def test_the_press_that_opens_a_question_does_not_answer_it() -> None:
    pilot, shop = opened()
    pilot.press(DOWN, DOWN)
    feed(pilot, OK, True)
    assert (pilot.screen, pilot.focus) == ("dialog", "answer.yes")
    pilot.advance(2.0)
    feed(pilot, OK, False)
    assert pilot.screen == "dialog" and shop.bought == []
    pilot.press(OK)
    assert shop.bought == ["yes"]


def test_moving_on_with_ok_held_buys_neither() -> None:
    pilot, shop = opened()
    feed(pilot, OK, True)
    pilot.press(DOWN)
    assert pilot.focus == "kids"
    feed(pilot, OK, False)
    assert shop.bought == []


def test_a_price_that_changes_under_the_finger_is_not_paid() -> None:
    pilot, shop = opened()
    feed(pilot, OK, True)
    shop.price = "341 ₽"
    pilot.app._invalidate()
    pilot.settle()
    feed(pilot, OK, False)
    assert shop.bought == []
    pilot.press(OK)
    assert shop.bought == ["sport"]


def test_a_remote_that_goes_away_buys_nothing() -> None:
    pilot, shop = opened()
    feed(pilot, OK, True)
    feed(pilot, OK, False, lost=True)
    assert shop.bought == []
    pilot.press(OK)
    assert shop.bought == ["sport"]


def test_a_session_that_ends_under_the_finger_buys_nothing() -> None:
    pilot, shop = opened()
    feed(pilot, OK, True)
    pilot.gateway.sign(documents.session("no_card", "C-01"))
    pilot.settle()
    feed(pilot, OK, False)
    assert pilot.screen == "state" and shop.bought == []


def test_a_coloured_key_that_spends_waits_for_its_release_too() -> None:
    pilot, shop = opened()
    feed(pilot, Key.RED, True)
    assert shop.bought == []
    feed(pilot, Key.RED, False)
    assert shop.bought == ["pay"]
    feed(pilot, Key.RED, True)
    pilot.press(DOWN)
    feed(pilot, Key.RED, False)
    assert shop.bought == ["pay"]
