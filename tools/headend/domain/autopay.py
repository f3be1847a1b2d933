"""Autopayment: its states, how much, when (product.md P5). Pure.

off -> consented -> armed -> charging -> armed | failed(n) -> off.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tools.headend.domain.payments import AutopayRules


class AutopayState(StrEnum):
    """``off`` has no row; consented waits for the first saved card; failed waits for its next try."""

    OFF = "off"
    CONSENTED = "consented"
    ARMED = "armed"
    CHARGING = "charging"
    FAILED = "failed"


class Mode(StrEnum):
    """When it pays: as soon as own money is below a threshold, or on a day of every month."""

    THRESHOLD = "threshold"
    DAY = "day"


def top_up(mode: Mode, own_money: int, monthly_fee: int, rules: AutopayRules, rounding: int) -> int:
    """How much is to be paid now, minor units, before the limits; 0: nothing.

    By threshold: the monthly fees of the rules, once own money is below the threshold. By day: what own money lacks
    to the next monthly fee, rounded up as the sum to pay is (A1).
    """
    if mode is Mode.THRESHOLD:
        return rules.monthly_fees * monthly_fee if own_money < rules.threshold else 0
    return -(-max(0, monthly_fee - own_money) // rounding) * rounding


def within(amount: int, taken: int, most: int, rules: AutopayRules) -> int:
    """What of ``amount`` may be taken where ``taken`` was in this month, ``most`` at once; 0: nothing."""
    allowed = min(amount, rules.month_most - taken, most)
    return allowed if allowed >= rules.least else 0


def try_again_after(failures: int, rules: AutopayRules) -> timedelta | None:
    """How long after the ``failures``-th failure in a row it is tried again; None: it is switched off."""
    if failures > len(rules.retry_days):
        return None
    return timedelta(days=rules.retry_days[failures - 1])


def beginning(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day of the region."""
    return datetime.combine(day, time(), zone)
