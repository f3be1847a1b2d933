"""Months of a time zone and the part-period price, against exact fractions and day-by-day counting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tools.headend.domain.periods import (
    Period,
    days_in_month,
    first_of_month,
    last_of_month,
    local_date,
    month_of,
    months_back,
    next_first,
    part_price,
    rest_of_month,
    shift_months,
)

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
ZONES = st.sampled_from(["Europe/Moscow", "Asia/Vladivostok", "Atlantic/Azores", "Europe/Bratislava", "Asia/Kathmandu"])


@given(DAYS, st.integers(0, 10_000_000))
def test_part_is_price_times_days_left_half_up(day: date, price: int) -> None:
    rest = rest_of_month(day)
    exact = Fraction(price * rest.days, rest.of)
    rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    if exact.denominator in (1, 2):
        rounded = Decimal(int(exact + Fraction(1, 2)))
    assert part_price(price, rest) == int(rounded)
    assert 0 <= part_price(price, rest) <= price


@given(DAYS, st.integers(0, 1_000_000))
def test_a_whole_month_costs_the_price_and_two_parts_at_most_a_kopeck_more(day: date, price: int) -> None:
    assert part_price(price, rest_of_month(first_of_month(day))) == price
    if day.day > 1:
        before = Period(first_of_month(day), day - timedelta(days=1))
        both = part_price(price, before) + part_price(price, rest_of_month(day))
        assert price <= both <= price + 1


@given(DAYS)
def test_a_month_is_its_days(day: date) -> None:
    counted = [first_of_month(day) + timedelta(days=step) for step in range(40)]
    same = [each for each in counted if month_of(each) == month_of(day)]
    assert len(same) == days_in_month(day) == rest_of_month(first_of_month(day)).days
    assert same[-1] == last_of_month(day)
    assert next_first(day) == same[-1] + timedelta(days=1)
    assert rest_of_month(day).days == sum(each >= day for each in same)


@given(DAYS, st.integers(-600, 600))
def test_shifting_by_months_keeps_the_day_where_it_can(day: date, months: int) -> None:
    shifted = shift_months(day, months)
    assert (shifted.year * 12 + shifted.month) - (day.year * 12 + day.month) == months
    assert shifted.day == min(day.day, days_in_month(shifted))


@given(DAYS)
def test_months_back_are_consecutive_and_end_with_todays(day: date) -> None:
    months = months_back(day, 12)
    assert months[-1] == month_of(day)
    assert months == sorted(set(months)) and len(months) == 12


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)), ZONES)
def test_a_day_begins_at_midnight_of_the_region(at: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    day = local_date(at, zone)
    midnight = datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
    following = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
    assert midnight <= at < following


def test_new_years_eve_is_another_month_in_vladivostok() -> None:
    at = datetime(2026, 12, 31, 14, 30, tzinfo=UTC)
    assert month_of(local_date(at, ZoneInfo("Asia/Vladivostok"))) == "2027-01"
    assert month_of(local_date(at, ZoneInfo("Europe/Moscow"))) == "2026-12"
