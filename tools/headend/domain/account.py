"""The account as home shows it: rules of product.md A1, exactly. Pure; sums in minor units of one currency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.periods import (
    Period,
    first_of_month,
    last_of_month,
    next_first,
    part_price,
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
    """Something that is charged by the month, on from ``since`` to ``ends_on``, both included; ``since`` may lie
    ahead, where it begins with the next period. What is disconnected ends with what is paid (T5), so that no further
    month of it is charged."""

    id: str
    item_id: str
    kind: ItemKind
    name: LocalText
    price: int
    room: str | None
    ends_on: date | None
    since: date = date.min

    def runs_on(self, day: date) -> bool:
        return self.since <= day and (self.ends_on is None or day <= self.ends_on)

    def part_from(self, day: date) -> Period | None:
        """What is charged where the month is charged from ``day`` on; None where it is not on then."""
        if not self.runs_on(day):
            return None
        last = last_of_month(day)
        return Period(day, last if self.ends_on is None else min(last, self.ends_on))

    def fee_from(self, day: date) -> int:
        """The price of that part, by T5."""
        period = self.part_from(day)
        return part_price(self.price, period) if period else 0


@dataclass(frozen=True, slots=True)
class Block:
    """A temporary block that is ordered and has not begun (U1): its first and last day, and its fee."""

    first: date
    last: date
    fee: int


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


@dataclass(frozen=True)
class AccountState:
    """What the rules need to know; ``today`` in the region's time zone, after the charges of today's first.

    ``balance`` holds the money of an open promise, ``promise_due`` says how much that is. ``charged_through``: the
    last day that fees are taken for, None where it is today's month. ``subscriptions``: what runs today and what
    begins later.
    """

    today: date
    balance: int
    service: Service
    subscriptions: tuple[Subscription, ...]
    credit_limit: int = 0
    promise_due: int = 0
    promise_until: date | None = None
    """The last day to pay for the promise, where one is open."""
    charged_through: date | None = None
    block: Block | None = None

    @cached_property
    def following(self) -> Charge | None:
        """The next monthly charge; several rules ask for it, and it is most of what a balance costs."""
        return next(known_charges(self), None)


def monthly_fee(state: AccountState) -> int:
    """What a whole month costs, of everything that goes on or begins with the next period."""
    return sum(each.price for each in state.subscriptions if each.ends_on is None)


def uncharged_fee(state: AccountState) -> int:
    """What a stopped account must pay for the rest of this month to be back, beside its debt (product.md P10)."""
    if state.service.state is not ServiceState.STOPPED:
        return 0
    if state.charged_through is None or state.charged_through >= state.today:
        return 0
    return sum(each.fee_from(state.today) for each in state.subscriptions)


def known_charges(state: AccountState) -> Iterator[Charge]:
    """The monthly charges after today within 12 months, in order; those of nothing are left out.

    Day 1 of each month, in advance. A first inside a suspension is not charged; the rest of that month is, by T5,
    on the day after the suspension (product.md U1).
    """
    for day in _charge_days(state):
        amount = sum(each.fee_from(day) for each in state.subscriptions)
        if amount > 0:
            yield Charge(day, amount)


def _charge_days(state: AccountState) -> Iterator[date]:
    """The days, in order, one by one: most who ask want the first alone."""
    horizon = shift_months(state.today, HORIZON_MONTHS)
    since, until = _blocked(state) or (date.min, date.min)
    resumes = until + timedelta(days=1)
    left = [resumes] if since <= first_of_month(resumes) and state.today < resumes <= horizon else []
    first = next_first(state.today)
    while first <= horizon:
        if left and left[0] < first:
            yield left.pop()
        if left != [first] and not since <= first <= until:
            yield first
        first = next_first(first)
    yield from left


def _blocked(state: AccountState) -> tuple[date, date] | None:
    """First and last day of the suspension that runs, or of the one that is ordered."""
    service, block = state.service, state.block
    if service.state is ServiceState.SUSPENDED and service.since is not None and service.until is not None:
        return service.since, service.until
    return (block.first, block.last) if block is not None else None


def next_charge(state: AccountState) -> Charge | None:
    return state.following


def debt(state: AccountState) -> int:
    """What the balance is below zero, as a sum of 0 or more."""
    return max(0, -state.balance)


def to_pay(state: AccountState, rounding: int) -> int:
    """Debt + next charge + promise due - balance, never below 0, rounded up to a multiple of ``rounding``.

    The debt is what the balance lacks to zero, so a balance below zero counts once, as debt. A stopped account owes
    the rest of a month that it was not charged for, too.
    """
    following = next_charge(state)
    owed = debt(state) + uncharged_fee(state) + (following.amount if following else 0) + state.promise_due
    lacking = owed - max(0, state.balance)
    return -(-max(0, lacking) // rounding) * rounding


def enough_until(state: AccountState) -> EnoughUntil:
    """The day before the first known charge that balance and credit limit cannot cover.

    Promise, bonus and autopayment are not counted (product.md A1); but where a promise alone keeps the service on, it
    is on to the promise's last day.
    """
    left = state.balance - state.promise_due + state.credit_limit
    if state.service.state is ServiceState.ACTIVE and left < 0 and state.promise_until is not None:
        return EnoughUntil(EnoughState.UNTIL, state.promise_until)
    if state.service.state is ServiceState.STOPPED or left < 0:
        return EnoughUntil(EnoughState.STOPPED, state.service.since)
    ordered = state.block
    for charge in known_charges(state):
        if ordered is not None and ordered.first <= charge.day:
            # its fee is taken from own money or the block does not begin: it is never what is not covered
            left -= ordered.fee if left - state.credit_limit >= ordered.fee else 0
            ordered = None
        left -= charge.amount
        if left < 0:
            return EnoughUntil(EnoughState.UNTIL, charge.day - timedelta(days=1))
    return EnoughUntil(EnoughState.LONG, None)
