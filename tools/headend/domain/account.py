"""The account as home shows it: rules of product.md A1, exactly. Pure; sums in minor units of one currency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.periods import (
    first_of_month,
    next_first,
    part_price,
    rest_of_month,
    shift_months,
)
from tools.headend.domain.texts import LocalText

HORIZON_MONTHS = 12
"""Charges further away than this are not known (A1: no such charge in 12 months is 'long')."""


class ServiceState(StrEnum):
    """Whether the account may watch."""

    ACTIVE = "active"
    STOPPED = "stopped"
    SUSPENDED = "suspended"


class EnoughState(StrEnum):
    """How long the money lasts: until a day, longer than is known, or not even now."""

    UNTIL = "until"
    LONG = "long"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Service:
    """``since`` for stopped and suspended; ``until``, the last day of it, for suspended."""

    state: ServiceState
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """Something that is charged by the month; with ``ends_on`` it is disconnected and never charged again (T5)."""

    id: str
    item_id: str
    kind: ItemKind
    name: LocalText
    price: int
    room: str | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge that is known beforehand."""

    day: date
    amount: int


@dataclass(frozen=True, slots=True)
class EnoughUntil:
    """``day``: the last one that is covered (until), or since when it is stopped, where known."""

    state: EnoughState
    day: date | None


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the rules need to know; ``today`` in the region's time zone, after the charges of today's first."""

    today: date
    balance: int
    service: Service
    subscriptions: tuple[Subscription, ...]
    credit_limit: int = 0
    promise_due: int = 0


def monthly_fee(state: AccountState) -> int:
    """What a whole month costs, of everything that goes on."""
    return sum(each.price for each in state.subscriptions if each.ends_on is None)


def known_charges(state: AccountState) -> Iterator[Charge]:
    """The charges after today within 12 months, in order; those of nothing are left out.

    Day 1 of each month, in advance. A first inside a suspension is not charged; the rest of that month is, by T5,
    on the day after the suspension (product.md U1).
    """
    horizon = shift_months(state.today, HORIZON_MONTHS)
    going_on = [each.price for each in state.subscriptions if each.ends_on is None]
    monthly = sum(going_on)
    first = next_first(state.today)
    since, until = _suspension(state)
    if since is not None and until is not None:
        resumes = until + timedelta(days=1)
        if resumes.day != 1 and since <= first_of_month(resumes) and state.today < resumes <= horizon:
            rest = rest_of_month(resumes)
            part = sum(part_price(price, rest) for price in going_on)
            if part > 0:
                yield Charge(resumes, part)
        while first <= until:
            first = next_first(first)
    while monthly > 0 and first <= horizon:
        yield Charge(first, monthly)
        first = next_first(first)


def _suspension(state: AccountState) -> tuple[date | None, date | None]:
    if state.service.state is not ServiceState.SUSPENDED:
        return None, None
    return state.service.since, state.service.until


def next_charge(state: AccountState) -> Charge | None:
    return next(known_charges(state), None)


def debt(state: AccountState) -> int:
    """What the balance is below zero, as a sum of 0 or more."""
    return max(0, -state.balance)


def to_pay(state: AccountState, rounding: int) -> int:
    """Debt + next charge + promise due - balance, never below 0, rounded up to a multiple of ``rounding``.

    The debt is what the balance lacks to zero, so a balance below zero counts once, as debt.
    """
    following = next_charge(state)
    lacking = debt(state) + (following.amount if following else 0) + state.promise_due - max(0, state.balance)
    return -(-max(0, lacking) // rounding) * rounding


def enough_until(state: AccountState) -> EnoughUntil:
    """The day before the first known charge that balance and credit limit cannot cover.

    Promise, bonus and autopayment are not counted (product.md A1).
    """
    left = state.balance + state.credit_limit
    if state.service.state is ServiceState.STOPPED or left < 0:
        return EnoughUntil(EnoughState.STOPPED, state.service.since)
    for charge in known_charges(state):
        left -= charge.amount
        if left < 0:
            return EnoughUntil(EnoughState.UNTIL, charge.day - timedelta(days=1))
    return EnoughUntil(EnoughState.LONG, None)
