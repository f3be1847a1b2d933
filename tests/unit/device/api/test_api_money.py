"""Money: sums make a commutative group in one currency, and nothing else passes for a sum."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.api.money import Money, MoneyError, total

AMOUNTS = st.integers(-(10**18), 10**18)
RUB = st.builds(Money, AMOUNTS, st.just("RUB"))
relaxed = settings(deadline=None)


@relaxed
@given(RUB, RUB, RUB)
def test_sums_are_a_commutative_group(a: Money, b: Money, c: Money) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a == Money(a.amount + b.amount, "RUB")
    assert a + a.zero() == a
    assert a + -a == a.zero() == Money(0, "RUB")
    assert a - b == a + -b
    assert abs(a) == (a if a.amount >= 0 else -a)


@relaxed
@given(RUB, RUB)
def test_sums_are_ordered_as_their_amounts(a: Money, b: Money) -> None:
    x, y = a.amount, b.amount
    assert (a < b, a <= b, a > b, a >= b, a == b) == (x < y, x <= y, x > y, x >= y, x == y)


@relaxed
@given(AMOUNTS, AMOUNTS)
def test_two_currencies_never_meet(x: int, y: int) -> None:
    a, b = Money(x, "RUB"), Money(y, "EUR")
    for mix in (
        lambda: a + b,
        lambda: a - b,
        lambda: a < b,
        lambda: a <= b,
        lambda: a > b,
        lambda: a >= b,
        lambda: total([a, b], "RUB"),
        lambda: total([b], "RUB"),
    ):
        with pytest.raises(MoneyError, match="RUB and EUR"):
            mix()
    assert a != Money(x, "EUR")


@relaxed
@given(st.lists(RUB))
def test_a_total_is_the_sum_of_all(sums: list[Money]) -> None:
    assert total(iter(sums), "RUB").amount == sum(each.amount for each in sums)


def test_the_total_of_nothing_is_zero_in_the_currency_asked_for() -> None:
    assert total([], "EUR") == Money(0, "EUR")


@relaxed
@given(RUB, st.integers(1, 10**6))
def test_rounding_goes_up_to_the_next_multiple(a: Money, unit: int) -> None:
    rounded = a.rounded_up(unit)
    assert rounded.amount % unit == 0
    assert a <= rounded
    assert rounded.amount - a.amount < unit
    assert rounded.currency == "RUB"


def test_rounding_by_example() -> None:
    rounded = [Money(amount, "RUB").rounded_up().amount for amount in (0, 1, 99, 100, 101, -1, -100, -101)]
    assert rounded == [0, 100, 100, 100, 200, 0, -100, -100]


@pytest.mark.parametrize("unit", [0, -1, -100])
def test_nothing_is_rounded_to_less_than_one(unit: int) -> None:
    with pytest.raises(MoneyError):
        Money(150, "RUB").rounded_up(unit)


@relaxed
@given(AMOUNTS, st.from_regex(r"[A-Z]{3}", fullmatch=True))
def test_a_sum_comes_out_of_json_as_it_went_in(amount: int, currency: str) -> None:
    sent = Money(amount, currency)
    assert Money.from_json(json.loads(json.dumps(sent.to_json()))) == sent
    assert sent.to_json() == {"amount": amount, "currency": currency}


@pytest.mark.parametrize("amount", [True, False, 1.0, 0.5, math.nan, "100", None, [], 10**400 / 10**399])
def test_only_whole_numbers_are_amounts(amount: Any) -> None:
    with pytest.raises(MoneyError):
        Money(amount, "RUB")
    with pytest.raises(MoneyError):
        Money.from_json({"amount": amount, "currency": "RUB"})


@pytest.mark.parametrize("currency", ["", "RU", "RUBL", "rub", "R1B", "A--", "РУБ", "RUB\n", " RUB", "₽"])
def test_only_three_capital_letters_are_a_currency(currency: str) -> None:
    with pytest.raises(MoneyError):
        Money(1, currency)


@pytest.mark.parametrize(
    "document",
    [None, 5, "5 RUB", [], {}, {"amount": 5}, {"currency": "RUB"}, {"amount": 5, "currency": None}, [5, "RUB"]],
)
def test_other_documents_are_no_sums(document: Any) -> None:
    with pytest.raises(MoneyError):
        Money.from_json(document)


def test_a_hostile_document_makes_a_short_complaint() -> None:
    nested: Any = []
    for _ in range(5000):
        nested = [nested]
    for hostile in (nested, "x" * 10**6, {"amount": 1, "currency": "X" * 10**6}):
        with pytest.raises(MoneyError) as caught:
            Money.from_json(hostile)
        assert len(str(caught.value)) < 300


def test_a_sum_never_changes() -> None:
    with pytest.raises(AttributeError):
        Money(1, "RUB").amount = 2  # type: ignore[misc]
    assert len({Money(1, "RUB"), Money(1, "RUB"), Money(1, "EUR")}) == 2
