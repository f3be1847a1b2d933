"""Credit mode (product.md P6): limit, due day, who may have it. Pure; sums in minor units, days of the region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tools.headend.domain.account import ServiceState
from tools.headend.domain.periods import next_first, shift_months
from tools.headend.domain.terms import CreditTerms


class CreditState(StrEnum):
    """``withheld``: a debt stands after its due day; until it is paid the limit does not count."""

    ACTIVE = "active"
    WITHHELD = "withheld"
    ENDED = "ended"


class WhyNot(StrEnum):
    """Why credit mode is not to be had."""

    ON = "on"
    PROMISE_OPEN = "promise_open"
    NEW_CONTRACT = "new_contract"
    DEBT = "debt"
    NOT_ACTIVE = "not_active"
    NO_FEE = "no_fee"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about credit mode."""

    today: date
    balance: int
    monthly_fee: int
    promised: int
    credit_mode: bool
    service: ServiceState
    contract_since: date


def limit(monthly_fee: int, terms: CreditTerms) -> int:
    """How far below zero the balance may go, as a sum of 0 or more."""
    return min(monthly_fee * terms.monthly_fees, terms.most)


def why_not(standing: Standing, terms: CreditTerms) -> WhyNot | None:
    """Why credit mode cannot be switched on; None where it can."""
    if standing.credit_mode:
        return WhyNot.ON
    if standing.promised:
        return WhyNot.PROMISE_OPEN
    if standing.balance < 0:
        return WhyNot.DEBT
    if standing.service is not ServiceState.ACTIVE:
        return WhyNot.NOT_ACTIVE
    if shift_months(standing.contract_since, terms.contract_months) > standing.today:
        return WhyNot.NEW_CONTRACT
    return WhyNot.NO_FEE if limit(standing.monthly_fee, terms) == 0 else None


def next_due(day: date, due_day: int) -> date:
    """The first due day on or after ``day``."""
    this_month = day.replace(day=due_day)
    return this_month if day <= this_month else next_first(day).replace(day=due_day)


def late_on(due_on: date) -> date:
    """The day on which a debt that was due is late."""
    return due_on + timedelta(days=1)
