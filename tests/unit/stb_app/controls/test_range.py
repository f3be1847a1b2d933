"""Stretches of days: the first, then the last, none outside the rule, and a reason for each that is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stb_app.controls.port import Cancelled, Changed, Done, Ignored, Phase, Press
from stb_app.controls.range import DateRange, RangeEntry, RangeRule
from stb_app.input.keys import Key
from tests.unit.stb_app.controls.keys import press

BLOCK = RangeRule(date(2026, 11, 21), date(2027, 1, 31), longest=30)
"""A temporary block (U1): today or later, 1 to 30 days."""


def problem(entry: RangeEntry, *keys: Key) -> str:
    """Why the last of ``keys`` was not taken."""
    assert press(entry, *keys) == [Changed()] * len(keys)
    return entry.problem


def test_ok_takes_the_first_day_and_then_the_last() -> None:
    entry = RangeEntry(BLOCK)
    assert press(entry, Key.OK) == [Changed()] and entry.start == date(2026, 11, 21)
    press(entry, Key.DOWN, Key.RIGHT)
    assert entry.chosen == DateRange(date(2026, 11, 21), date(2026, 11, 29))
    assert [day for day in range(19, 31) if entry.covers(date(2026, 11, day))] == list(range(21, 30))
    assert press(entry, Key.OK) == [Done(DateRange(date(2026, 11, 21), date(2026, 11, 29)))]
    assert DateRange(date(2026, 11, 21), date(2026, 11, 29)).days == 9


def test_one_day_is_a_range() -> None:
    assert press(RangeEntry(BLOCK), Key.OK, Key.OK)[1] == Done(DateRange(date(2026, 11, 21), date(2026, 11, 21)))


def test_thirty_days_are_taken_and_thirty_one_are_not() -> None:
    entry = RangeEntry(BLOCK)
    press(entry, Key.OK, *[Key.RIGHT] * 30)
    assert not entry.takes(entry.cursor)
    assert problem(entry, Key.OK) == "long"
    assert problem(entry, Key.LEFT) == ""
    assert press(entry, Key.OK) == [Done(DateRange(date(2026, 11, 21), date(2026, 12, 20)))]


def test_days_outside_can_be_looked_at_and_say_why_they_are_not_taken() -> None:
    entry = RangeEntry(BLOCK)
    press(entry, Key.LEFT)
    assert press(entry, Key.OK) == [Changed()] and entry.problem == "early" and entry.start is None
    week = RangeEntry(RangeRule(date(2026, 11, 1), date(2026, 11, 20), longest=10, shortest=7), date(2026, 11, 15))
    assert problem(week, Key.OK) == "late", "no seven days are left"
    assert problem(week, Key.LEFT, Key.OK, Key.OK) == "short"
    assert problem(week, Key.DOWN, Key.OK) == "late"


def test_a_day_before_the_first_one_is_a_new_first_one() -> None:
    entry = RangeEntry(BLOCK, date(2026, 12, 10))
    press(entry, Key.OK, Key.UP, Key.OK)
    assert entry.start == date(2026, 12, 3)


def test_back_gives_the_first_day_up_and_then_leaves() -> None:
    entry = RangeEntry(BLOCK)
    press(entry, Key.OK)
    assert press(entry, Key.BACK, Key.BACK) == [Changed(), Cancelled()]


def test_page_keys_go_by_month_to_its_last_day_where_it_is_shorter() -> None:
    entry = RangeEntry(RangeRule(date(2027, 1, 1), date(2027, 12, 31), 31), date(2027, 1, 31))
    press(entry, Key.PAGE_DOWN)
    assert entry.cursor == date(2027, 2, 28)
    press(entry, Key.PAGE_UP)
    assert entry.cursor == date(2027, 1, 28)
    assert press(entry, Key.PAGE_UP) == [Changed()] and entry.cursor == date(2027, 1, 28)


def test_up_and_down_leave_where_the_months_of_the_rule_end() -> None:
    entry = RangeEntry(RangeRule(date(2026, 11, 10), date(2026, 11, 20), 5))
    press(entry, Key.UP)
    assert entry.cursor == date(2026, 11, 3)
    assert press(entry, Key.UP) == [Ignored()]
    press(entry, Key.LEFT, Key.LEFT, Key.LEFT)
    assert entry.cursor == date(2026, 11, 1)
    press(entry, *[Key.DOWN] * 4)
    assert entry.cursor == date(2026, 11, 29) and press(entry, Key.DOWN) == [Ignored()]


@pytest.mark.parametrize(("longest", "shortest"), [(0, 1), (5, 6), (40, 31), (5, 0)])
def test_a_rule_that_cannot_be_is_refused(longest: int, shortest: int) -> None:
    with pytest.raises(ValueError, match="days between"):
        RangeRule(date(2026, 11, 1), date(2026, 11, 30), longest, shortest)


DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
KEYS = st.sampled_from([*Key, *[Key.OK, Key.LEFT, Key.RIGHT, Key.UP, Key.DOWN, Key.PAGE_DOWN] * 8])
"""The keys that do something more often than the others."""


@given(
    DAYS, st.integers(0, 400), st.integers(1, 60), st.integers(1, 60), st.none() | DAYS,
    st.lists(st.builds(Press, KEYS, st.sampled_from(Phase)), max_size=40),
)  # fmt: skip
def test_whatever_comes_done_tells_a_range_within_the_rule(
    earliest: date, room: int, longest: int, shortest: int, day: date | None, presses: list[Press]
) -> None:
    rule = RangeRule(earliest, earliest + timedelta(room), longest, min(shortest, longest, room + 1))
    entry = RangeEntry(rule, day)
    for each in presses:
        outcome = entry.handle(each)
        assert entry.start is None or rule.earliest <= entry.start <= rule.latest
        if isinstance(outcome, Done):
            chosen = outcome.value
            assert rule.earliest <= chosen.start <= chosen.end <= rule.latest
            assert rule.shortest <= chosen.days <= rule.longest
