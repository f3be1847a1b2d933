"""Calendar months in a region's time zone and the part-period price of product.md T5. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The day that it is in ``zone`` at the instant ``at`` (aware)."""
    return at.astimezone(zone).date()


def not_before(settled_on: date | None, now: datetime, zone: ZoneInfo) -> tuple[datetime, date]:
    """The instant and the day of an account whose last settled day is ``settled_on``: those of the clock, or that day's
    beginning where the clock was set back behind it. A day that was charged is never charged or changed again."""
    today = local_date(now, zone)
    if settled_on is None or today >= settled_on:
        return now, today
    return datetime.combine(settled_on, time(), zone).astimezone(UTC), settled_on


def month_of(day: date) -> str:
    """The month of a day, ``2026-11``."""
    return f"{day.year:04d}-{day.month:02d}"


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def shift_months(day: date, months: int) -> date:
    """The same day ``months`` later (earlier where negative), the month's last one where it is too short."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=1024)
def next_first(day: date) -> date:
    """The first day of the following month. Remembered, as the two below: every balance asks for the same year."""
    return shift_months(first_of_month(day), 1)


@lru_cache(maxsize=1024)
def days_in_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]


@lru_cache(maxsize=1024)
def last_of_month(day: date) -> date:
    return day.replace(day=days_in_month(day))


def months_back(today: date, count: int) -> list[str]:
    """``count`` months that end with today's, oldest first."""
    return [month_of(shift_months(first_of_month(today), -back)) for back in range(count - 1, -1, -1)]


@dataclass(frozen=True, slots=True)
class Period:
    """A paid period within one calendar month; both days belong to it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def of(self) -> int:
        """Days of the whole month."""
        return days_in_month(self.first)


def rest_of_month(day: date) -> Period:
    """From ``day``, which counts, to the end of its month."""
    return Period(day, last_of_month(day))


def part_price(price: int, period: Period) -> int:
    """``price`` x days / days of the month, half up to the minor unit (product.md T5)."""
    return (2 * price * period.days + period.of) // (2 * period.of)
