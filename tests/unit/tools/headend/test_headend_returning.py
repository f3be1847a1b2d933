"""The return of a stopped account: what it costs and from how much money on (product.md P10, T5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.headend.domain.account import Subscription
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.periods import part_price, rest_of_month
from tools.headend.domain.returning import rest_from

NAME = {"ru": "x", "en": "x", "sk": "x", "es": "x"}
TODAY = date(2026, 12, 21)
BEFORE = date(2026, 11, 30)


def fee(price: int, ends_on: date | None = None, since: date = date(2020, 1, 1), number: int = 1) -> Subscription:
    return Subscription(f"s{number}", "basic", ItemKind.TARIFF, NAME, price, None, ends_on, since)


@pytest.mark.parametrize(("available", "covered"), [(8871, True), (8870, False), (0, False)])
def test_the_rest_of_an_uncharged_month_must_be_there_to_the_kopeck(available: int, covered: bool) -> None:
    rest = rest_from(TODAY, BEFORE, [fee(25000)])
    assert rest.total == 8871, "250,00 x 11 of 31 days"
    assert rest.covered_by(available) == covered


@pytest.mark.parametrize(("available", "covered"), [(0, True), (-1, False)])
def test_a_month_that_was_charged_costs_nothing_more_than_the_debt(available: int, covered: bool) -> None:
    rest = rest_from(TODAY, date(2026, 12, 31), [fee(25000)])
    assert rest.parts == ()
    assert rest.covered_by(available) == covered


def test_what_is_over_or_lies_ahead_costs_nothing() -> None:
    over, ahead = fee(25000, ends_on=BEFORE), fee(25000, since=TODAY + timedelta(days=1))
    assert rest_from(TODAY, BEFORE, [over, ahead, fee(0)]).parts == ()


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.lists(st.integers(0, 60_000), max_size=5))
def test_it_is_the_sum_of_the_parts_of_every_fee(today: date, prices: list[int]) -> None:
    fees = [fee(price, number=number) for number, price in enumerate(prices)]
    rest = rest_from(today, today - timedelta(days=1), fees)
    assert rest.total == sum(part_price(price, rest_of_month(today)) for price in prices)
    assert all(part.amount > 0 and part.period == rest_of_month(today) for part in rest.parts)
