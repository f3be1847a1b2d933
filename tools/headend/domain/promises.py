"""Promised payments (product.md P4): who may have one, how much, until when, when it has done its work. Pure.

The promised sum is booked into the balance and taken back at its end; own money is the balance without it. Days are
of the account's region. The day on which it is due is the last one to pay: it is taken back at the beginning of the
day after, so that the viewer never has less time than was promised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tools.headend.domain.account import ServiceState
from tools.headend.domain.terms import PromiseTerms

DAY = timedelta(days=1)


class PromiseState(StrEnum):
    """contracts.md: promise offered -> active -> repaid | overdue."""

    ACTIVE = "active"
    REPAID = "repaid"
    OVERDUE = "overdue"


class WhyNot(StrEnum):
    """Why no promise is offered."""

    OPEN = "open"
    OVERDUE = "overdue"
    CREDIT_MODE = "credit_mode"
    SUSPENDED = "suspended"
    BALANCE = "balance"
    NO_FEE = "no_fee"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about a promise; ``owes_last``: the last one was taken back and what it covered is still owed."""

    balance: int
    monthly_fee: int
    open: bool
    owes_last: bool
    credit_mode: bool
    service: ServiceState


def why_not(standing: Standing, terms: PromiseTerms) -> WhyNot | None:
    """Why there is no offer; None where there is one. At zero and below it works, too (P4)."""
    if standing.open:
        return WhyNot.OPEN
    if standing.owes_last:
        return WhyNot.OVERDUE
    if standing.credit_mode:
        return WhyNot.CREDIT_MODE
    if standing.service is ServiceState.SUSPENDED:
        return WhyNot.SUSPENDED
    if terms.balance_most is not None and standing.balance > terms.balance_most:
        return WhyNot.BALANCE
    return WhyNot.NO_FEE if most(standing.monthly_fee, terms) < terms.least else None


def most(monthly_fee: int, terms: PromiseTerms) -> int:
    """The largest sum, minor units."""
    return monthly_fee * terms.monthly_fees


def due_on(granted_on: date, terms: PromiseTerms) -> date:
    """The last day to pay."""
    return granted_on + timedelta(days=terms.days)


def may_be_taken_back(*, own: int, own_before: int, paid_since: int, amount: int, coming: int) -> bool:
    """Whether a promise has done its work before it is due.

    ``own``: own money now; ``own_before``: when it was granted; ``paid_since``: what was paid in since then;
    ``coming``: the charges up to its due day. Own money must cover what is owed and what is coming: a promise that is
    taken back the day before the charge that it was made for would stop the service. And it must have been paid for:
    either what was owed at the grant is paid, or as much as was promised.
    """
    return own >= coming and (own_before < 0 or paid_since >= amount)
