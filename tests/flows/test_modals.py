"""Questions over a screen: the focus stays inside, BACK gives up, the asker is answered, the page keeps still."""

from __future__ import annotations

from typing import Any, ClassVar

import pygame
import pytest

from stb_app.input.keys import Key, KeyEvent
from stb_app.navigation import Ask, Back, Destination, Home, Open, Stay
from stb_app.preferences import Preferences
from stb_app.screens.base import Frame, Screen, View
from stb_app.screens.dialog import Choice, Dialog
from stb_app.screens.frame import page
from stb_app.screens.help import HelpScreen
from stb_app.screens.lists import listing, position
from stb_app.toolkit.elements import Element
from stb_app.toolkit.stage import Page
from stb_app.toolkit.theme import TEXT_SIZES
from stb_app.toolkit.widgets import button
from tests.flows.places import OK, D, L, R, U
from tests.screens.checks import findings
from tools.pilot import documents
from tools.pilot.pilot import STILL, Pilot

LONG = "Деньги за 9 дней вернутся на счёт: 74,70\u00a0₽. Передумали? 5 минут можно вернуть всё."


def question(**more: Any) -> Dialog:
    choices = more.pop("choices", (Choice("off", "Отключить"), Choice("keep", "Оставить")))
    return Dialog("disconnect", "Отключить пакет «Спорт»?", more.pop("text", LONG), choices, **more)


class Asker(Screen):
    """Ten rows; OK on one asks. Remembers what it was told, and does what ``then`` says."""

    name: ClassVar[str] = "asker"

    def __init__(self, asked: Dialog | None = None) -> None:
        self.asked = asked or question()
        self.told: list[tuple[str, Any]] = []
        self.then: Destination = Stay()
        self.ends: Destination = Stay()

    def build(self, view: View, frame: Frame) -> Page:
        rows: list[Element] = [button(f"row.{index}", f"Ряд {index}") for index in range(12)]
        return page(self, view, frame, listing("rows", rows), title="Asker", position=position(rows, view))

    def select(self, focus: str, view: View) -> Destination:
        return Ask(self.asked)

    def answered(self, name: str, result: Any, view: View) -> Destination:
        self.told.append((name, result))
        return self.then if name == self.asked.question else Stay()

    def changed(self, view: View) -> Destination:
        return self.ends


def asking(screen: Asker | None = None, preferences: Preferences = STILL) -> tuple[Pilot, Asker]:
    """The dialog is open, over the fourth row of the asker."""
    pilot, asker = Pilot(preferences=preferences), screen or Asker()
    pilot.app._go(Open(asker))
    pilot.settle()
    pilot.press(D, D, D, OK)
    assert pilot.screen == "dialog"
    return pilot, asker


def listening(screen: Screen) -> list[tuple[str, Any]]:
    """What ``screen`` is answered from now on."""
    told: list[tuple[str, Any]] = []

    def answered(name: str, result: Any, view: View) -> Destination:
        told.append((name, result))
        return Stay()

    screen.answered = answered  # type: ignore[method-assign]
    return told


def test_the_answer_comes_to_the_asker_and_the_focus_comes_back() -> None:
    pilot, asker = asking()
    assert pilot.focus == "answer.off"
    pilot.press(R, OK)
    assert asker.told == [("disconnect", "keep")]
    assert (pilot.screen, pilot.focus) == ("asker", "row.3")


def test_back_gives_up() -> None:
    pilot, asker = asking()
    pilot.press(Key.BACK)
    assert asker.told == [("disconnect", None)]
    assert (pilot.screen, pilot.focus) == ("asker", "row.3")


def test_the_focus_cannot_leave_it() -> None:
    pilot, _ = asking()
    for key in (U, D, L, R, R, D, U, L, U):
        pilot.press(key)
        assert pilot.focus in ("answer.off", "answer.keep")


def test_keys_of_the_screen_below_and_of_the_app_wait_for_the_answer() -> None:
    pilot, asker = asking()
    for key in (Key.RED, Key.GREEN, Key.INFO, Key.PAGE_DOWN, Key.DIGIT_1):
        pilot.press(key)
        assert pilot.screen == "dialog"
    assert asker.told == []


def test_home_and_television_are_never_out_of_reach() -> None:
    for key, screen in ((Key.HOME, "home"), (Key.MENU, "home"), (Key.EXIT, "tv")):
        pilot, asker = asking()
        pilot.press(key)
        assert pilot.screen == screen and asker.told == []


def test_a_question_over_the_root_hears_of_home() -> None:
    pilot = Pilot()
    told = listening(pilot.app._history.root)
    pilot.app._go(Ask(question()))
    pilot.settle()
    pilot.press(Key.HOME)
    assert pilot.screen == "home" and told == [("disconnect", None)]


def test_what_lies_below_is_silent_and_dimmed() -> None:
    pilot, _ = asking()
    assert not pilot.shows("Ряд 3") and pilot.shows("Отключить пакет")
    under = pilot.platform.canvas().get_at((1700, 980))[:3]
    text = max(pilot.platform.canvas().get_at((x, 80))[:3] for x in range(130, 400))
    assert max(text) < 110, "the brand below is dim"
    assert min(under) >= 16


def test_the_page_below_stands_as_it_stood_and_comes_back_as_it_was() -> None:
    pilot, _ = asking()
    pilot.press(Key.BACK, D, D, D, D, D)
    before = pygame.image.tobytes(pilot.platform.canvas(), "RGB")
    assert pilot.focus == "row.8"
    pilot.press(OK)
    assert pilot.screen == "dialog"
    pilot.press(Key.BACK)
    assert pygame.image.tobytes(pilot.platform.canvas(), "RGB") == before


def test_what_is_repainted_over_a_page_is_what_a_whole_repaint_gives() -> None:
    pilot, _ = asking()
    pilot.press(R, L, R)
    pilot.advance(60.0)
    stands = pygame.image.tobytes(pilot.platform.canvas(), "RGB")
    pilot.app._stage.expose()
    pilot.app._stage.paint()
    assert pygame.image.tobytes(pilot.platform.canvas(), "RGB") == stands
    levels = set(stands)
    assert min(levels) >= 16 and max(levels) <= 235


def test_a_held_ok_does_not_answer_the_question_that_it_opened() -> None:
    pilot, asker = Pilot(), Asker()
    pilot.app._go(Open(asker))
    pilot.settle()
    pilot.platform.feed(KeyEvent(OK, True))
    for _ in range(30):
        pilot.advance(0.2)
    pilot.platform.feed(KeyEvent(OK, False))
    pilot.settle()
    assert pilot.screen == "dialog" and asker.told == []


def test_what_confirms_acts_on_the_release_of_its_own_press() -> None:
    pilot, asker = asking(Asker(question(choices=(Choice("buy", "Подключить", confirms=True),))))
    pilot.platform.feed(KeyEvent(OK, True))
    pilot.settle()
    assert asker.told == []
    pilot.platform.feed(KeyEvent(OK, False))
    pilot.settle()
    assert asker.told == [("disconnect", "buy")]


def test_an_answer_may_lead_on_and_keys_that_come_at_once_meet_the_new_screen() -> None:
    pilot, asker = asking()
    asker.then = Open(HelpScreen())
    pilot.platform.feed(KeyEvent(OK, True))
    pilot.platform.feed(KeyEvent(Key.BACK, True))
    pilot.settle()
    assert asker.told == [("disconnect", "off"), ("help", None)]
    assert (pilot.screen, pilot.focus) == ("asker", "row.3"), "BACK closed the help that the answer had opened"
    asker.then = Home()
    pilot.platform.feed(KeyEvent(OK, False))
    pilot.press(OK, OK)
    assert pilot.screen == "home"


def test_a_question_may_ask_another_one() -> None:
    second = Dialog("sure", "Точно?", "", [Choice("yes", "Да")])

    class Doubtful(Dialog):
        def select(self, focus: str, view: View) -> Destination:
            return Ask(second)

        def answered(self, name: str, result: Any, view: View) -> Destination:
            return Back((name, result))

    pilot, asker = asking(Asker(Doubtful("first", "Отключить?", "", [Choice("a", "Да"), Choice("b", "Нет")])))
    pilot.press(OK)
    assert pilot.shows("Точно") and not pilot.shows("Отключить?")
    pilot.press(OK)
    assert asker.told == [("first", ("sure", "yes"))] and pilot.screen == "asker"


def test_the_card_out_takes_the_question_with_it() -> None:
    pilot, asker = asking()
    pilot.gateway.sign(documents.session("no_card", "C-01"))
    pilot.app.step()
    assert pilot.screen == "state" and asker.told == []
    pilot.press(Key.BACK)
    assert pilot.screen == "state"


def test_a_covered_screen_that_ends_goes_when_it_would_be_seen_again() -> None:
    pilot, asker = Pilot(), Asker()
    pilot.app._go(Open(asker))
    pilot.settle()
    pilot.press(Key.INFO)
    asker.ends = Back("paid")
    pilot.app._invalidate()
    pilot.settle()
    assert pilot.screen == "help", "nothing is pulled away under the viewer"
    told = listening(pilot.app._history.root)
    assert any(node["role"] == "hint" and node["label"] == "Домой" for node in pilot.nodes()), "Back leads home"
    pilot.press(Key.BACK)
    assert pilot.screen == "home" and told == [("asker", "paid")] and asker.told == []


def test_a_screen_on_top_that_ends_goes_at_once() -> None:
    pilot, asker = Pilot(), Asker()
    pilot.app._go(Open(asker))
    pilot.settle()
    asker.ends = Back()
    pilot.app._invalidate()
    pilot.settle()
    assert pilot.screen == "home"


def test_screens_that_lead_on_for_ever_are_stopped() -> None:
    class Restless(Asker):
        def changed(self, view: View) -> Destination:
            return Open(Restless())

    pilot = Pilot()
    pilot.app._go(Open(Restless()))
    pilot.settle()
    assert pilot.screen == "asker" and len(pilot.app._history) <= 3


@pytest.mark.parametrize("answers", [0, 4])
def test_a_dialog_has_one_to_three_answers(answers: int) -> None:
    with pytest.raises(ValueError, match="1 to 3 answers"):
        question(choices=[Choice(str(index), "Да") for index in range(answers)])


def test_the_answers_differ_and_the_first_is_one_of_them() -> None:
    with pytest.raises(ValueError, match="one each"):
        question(choices=[Choice("a", "Да"), Choice("a", "Нет")])
    with pytest.raises(ValueError, match="first b"):
        question(choices=[Choice("a", "Да")], initial="b")
    assert question(initial="keep").initial == "keep"


CROWDED = (Choice("one", "Отключить сейчас и вернуть деньги"), Choice("two", "Отключить с 1 декабря"),
           Choice("three", "Ничего не менять"))  # fmt: skip


@pytest.mark.parametrize("size", TEXT_SIZES)
@pytest.mark.parametrize("choices", [(Choice("ok", "Понятно"),), (Choice("a", "Да"), Choice("b", "Нет")), CROWDED])
@pytest.mark.parametrize("text", ["", "Коротко.", LONG, " ".join([LONG] * 6)])
def test_every_dialog_is_sound(size: str, choices: tuple[Choice, ...], text: str) -> None:
    """The checks of the walk, at each focus; everything can be reached and read."""
    pilot, _ = asking(
        Asker(question(choices=choices, text=text, initial=choices[-1].result)), Preferences("ru", size, motion=False)
    )
    names = list(pilot.app._stage._scene.focusables)
    if "text.0" in names:
        assert pilot.focus == "text.0", "what is asked is read before the answers"
    else:
        assert pilot.focus == f"answer.{choices[-1].result}"
    found = []
    for name in names:
        pilot.app._stage.set_focus(name)
        found += [f"{name}: {finding}" for finding in findings(pilot)]
    assert not found, "\n".join(found)
