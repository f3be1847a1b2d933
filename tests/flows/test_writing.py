"""Names and messages written over a screen of the real app: by arrows, by digit keys in time, by colour keys."""

from __future__ import annotations

import pygame
import pytest

import ui_assets
from stb_app.controls.keyboard import load_keyboard
from stb_app.controls.text import TAP_S, TextRule
from stb_app.input.keys import Key, KeyEvent
from stb_app.screens.base import Frame, View
from stb_app.screens.writing import TextDialog
from stb_app.toolkit.stage import Page
from stb_app.toolkit.theme import TEXT_SIZES
from stb_app.words import languages
from tests.flows.asking import Asker, asking, unsound
from tests.flows.places import OK, D, R
from tools.pilot.pilot import Pilot

LANGUAGES = languages(ui_assets.ROOT / "strings")
MESSAGE = "Здравствуйте. Вчера вечером пропали каналы, экран был чёрный, пришлось выключить приставку"


def dialog(language: str = "ru", rule: TextRule | None = None, start: str = "") -> TextDialog:
    keys = load_keyboard(ui_assets.ROOT / "keyboards", language)
    return TextDialog("name", "Имя, как в договоре", "Без отчества.", keys, rule or TextRule(1, 30, "words"), start)


def writing(size: str = "M", rule: TextRule | None = None, start: str = "") -> tuple[Pilot, Asker]:
    return asking(dialog(rule=rule, start=start), size)


def written(pilot: Pilot) -> str:
    return next(str(each["value"]) for each in pilot.nodes() if each["role"] == "field")


def test_a_screen_has_the_viewers_own_keys() -> None:
    pilot, _ = writing()
    assert pilot.app._view().keyboard == load_keyboard(ui_assets.ROOT / "keyboards", "ru")


def test_a_name_is_written_by_arrows_and_ok_and_sent_with_blue() -> None:
    pilot, asker = writing()
    pilot.press(OK, D, R, R, R, OK, OK)
    assert written(pilot) == "Анн"
    pilot.press(Key.BLUE)
    assert asker.told == [("name", "Анн")] and pilot.screen == "asker"


def test_digit_keys_write_as_on_a_telephone_and_the_clock_ends_a_letter() -> None:
    pilot, asker = writing()
    pilot.press(Key.DIGIT_2, Key.DIGIT_5)
    assert written(pilot) == "Ам"
    pilot.press(Key.DIGIT_5)
    assert written(pilot) == "Ан", "within the second it goes on"
    before = pilot.platform.presents
    pilot.advance(TAP_S)
    assert pilot.platform.presents == before + 1, "the line under the letter goes when its time is over"
    pilot.advance(5)
    assert pilot.platform.presents == before + 1, "and nothing more is presented"
    pilot.press(Key.DIGIT_5, Key.DIGIT_5, Key.BLUE)
    assert asker.told == [("name", "Анн")]


def test_the_app_wakes_for_the_end_of_a_letter_and_for_nothing_else() -> None:
    pilot, _ = writing()
    assert (pilot.app._timeout() or 0) > TAP_S
    pilot.press(Key.DIGIT_2)
    assert pilot.app._timeout() == pytest.approx(TAP_S)
    pilot.advance(0.75)
    assert pilot.app._timeout() == pytest.approx(TAP_S - 0.75)
    pilot.advance(0.25)
    assert (pilot.app._timeout() or 0) > TAP_S


def test_a_tap_that_comes_late_to_a_busy_app_still_begins_another_letter() -> None:
    pilot, _ = writing()
    pilot.press(Key.DIGIT_2)
    pilot.clock.now += TAP_S
    pilot.press(Key.DIGIT_2)
    assert written(pilot) == "Аа"


def test_a_digit_key_held_long_writes_the_digit() -> None:
    pilot, _ = writing(start="Кухня ")
    pilot.platform.feed(KeyEvent(Key.DIGIT_2, True))
    pilot.settle()
    for _ in range(10):
        pilot.advance(0.1)
    pilot.platform.feed(KeyEvent(Key.DIGIT_2, False))
    pilot.settle()
    assert written(pilot) == "Кухня 2"


def test_colour_keys_take_back_change_the_page_and_the_case() -> None:
    pilot, _ = writing(start="Ан")
    pilot.press(Key.RED)
    assert written(pilot) == "А"
    pilot.press(Key.YELLOW, OK, Key.YELLOW, Key.GREEN, OK)
    assert written(pilot) == "А1A" and pilot.screen == "text"


def test_a_held_back_empties_and_does_not_leave() -> None:
    pilot, asker = writing(start="Анна")
    pilot.platform.feed(KeyEvent(Key.BACK, True))
    for _ in range(12):
        pilot.advance(0.25)
    pilot.platform.feed(KeyEvent(Key.BACK, False))
    pilot.settle()
    assert pilot.screen == "text" and written(pilot) == ""
    pilot.press(Key.BACK)
    assert asker.told == [("name", None)]


def test_the_word_that_is_written_is_said_and_the_field_shows_all() -> None:
    pilot, _ = writing(start="Анна ")
    pilot.press(OK, OK)
    node = next(each for each in pilot.nodes() if "focused" in each["state"])
    assert (node["label"], node["value"], written(pilot)) == ("а", "Аа", "Анна Аа")


def test_what_is_missing_is_said() -> None:
    pilot, asker = writing(rule=TextRule(2, 30))
    pilot.press(OK, Key.BLUE)
    assert pilot.shows("Напишите хотя бы 2 буквы") and asker.told == []
    pilot.press(OK)
    assert not pilot.shows("Напишите хотя бы")


@pytest.mark.parametrize("size", TEXT_SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_every_language_is_sound(language: str, size: str) -> None:
    pilot, _ = asking(dialog(language), size, language)
    found = unsound(pilot)
    for keys in ((Key.DIGIT_2,), (Key.YELLOW,), (Key.YELLOW,), (Key.YELLOW,), (D, D, D, D)):
        pilot.press(*keys)
        found += unsound(pilot)
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("size", TEXT_SIZES)
@pytest.mark.parametrize(
    ("start", "rule"),
    [
        (MESSAGE, TextRule(1, 300)),
        (MESSAGE + " ", TextRule(1, 95)),
        ("Ъ" * 300, TextRule(1, 300)),
        ("", TextRule(2, 9)),
        ("**Анна**  ", TextRule(2, 20)),
    ],
)
def test_whatever_is_written_is_sound(start: str, rule: TextRule, size: str) -> None:
    pilot, _ = writing(size, rule, start)
    found = unsound(pilot)
    pilot.press(Key.BLUE)
    if pilot.screen == "text":
        found += unsound(pilot)
    assert not found, "\n".join(dict.fromkeys(found))


def test_the_small_canvas_is_sound() -> None:
    for size in ("M", "XL"):
        pilot, _ = asking(dialog(), size, height=720)
        assert unsound(pilot) == []


def test_what_lies_below_is_built_anew_when_it_changes_and_not_for_each_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    build = Asker.build

    def counted(self: Asker, view: View, frame: Frame) -> Page:
        built.append("asker")
        return build(self, view, frame)

    monkeypatch.setattr(Asker, "build", counted)
    pilot, _ = writing()
    before = len(built)
    pilot.press(OK, R, D, Key.DIGIT_2)
    pilot.advance(TAP_S)
    assert len(built) == before
    pilot.advance(60)
    assert len(built) == before + 1, "the minute is another one there too"
    stands = pygame.image.tobytes(pilot.platform.canvas(), "RGB")
    pilot.app._stage.expose()
    pilot.app._stage.paint()
    assert pygame.image.tobytes(pilot.platform.canvas(), "RGB") == stands
