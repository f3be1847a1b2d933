"""The rules of bonus points (product.md B1): what fees earn, which points go first."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.headend.domain.bonus import Grant, spendable, take
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.earning import base_of, discount
from tools.headend.domain.ledger import fee, fee_returned, payment, service_fee
from tools.headend.operators import load_operator

RULES = load_operator("mts").bonus
POLARIS = load_operator("polaris").bonus
GRANTS = st.lists(
    st.builds(Grant, st.uuids().map(str), st.integers(1, 500), st.dates(date(2026, 1, 1), date(2027, 12, 31))),
    unique_by=lambda grant: grant.id,
    max_size=8,
)


@pytest.mark.parametrize(
    ("base", "points"), [(0, 0), (249, 0), (250, 1), (749, 1), (750, 2), (24900, 50), (100000, 200), (72700, 145)]
)
def test_a_fifth_of_the_fees_comes_back_half_up(base: int, points: int) -> None:
    assert RULES.points_for(base) == points


@pytest.mark.parametrize(("base", "points"), [(49, 0), (50, 1), (890, 9), (1000, 10)])
def test_polaris_gives_a_tenth_in_points_of_ten_cents(base: int, points: int) -> None:
    assert POLARIS.points_for(base) == points


@given(st.lists(st.integers(0, 100_000), max_size=20))
def test_many_charges_earn_what_one_of_their_sum_does(fees: list[int]) -> None:
    base = earned = 0
    for each in fees:
        earned += RULES.points_for(base + each) - RULES.points_for(base)
        base += each
    assert earned == RULES.points_for(sum(fees))


@pytest.mark.parametrize(
    ("granted", "expires"),
    [(date(2026, 11, 21), date(2027, 11, 21)), (date(2028, 2, 29), date(2029, 2, 28))],
)
def test_points_expire_after_twelve_months(granted: date, expires: date) -> None:
    assert RULES.expires_on(granted) == expires


@given(GRANTS, st.integers(0, 3000))
def test_taking_is_oldest_first_and_never_more_than_there_is(grants: list[Grant], points: int) -> None:
    taken = take(grants, points)
    assert taken.points + taken.lacking == points
    left = {grant.id: grant.left for grant in grants}
    for grant_id, part in taken.parts:
        assert 0 < part <= left[grant_id]
        left[grant_id] -= part
    expires = {grant.id: grant.expires_on for grant in grants}
    touched = [expires[grant_id] for grant_id, _ in taken.parts]
    assert touched == sorted(touched)
    # nothing older is left behind
    assert not any(left[grant.id] and grant.expires_on < max(touched, default=date.min) for grant in grants)
    assert taken.lacking == 0 or not any(left.values())


def test_points_that_an_undo_may_take_back_are_not_spent() -> None:
    day = date(2027, 1, 1)
    free, held = Grant("a", 10, day), Grant("b", 20, day, held=True)
    assert spendable([free, held]) == [free]


def test_only_tv_fees_that_were_really_charged_count() -> None:
    rows = [
        fee(ItemKind.TARIFF, 25000),
        fee(ItemKind.ROOM, 5000),
        fee(ItemKind.CHANNEL, 300),
        fee(ItemKind.INTERNET, 45000),
        fee_returned(ItemKind.TARIFF, 10000),
        payment("sbp", 50000),
        service_fee(9900),
        discount(2000),
    ]
    assert base_of(rows) == 25000 + 5000 + 300 - 10000 - 2000
