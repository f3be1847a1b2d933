"""Temporary blocks (product.md U1): when, how long, for whom; three flags of what they block. Pure; region's days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tools.headend.domain.account import ServiceState
from tools.headend.domain.periods import Period, shift_months
from tools.headend.domain.terms import SuspensionTerms

DAY = timedelta(days=1)


class SuspensionState(StrEnum):
    """contracts.md: suspension requested -> charged -> active -> ended; cancelled before its start."""

    REQUESTED = "requested"
    CHARGED = "charged"
    ACTIVE = "active"
    ENDED = "ended"
    CANCELLED = "cancelled"


class WhyNot(StrEnum):
    """Why no block can be ordered here and now."""

    CHANNEL = "channel"
    INTERNET = "internet"
    ORDERED = "ordered"
    SUSPENDED = "suspended"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Blocked:
    """What a block blocks, each by itself (facts: Kill Bill's blocking state): changes of what the account has,
    watching, monthly fees. Paying, the app and help are never blocked."""

    change: bool
    entitlement: bool
    billing: bool


NOT_BLOCKED = Blocked(change=False, entitlement=False, billing=False)
ALL_BLOCKED = Blocked(change=True, entitlement=True, billing=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about a block; ``last_start``: the first day of the last one that began."""

    today: date
    service: ServiceState
    ordered: bool
    last_start: date | None
    has_internet: bool
    channel: str


def why_not(standing: Standing, terms: SuspensionTerms) -> WhyNot | None:
    """Why none can be ordered; None where one can, from ``earliest`` on."""
    if standing.channel not in terms.channels:
        return WhyNot.CHANNEL
    if terms.needs_internet and not standing.has_internet:
        return WhyNot.INTERNET
    if standing.service is ServiceState.SUSPENDED:
        return WhyNot.SUSPENDED
    if standing.ordered:
        return WhyNot.ORDERED
    return WhyNot.STOPPED if standing.service is ServiceState.STOPPED else None


def earliest(standing: Standing, terms: SuspensionTerms) -> date:
    """The first day on which one may begin: today or later, and once in the months between from the last start."""
    if standing.last_start is None:
        return standing.today
    return max(standing.today, shift_months(standing.last_start, terms.months_between))


def latest(today: date, terms: SuspensionTerms) -> date:
    """The last day on which one that is ordered today may begin."""
    return today + timedelta(days=terms.ahead_days)


def days_of(first_day: date, days: int) -> Period:
    """The days of a block, both included; it may reach over the end of a month."""
    return Period(first_day, first_day + timedelta(days=days - 1))
