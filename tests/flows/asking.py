"""A screen of the real app that asks for something, for the tests of what a viewer enters over it."""

from __future__ import annotations

from typing import Any, ClassVar

from stb_app.navigation import Ask, Destination, Open, Stay
from stb_app.preferences import Preferences
from stb_app.screens.base import Frame, Modal, Screen, View
from stb_app.screens.frame import page
from stb_app.toolkit.elements import Column
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import button
from tests.flows.places import OK
from tests.screens.checks import findings
from tools.pilot.pilot import Pilot


class Asker(Screen):
    """OK on its button asks; it keeps what it is answered, and asks ``again`` where there is more to ask."""

    name: ClassVar[str] = "asker"

    def __init__(self, asked: Modal) -> None:
        self.asked = asked
        self.told: list[tuple[str, Any]] = []
        self.again: list[Modal] = []

    def build(self, view: View, frame: Frame) -> Page:
        return page(self, view, frame, Column([button("ask", "Спросить")]), title="Asker")

    def select(self, focus: str, view: View) -> Destination:
        return Ask(self.asked)

    def answered(self, name: str, result: Any, view: View) -> Destination:
        self.told.append((name, result))
        return Ask(self.again.pop(0)) if self.again else Stay()


def asking(asked: Modal, size: str = "M", language: str = "ru", height: int = 1080) -> tuple[Pilot, Asker]:
    """The dialog is open."""
    pilot, asker = Pilot(preferences=Preferences(language, size, motion=False), height=height), Asker(asked)
    pilot.app._go(Open(asker))
    pilot.settle()
    pilot.press(OK)
    assert pilot.screen == asked.name
    return pilot, asker


def unsound(pilot: Pilot) -> list[str]:
    """The findings of the walk at every focus of the page as it stands."""
    found = list(findings(pilot))
    start = pilot.focus
    for name in list(pilot.app._stage._scene.focusables):
        pilot.app._stage.set_focus(name)
        found += [f"{name}: {finding}" for finding in findings(pilot)]
    if start is not None:
        pilot.app._stage.set_focus(start)
    return found
