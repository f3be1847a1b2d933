"""The longer language keeps what a text must keep."""

from __future__ import annotations

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.pilot.pseudo import PseudoWords, longer

TEXTS = st.lists(
    st.sampled_from(["Pay", "{sum}", "{n}", " ", "**14 December**", "the balance", "…", "."]), min_size=1, max_size=20
).map("".join)


def places(text: str) -> list[str | None]:
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


@given(TEXTS)
def test_places_strong_parts_and_the_end_stay(text: str) -> None:
    made = longer(text)
    assert places(made) == places(text)
    assert made.count("**") == text.count("**")
    assert made.startswith("[")
    assert made[made.rindex("]") + 1 :] == text[len(text.rstrip()) :]


@pytest.mark.parametrize("text", ["Balance", "What I pay for", "The clock of the box is wrong. Everything works " * 3])
def test_texts_are_40_percent_longer(text: str) -> None:
    assert len(longer(text).strip("[]")) == pytest.approx(1.4 * len(text), abs=2)


def test_no_word_of_the_filling_is_long() -> None:
    assert max(len(word) for word in longer("a b " * 100).split()) <= 6


def test_a_plural_has_its_own_form() -> None:
    words = PseudoWords()
    assert words.plural("{n} box", "{n} boxes", 1) == "[1 bóxéñ]"
    assert words.plural("{n} box", "{n} boxes", 3) == "[3 bóxéšéñ]"


def test_words_are_filled_in_and_keys_stay() -> None:
    words = PseudoWords()
    assert words("Pay {sum}", sum="5 ₽") == "[Páý 5 ₽éñ]"
    assert words.key("R") == "R"
