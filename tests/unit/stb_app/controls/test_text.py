"""Texts written by arrows and OK, by digit keys as on a telephone, and by both mixed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ui_assets
from stb_app.controls.keyboard import load_keyboard
from stb_app.controls.port import Cancelled, Changed, Done, Ignored, Outcome, Phase, Press
from stb_app.controls.text import FUNCTIONS, TAP_S, TextEntry, TextRule
from stb_app.input.keys import Key
from stb_app.words import languages
from tests.unit.stb_app.controls.keys import press, type_digits

FOLDER = ui_assets.ROOT / "keyboards"
KEYBOARDS = {language: load_keyboard(FOLDER, language) for language in languages(ui_assets.ROOT / "strings")}
SMALL = TextRule(capitals="none")


def entry(language: str = "ru", rule: TextRule = SMALL, text: str = "") -> TextEntry:
    made = TextEntry(KEYBOARDS[language], rule, text)
    made.tick(100.0)
    return made


def stand_on(made: TextEntry, key: str) -> None:
    """Go to ``key`` with the arrows alone."""
    row = next(row for row, keys in enumerate(made.rows) if key in keys)
    while made.cursor[0] != row:
        assert press(made, Key.DOWN if made.cursor[0] < row else Key.UP) == [Changed()]
    for _ in made.rows[row]:
        if made.rows[made.cursor[0]][made.cursor[1]] == key:
            return
        press(made, Key.RIGHT)
    raise AssertionError(f"no arrows lead to {key}")


def _waits(made: TextEntry) -> bool:
    return made.tapping and made.deadline is not None


def by_arrows(made: TextEntry, text: str) -> None:
    for letter in text:
        stand_on(made, "space" if letter == " " else letter)
        press(made, Key.OK)


def by_taps(made: TextEntry, text: str, now: float = 100.0) -> None:
    """As on a telephone, with a wait between letters."""
    for letter in text:
        digit, keys = next((d, keys) for d, keys in {**made.layout.taps, "0": " "}.items() if letter in keys)
        type_digits(made, digit * (keys.index(letter) + 1))
        now += TAP_S
        made.tick(now)


@pytest.mark.parametrize("language", KEYBOARDS)
def test_every_letter_is_written_by_arrows_and_by_taps(language: str) -> None:
    """Of every page, by arrows; of the first one, whose taps there are, by digits too."""
    made = entry(language, TextRule(1, 400, "none"))
    letters = ""
    for page in KEYBOARDS[language]:
        by_arrows(made, "".join(page.rows))
        letters += "".join(page.rows)
        press(made, Key.YELLOW)
    assert made.text == letters
    made = entry(language, TextRule(1, 400, "none"))
    letters = "".join(key for keys in made.layout.taps.values() for key in keys)
    by_taps(made, letters)
    assert made.text == letters


def test_the_same_key_goes_on_within_a_second_and_begins_anew_after_it() -> None:
    made = entry()
    type_digits(made, "222")
    assert made.text == "в" and made.tapping and made.deadline == 100.0 + TAP_S
    assert not made.tick(100.0 + TAP_S - 0.01)
    type_digits(made, "2")
    assert made.text == "г" and made.deadline == 100.0 + 2 * TAP_S - 0.01, "each tap begins the second anew"
    assert made.tick(100.0 + 2 * TAP_S) and not _waits(made)
    type_digits(made, "2")
    assert made.text == "га"


def test_after_the_last_letter_comes_the_digit_and_then_the_first_again() -> None:
    made = entry("en")
    seen = []
    for _ in range(5):
        type_digits(made, "2")
        seen.append(made.text)
    assert seen == ["a", "b", "c", "2", "a"]


def test_another_key_needs_no_wait() -> None:
    made = entry()
    type_digits(made, "2205")
    assert made.text == "б м"
    press(made, Key.OK)
    assert made.text == "б ма", "the cursor stands on the first key"


def test_what_is_seen_on_the_keys_is_what_comes_while_a_letter_may_still_change() -> None:
    made = entry(rule=TextRule(1, 40, "sentences"))
    type_digits(made, "7")
    assert made.text == "Ф" and made.rows[0][0] == "а"
    press(made, Key.OK)
    type_digits(made, "7")
    press(made, Key.GREEN)
    assert made.text == "Фаф" and made.rows[0][0] == "А"
    type_digits(made, "77")
    assert made.text == "ФафХ"


def test_a_digit_key_held_long_is_the_digit() -> None:
    made = entry()
    type_digits(made, "2")
    assert made.handle(Press(Key.DIGIT_2, Phase.LONG)) == Changed()
    assert made.text == "2" and not made.tapping


def test_on_the_page_of_signs_digits_are_digits() -> None:
    made = entry()
    press(made, Key.YELLOW)
    type_digits(made, "2200")
    assert made.text == "2200" and made.deadline is None


def test_the_colour_keys_do_what_the_last_row_does() -> None:
    made, other = entry(text="ан"), entry(text="ан")
    for colour, key in ((Key.RED, "delete"), (Key.GREEN, "shift"), (Key.YELLOW, "layout"), (Key.BLUE, "done")):
        stand_on(other, key)
        assert press(made, colour) == press(other, Key.OK)
        assert (made.text, made.capital, made.layout) == (other.text, other.capital, other.layout)


def test_red_takes_a_letter_that_may_still_change_back_whole() -> None:
    made = entry(text="а")
    type_digits(made, "33")
    press(made, Key.RED)
    assert made.text == "а" and made.deadline is None


def test_back_takes_back_and_gives_up_where_nothing_is_left() -> None:
    made = entry(text="аб")
    assert press(made, Key.BACK) == [Changed()]
    assert [made.handle(Press(Key.BACK, Phase.REPEAT)) for _ in range(2)] == [Changed(), Changed()]
    assert press(made, Key.RED) == [Changed()], "red never leaves"
    assert press(made, Key.BACK) == [Cancelled()]


@pytest.mark.parametrize(
    ("capitals", "text"),
    [("words", "Анна Мария. Да"), ("sentences", "Анна мария. Да"), ("none", "анна мария. да")],
)
def test_capitals_come_by_themselves_where_they_belong(capitals: str, text: str) -> None:
    made = entry(rule=TextRule(1, 40, capitals))  # type: ignore[arg-type]
    for letter in "анна мария":
        by_arrows(made, letter.upper() if made.capital and letter != " " else letter)
    type_digits(made, "1")
    for letter in " да":
        by_arrows(made, letter.upper() if made.capital and letter != " " else letter)
    assert made.text == text


def test_green_says_otherwise_for_one_letter() -> None:
    made = entry(rule=TextRule(1, 40, "sentences"))
    press(made, Key.GREEN)
    by_arrows(made, "а")
    press(made, Key.GREEN)
    by_arrows(made, "Ба")
    assert made.text == "аБа"


def test_done_wants_enough_and_tells_no_spaces_at_the_ends() -> None:
    made = entry(rule=TextRule(2, 5, "none"))
    by_arrows(made, " а ")
    said = [press(made, Key.BLUE) == [Changed()] and made.short]
    by_arrows(made, "бвгд")
    said.append(made.short)
    assert said == [True, False] and made.text == " а бв" and made.full
    assert press(made, Key.BLUE) == [Done("а бв")]


def test_up_and_down_keep_the_column_and_leave_at_the_ends() -> None:
    made = entry()
    press(made, Key.RIGHT, Key.RIGHT, Key.RIGHT)
    places = []
    for key in (Key.DOWN, Key.DOWN, Key.DOWN, Key.UP):
        press(made, key)
        places.append(made.cursor)
    assert press(made, Key.DOWN, Key.DOWN) == [Changed(), Ignored()]
    assert press(made, Key.UP, Key.UP, Key.UP, Key.UP) == [Changed(), Changed(), Changed(), Ignored()]
    places.append(made.cursor)
    press(made, Key.LEFT, Key.LEFT, Key.LEFT, Key.LEFT)
    places.append(made.cursor)
    assert places == [(1, 3), (2, 3), (3, 1), (2, 3), (0, 3), (0, 10)], "a row goes round"


@pytest.mark.parametrize("language", KEYBOARDS)
def test_the_keys_below_a_page_are_as_wide_as_the_page(language: str) -> None:
    made = entry(language)
    for page in KEYBOARDS[language]:
        spans = made.spans(len(page.rows))
        assert sum(spans) == page.columns and len(spans) == len(FUNCTIONS) and min(spans) >= 1
        press(made, Key.YELLOW)
    assert made.layout is KEYBOARDS[language][0], "the pages go round"


def test_who_turns_pages_on_the_last_row_stays_there() -> None:
    made = entry("sk")
    stand_on(made, "layout")
    for _ in KEYBOARDS["sk"]:
        press(made, Key.OK)
        assert made.rows[made.cursor[0]][made.cursor[1]] == "layout"


@given(
    st.sampled_from(sorted(KEYBOARDS)),
    st.lists(st.one_of(st.builds(Press, st.sampled_from(Key), st.sampled_from(Phase)), st.floats(0, 3)), max_size=80),
)
def test_whatever_comes_the_cursor_is_on_a_key_and_the_text_within_its_rule(
    language: str, steps: list[Press | float]
) -> None:
    made, now = entry(language, TextRule(2, 6, "words")), 100.0
    outcome: Outcome
    for step in steps:
        if isinstance(step, float):
            now += step
            made.tick(now)
            assert made.deadline is None or made.deadline > now
            continue
        before = made.text
        outcome = made.handle(step)
        row, place = made.cursor
        assert made.rows[row][place] and len(made.text) <= 6
        if isinstance(outcome, Done):
            assert 2 <= len(outcome.value) <= 6 and outcome.value == outcome.value.strip(" ")
        if isinstance(outcome, Cancelled):
            assert before == ""
        if isinstance(outcome, Ignored):
            assert made.text == before
