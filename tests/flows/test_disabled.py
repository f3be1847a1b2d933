"""What does nothing now can be reached, says why, and does nothing; a button may do an action whatever the screen."""

from __future__ import annotations

from typing import ClassVar

from stb_app.navigation import Destination, Open, Stay
from stb_app.screens.base import Frame, Screen, View
from stb_app.screens.frame import page
from stb_app.toolkit.elements import Column
from stb_app.toolkit.stage import Page
from stb_app.toolkit.states import dimmed
from stb_app.toolkit.widgets import button
from tests.flows.places import OK, D
from tools.pilot.pilot import Pilot


class Mixed(Screen):
    """A button, a dim one, and a button that asks for help."""

    name: ClassVar[str] = "mixed"

    def __init__(self) -> None:
        self.chosen: list[str] = []

    def build(self, view: View, frame: Frame) -> Page:
        helps = button("helps", "Help me")
        helps.does = "help"
        dim = dimmed("promise", "Promised payment", "Only below 50 ₽")
        dim.confirms = True
        return page(self, view, frame, Column([button("first", "First"), dim, helps], gap="medium"))

    def select(self, focus: str, view: View) -> Destination:
        self.chosen.append(focus)
        return Stay()


def mixed() -> tuple[Pilot, Mixed]:
    pilot, screen = Pilot(), Mixed()
    pilot.app._go(Open(screen))
    pilot.settle()
    return pilot, screen


def test_a_dim_thing_is_reached_says_why_and_does_nothing() -> None:
    pilot, screen = mixed()
    pilot.press(OK, D)
    node = next(node for node in pilot.nodes() if node["id"] == "promise")
    assert pilot.focus == "promise" and node["state"] == ["disabled", "focused"] and node["value"] == "Only below 50 ₽"
    pilot.press(OK)
    assert screen.chosen == ["first"] and pilot.screen == "mixed"


def test_a_button_may_do_an_action_of_the_keymap() -> None:
    pilot, screen = mixed()
    pilot.press(D, D, OK)
    assert pilot.screen == "help" and screen.chosen == []
