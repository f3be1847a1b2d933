"""What a viewer edits gets the keys first; what it leaves goes on to the keymap, the screen and the app."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from stb_app.controls.port import Cancelled, Changed, Control, Done, Ignored, Outcome, Phase, Press
from stb_app.controls.toggle import Toggle
from stb_app.input.keys import Key, KeyEvent
from stb_app.navigation import Ask, Back, Destination, Open, Stay
from stb_app.preferences import Preferences
from stb_app.screens.base import Frame, Modal, Screen, View
from stb_app.screens.frame import page
from stb_app.toolkit.elements import Column, Focusable, Text
from stb_app.toolkit.entry_widgets import toggle
from stb_app.toolkit.stage import Page
from stb_app.toolkit.theme import TEXT_SIZES
from stb_app.toolkit.widgets import button
from tests.flows.places import OK, D, L, R
from tests.screens.checks import findings
from tools.pilot.pilot import Pilot


class Counter:
    """RIGHT counts, OK is done, RED gives up; keeps all that it was given."""

    context: ClassVar[str] = "number"

    def __init__(self) -> None:
        self.value = 0
        self.given: list[Press] = []

    def handle(self, press: Press) -> Outcome:
        self.given.append(press)
        if press.key is Key.RIGHT and press.phase in (Phase.MAKE, Phase.REPEAT):
            self.value += 1
            return Changed()
        if press.phase is not Phase.MAKE:
            return Ignored()
        outcomes: dict[Key, Outcome] = {OK: Done(self.value), Key.RED: Cancelled()}
        return outcomes.get(press.key, Ignored())


class Settings(Screen):
    """Two switches, a counter and a button, as a settings screen has them."""

    name: ClassVar[str] = "settings"

    def __init__(self) -> None:
        self.controls: dict[str, Control] = {"speech": Toggle(False), "dim": Toggle(True), "count": Counter()}
        self.told: list[tuple[str, Any]] = []
        self.leads: Destination = Stay()

    def build(self, view: View, frame: Frame) -> Page:
        rows = []
        for name, control in self.controls.items():
            if isinstance(control, Toggle):
                rows.append(toggle(name, name.title(), control, ("Выключено", "Включено")))
            elif isinstance(control, Counter):
                said = Text(f"{control.value}", "row")
                rows.append(Focusable(name, "number", "Count", said, f"{control.value}", control=control))
        return page(self, view, frame, Column([*rows, button("close", "Close")], gap="medium"), title="Settings")

    def finished(self, control: str, value: Any, view: View) -> Destination:
        self.told.append((control, value))
        return self.leads

    def answered(self, name: str, result: Any, view: View) -> Destination:
        self.told.append((name, result))
        return Stay()

    def cancelled(self, control: str, view: View) -> Destination:
        self.told.append((control, "cancelled"))
        return Stay()


def settings(size: str = "M") -> tuple[Pilot, Settings]:
    pilot, screen = Pilot(preferences=Preferences("ru", size, motion=False)), Settings()
    pilot.app._go(Open(screen))
    pilot.settle()
    assert pilot.focus == "speech"
    return pilot, screen


def node(pilot: Pilot, name: str) -> dict[str, Any]:
    return next(each for each in pilot.nodes() if each["id"] == name)


def test_ok_turns_a_switch_and_the_screen_is_told_and_shows_it() -> None:
    pilot, screen = settings()
    assert node(pilot, "speech")["value"] == "Выключено" and node(pilot, "dim")["state"] == ["selected"]
    pilot.press(OK)
    assert screen.told == [("speech", True)]
    assert node(pilot, "speech")["value"] == "Включено"
    assert node(pilot, "speech")["state"] == ["selected", "focused"]
    pilot.press(OK)
    assert screen.told[-1] == ("speech", False) and node(pilot, "speech")["state"] == ["focused"]


@pytest.mark.parametrize("size", TEXT_SIZES)
def test_a_switch_looks_sound_on_and_off(size: str) -> None:
    pilot, _ = settings(size)
    assert list(findings(pilot)) == []
    pilot.press(OK, D)
    assert list(findings(pilot)) == []


def test_what_a_control_leaves_goes_on() -> None:
    pilot, screen = settings()
    pilot.press(D, D)
    assert pilot.focus == "count"
    pilot.press(L, D)
    assert pilot.focus == "close"
    pilot.press(Key.INFO)
    assert pilot.screen == "help"
    pilot.press(Key.BACK)
    assert (pilot.screen, pilot.focus) == ("settings", "close")
    assert screen.told == [("help", None)]


def test_a_control_takes_keys_of_the_keymap_for_itself() -> None:
    pilot, screen = settings()
    pilot.press(D, D, Key.RED)
    assert pilot.screen == "settings" and screen.told == [("count", "cancelled")]
    pilot.press(R, R, OK)
    assert screen.told[-1] == ("count", 2) and node(pilot, "count")["value"] == "2"


def test_what_was_entered_may_lead_on() -> None:
    pilot, screen = settings()
    screen.leads = Back()
    pilot.press(OK)
    assert pilot.screen == "home"


def test_a_held_key_repeats_in_the_control_that_saw_it_go_down() -> None:
    pilot, screen = settings()
    counter = screen.controls["count"]
    assert isinstance(counter, Counter)
    pilot.press(D, D)
    counter.given.clear()
    pilot.platform.feed(KeyEvent(R, True))
    pilot.settle()
    pilot.advance(0.5)
    pilot.advance(0.125)
    pilot.platform.feed(KeyEvent(R, False))
    pilot.settle()
    phases = [press.phase for press in counter.given]
    assert phases == [Phase.MAKE, Phase.REPEAT, Phase.REPEAT, Phase.BREAK] and counter.value == 3


def test_a_held_arrow_passes_a_control_that_did_not_see_it() -> None:
    pilot, screen = settings()
    counter = screen.controls["count"]
    assert isinstance(counter, Counter)
    pilot.platform.feed(KeyEvent(D, True))
    pilot.settle()
    pilot.advance(0.5)
    assert pilot.focus == "count"
    pilot.advance(0.125)
    assert pilot.focus == "close", "the repeat goes by, and edits nothing on its way"
    pilot.platform.feed(KeyEvent(D, False))
    pilot.settle()
    assert counter.given == []


def test_two_presses_at_once_both_count() -> None:
    pilot, screen = settings()
    for pressed in (True, False, True, False):
        pilot.platform.feed(KeyEvent(OK, pressed))
    pilot.settle()
    assert screen.told == [("speech", True), ("speech", False)]


class PinLike(Modal):
    """A question that a control answers."""

    name: ClassVar[str] = "pin"

    def __init__(self) -> None:
        super().__init__("pin")
        self.control = Counter()

    def build(self, view: View, frame: Frame) -> Page:
        said = Text(f"{self.control.value}", "row")
        return Page(self.name, Focusable("pad", "pin", "PIN", said, control=self.control))

    def finished(self, control: str, value: Any, view: View) -> Destination:
        return Back(value)


def test_a_control_in_a_modal_answers_it_and_gives_up() -> None:
    for keys, result in (((R, R, R, OK), 3), ((Key.RED,), None), ((R, Key.BACK), None)):
        pilot, screen = settings()
        pilot.app._go(Ask(PinLike()))
        pilot.settle()
        assert pilot.screen == "pin"
        pilot.press(*keys)
        assert pilot.screen == "settings"
        assert screen.told == [("pin", result)], "the screen below is answered, and not asked"
