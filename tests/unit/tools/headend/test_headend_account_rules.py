"""A1's rules against a brute-force oracle that lives through every day of the next 12 months."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tools.headend.domain.account import (
    AccountState,
    EnoughState,
    EnoughUntil,
    Service,
    ServiceState,
    Subscription,
    debt,
    enough_until,
    known_charges,
    monthly_fee,
    next_charge,
    to_pay,
)
from tools.headend.domain.catalogue import ItemKind

NAME = {"ru": "x", "en": "x", "sk": "x", "es": "x"}


def days_of(month: date) -> int:
    """How long a month is, by counting."""
    day, count = month.replace(day=1), 0
    while day.month == month.month:
        day, count = day + timedelta(days=1), count + 1
    return count


def part(each: Subscription, day: date) -> int:
    """The oracle's T5: what one fee costs from ``day`` to the end of its month, or to its own end."""
    if day < each.since or (each.ends_on is not None and each.ends_on < day):
        return 0
    left = sum(
        1
        for step in range(days_of(day) - day.day + 1)
        if each.ends_on is None or day + timedelta(days=step) <= each.ends_on
    )
    return int((Decimal(each.price) * left / days_of(day)).quantize(Decimal(1), ROUND_HALF_UP))


def charged_on(state: AccountState, day: date) -> int:
    """The oracle: what is taken on one day, by the words of T5 and U1."""
    service = state.service
    if service.state is ServiceState.SUSPENDED:
        assert service.since is not None and service.until is not None
        if service.since <= day <= service.until:
            return 0
        first = day.replace(day=1)
        if day == service.until + timedelta(days=1) and day.day != 1 and service.since <= first <= service.until:
            return sum(part(each, day) for each in state.subscriptions)
    return sum(part(each, day) for each in state.subscriptions) if day.day == 1 else 0


def year_ahead(today: date) -> list[date]:
    """Every day after today within 12 months."""
    same_day = next(
        date(today.year + 1, today.month, day)
        for day in range(today.day, 0, -1)
        if not (today.month == 2 and day == 29 and (today.year + 1) % 4)
    )
    return [today + timedelta(days=step) for step in range(1, (same_day - today).days + 1)]


@st.composite
def states(draw: st.DrawFn) -> AccountState:
    today = draw(st.dates(date(2024, 1, 1), date(2029, 12, 31)))
    subscriptions = tuple(
        Subscription(
            id=str(number),
            item_id="x",
            kind=ItemKind.PACKAGE,
            name=NAME,
            price=draw(st.integers(0, 60_000)),
            room=None,
            ends_on=draw(st.none() | st.just(today + timedelta(days=3))),
            since=draw(st.sampled_from([date.min, date.min, today + timedelta(days=40)])),
        )
        for number in range(draw(st.integers(0, 4)))
    )
    kind = draw(st.sampled_from(ServiceState))
    service = Service(ServiceState.ACTIVE)
    if kind is ServiceState.STOPPED:
        service = Service(kind, draw(st.dates(today - timedelta(days=90), today)))
    elif kind is ServiceState.SUSPENDED:
        since = today - timedelta(days=draw(st.integers(0, 29)))
        service = Service(kind, since, max(today, since + timedelta(days=draw(st.integers(0, 29)))))
    promised = draw(st.sampled_from([0, 0, 25_000]))
    return AccountState(
        today=today,
        balance=draw(st.integers(-100_000, 1_000_000)),
        service=service,
        subscriptions=subscriptions,
        credit_limit=draw(st.sampled_from([0, 0, 30_000])),
        promise_due=promised,
        promise_until=today + timedelta(days=draw(st.integers(0, 3))) if promised else None,
        charged_through=draw(st.none() | st.dates(today - timedelta(days=60), today + timedelta(days=30))),
    )


def rest_owed(state: AccountState) -> int:
    """The oracle: what a stopped account's month costs from today on, where it was not charged."""
    if state.service.state is not ServiceState.STOPPED or state.charged_through is None:
        return 0
    return sum(part(each, state.today) for each in state.subscriptions) if state.charged_through < state.today else 0


@given(states())
def test_the_known_charges_are_those_of_every_day_of_a_year(state: AccountState) -> None:
    expected = [(day, charged_on(state, day)) for day in year_ahead(state.today)]
    assert [(each.day, each.amount) for each in known_charges(state)] == [each for each in expected if each[1]]


@given(states())
def test_enough_until_is_the_day_before_the_first_charge_that_is_not_covered(state: AccountState) -> None:
    left = state.balance + state.credit_limit - state.promise_due
    expected = EnoughUntil(EnoughState.LONG, None)
    if left < 0 and state.promise_until is not None and state.service.state is ServiceState.ACTIVE:
        expected = EnoughUntil(EnoughState.UNTIL, state.promise_until)
    elif left < 0 or state.service.state is ServiceState.STOPPED:
        expected = EnoughUntil(EnoughState.STOPPED, state.service.since)
    else:
        for day in year_ahead(state.today):
            left -= charged_on(state, day)
            if left < 0:
                expected = EnoughUntil(EnoughState.UNTIL, day - timedelta(days=1))
                break
    assert enough_until(state) == expected


@given(states(), st.sampled_from([1, 100]))
def test_to_pay_is_what_lacks_rounded_up_and_never_below_zero(state: AccountState, rounding: int) -> None:
    charges = [charged_on(state, day) for day in year_ahead(state.today)]
    following = next((each for each in charges if each), 0)
    lacking = max(0, rest_owed(state) + following + state.promise_due - state.balance)
    rounded = (Decimal(lacking) / rounding).to_integral_value(ROUND_CEILING) * rounding
    assert to_pay(state, rounding) == int(rounded)


@given(states())
def test_paying_the_sum_to_pay_covers_debt_and_next_charge(state: AccountState) -> None:
    paid = state.balance + to_pay(state, 100)
    following = next_charge(state)
    owed = (following.amount if following else 0) + rest_owed(state) + state.promise_due
    assert paid >= owed
    assert paid - 100 < max(state.balance - 99, owed)


@given(states())
@example(AccountState(date(2026, 11, 21), -1, Service(ServiceState.ACTIVE), ()))
def test_debt_is_the_balance_below_zero(state: AccountState) -> None:
    assert debt(state) == (-state.balance if state.balance < 0 else 0)


def subscription(price: int, ends_on: date | None = None) -> Subscription:
    return Subscription("s", "basic", ItemKind.TARIFF, NAME, price, None, ends_on)


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        (0, EnoughUntil(EnoughState.UNTIL, date(2026, 11, 30))),
        (24_999, EnoughUntil(EnoughState.UNTIL, date(2026, 11, 30))),
        (25_000, EnoughUntil(EnoughState.UNTIL, date(2026, 12, 31))),
        (12 * 25_000 - 1, EnoughUntil(EnoughState.UNTIL, date(2027, 10, 31))),
        (12 * 25_000, EnoughUntil(EnoughState.LONG, None)),
        (-1, EnoughUntil(EnoughState.STOPPED, None)),
    ],
)
def test_the_edges_of_enough_until(balance: int, expected: EnoughUntil) -> None:
    state = AccountState(date(2026, 11, 21), balance, Service(ServiceState.ACTIVE), (subscription(25_000),))
    assert enough_until(state) == expected


def test_what_ends_is_not_charged_again() -> None:
    ending = subscription(25_000, date(2026, 11, 30))
    state = AccountState(date(2026, 11, 21), 0, Service(ServiceState.ACTIVE), (ending,))
    assert (monthly_fee(state), next_charge(state), to_pay(state, 100)) == (0, None, 0)
    assert enough_until(state).state is EnoughState.LONG
