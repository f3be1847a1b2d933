"""Sums: whole roubles typed, suggestions stepped through, nothing outside the rule ever leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.money import Money
from stb_app.controls.amount import AmountEntry, AmountRule
from stb_app.controls.port import Cancelled, Changed, Done, Press
from stb_app.input.keys import Key
from tests.unit.stb_app.controls.keys import PRESSES, press, type_digits


def rub(amount: int) -> Money:
    return Money(amount * 100, "RUB")


RULE = AmountRule(rub(10), rub(1000), (rub(100), rub(300), rub(500)))


def test_what_is_typed_are_whole_roubles() -> None:
    entry = AmountEntry(RULE)
    type_digits(entry, "250")
    assert press(entry, Key.OK) == [Done(Money(25000, "RUB"))]


def test_the_first_digit_replaces_the_suggestion_and_ok_takes_it_as_it_is() -> None:
    entry = AmountEntry(RULE, Money(85970, "RUB"))
    assert press(entry, Key.OK) == [Done(Money(85970, "RUB"))]
    type_digits(entry, "7")
    assert entry.value == rub(7)
    type_digits(entry, "0")
    assert entry.value == rub(70)


def test_the_arrows_step_through_the_suggestions_from_wherever_one_is() -> None:
    entry = AmountEntry(RULE, rub(250))
    assert (entry.lower, entry.higher) == (rub(100), rub(300))
    seen = []
    for key in (Key.RIGHT, Key.RIGHT, Key.RIGHT, Key.LEFT, Key.LEFT, Key.LEFT):
        press(entry, key)
        seen.append((entry.value, entry.lower is None, entry.higher is None))
    low, middle, high = (rub(100), True, False), (rub(300), False, False), (rub(500), False, True)
    assert seen == [middle, high, high, middle, low, low]


def test_back_takes_digits_back_and_never_a_suggestion() -> None:
    entry = AmountEntry(RULE, rub(300))
    assert press(entry, Key.BACK) == [Cancelled()]
    type_digits(entry, "25")
    assert press(entry, Key.BACK) == [Changed()] and entry.value == rub(2)
    assert press(entry, Key.BACK, Key.BACK) == [Changed(), Cancelled()]


@pytest.mark.parametrize(("typed", "problem"), [("", "none"), ("0", "none"), ("9", "low"), ("1001", "high")])
def test_what_lies_outside_is_not_taken_and_says_why(typed: str, problem: str) -> None:
    entry = AmountEntry(RULE)
    type_digits(entry, typed)
    assert press(entry, Key.OK) == [Changed()] and entry.problem == problem
    type_digits(entry, "1")
    assert entry.problem == "" or typed == "1001"
    press(entry, Key.LEFT)
    assert entry.problem == ""


@pytest.mark.parametrize("typed", ["10", "1000"])
def test_both_ends_are_taken(typed: str) -> None:
    entry = AmountEntry(RULE)
    type_digits(entry, typed)
    assert press(entry, Key.OK) == [Done(rub(int(typed)))]


def test_zeros_in_front_and_more_digits_than_the_most_has_are_none() -> None:
    entry = AmountEntry(RULE)
    type_digits(entry, "00500")
    assert entry.value == rub(500)
    type_digits(entry, "00")
    assert entry.value == rub(5000), "four digits, as the most has"


def test_without_suggestions_left_takes_back() -> None:
    entry = AmountEntry(AmountRule(rub(1), rub(99)))
    type_digits(entry, "42")
    press(entry, Key.LEFT)
    assert entry.value == rub(4)


def test_a_rule_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="sums from"):
        AmountRule(rub(10), rub(9))
    with pytest.raises(ValueError, match="sums from"):
        AmountRule(rub(10), rub(90), (rub(100),))


@given(PRESSES, st.none() | st.integers(0, 10**7))
def test_whatever_comes_done_tells_a_sum_within_the_rule(presses: list[Press], start: int | None) -> None:
    entry = AmountEntry(RULE, None if start is None else Money(start, "RUB"))
    for each in presses:
        outcome = entry.handle(each)
        assert entry.value is None or entry.value.currency == "RUB"
        if isinstance(outcome, Done):
            assert isinstance(outcome.value, Money) and RULE.least <= outcome.value <= RULE.most
