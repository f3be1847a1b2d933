"""Working days of the check of linked numbers (product.md A7)."""

from __future__ import annotations

from datetime import date

import pytest

from tools.headend.operators import load_operator

MTS = load_operator("mts").numbers
POLARIS = load_operator("polaris").numbers


@pytest.mark.parametrize(
    ("asked", "taken_up", "late"),
    [
        # Wednesday: Thursday and Friday are the two working days
        (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 21)),
        # Friday and Saturday: Monday and Tuesday
        (date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 25)),
        (date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 25)),
        # Tuesday before the day of unity: Thursday and Friday
        (date(2026, 11, 3), date(2026, 11, 5), date(2026, 11, 7)),
        # New Year's Eve, a Thursday: nobody works before Monday the 11th
        (date(2026, 12, 31), date(2027, 1, 11), date(2027, 1, 13)),
    ],
)
def test_a_check_takes_up_to_two_working_days(asked: date, taken_up: date, late: date) -> None:
    assert (MTS.taken_up_on(asked), MTS.late_on(asked)) == (taken_up, late)


def test_polaris_works_on_saturdays_and_takes_three_days() -> None:
    # Friday: Saturday, Monday, Tuesday
    assert POLARIS.late_on(date(2026, 11, 20)) == date(2026, 11, 25)
