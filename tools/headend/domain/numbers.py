"""Linked telephone numbers: their states and the operator's working days (product.md A7). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tools.headend.domain.limits import Limit
from tools.headend.domain.texts import LocalText

_DAY = timedelta(days=1)


class NumberState(StrEnum):
    """requested -> checking -> linked | refused."""

    REQUESTED = "requested"
    CHECKING = "checking"
    LINKED = "linked"
    REFUSED = "refused"

    @property
    def decided(self) -> bool:
        return self in (NumberState.LINKED, NumberState.REFUSED)


class Reason(StrEnum):
    """Why a number was refused: both lead to a salon."""

    OTHER_OWNER = "other_owner"
    NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True, slots=True)
class NumberRules:
    """At most ``most`` numbers an account; a check takes up to ``working_days``; work is done on ``weekdays``
    (Monday 0) that are none of the ``holidays`` (month, day). ``refused``: what to do, by reason. ``guesses``: so many
    numbers that are linked to others lock for so long: each tells that somebody has it."""

    most: int
    working_days: int
    weekdays: frozenset[int]
    holidays: frozenset[tuple[int, int]]
    refused: dict[Reason, LocalText]
    guesses: Limit

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and (day.month, day.day) not in self.holidays

    def after(self, day: date, working_days: int) -> date:
        """The last of so many working days after ``day``, which does not count."""
        while working_days:
            day += _DAY
            working_days -= self.works_on(day)
        return day

    def taken_up_on(self, requested_on: date) -> date:
        """When the check begins at the latest: on the next working day."""
        return self.after(requested_on, 1)

    def late_on(self, requested_on: date) -> date:
        """The first day behind the check: what is not decided by then is refused."""
        return self.after(requested_on, self.working_days) + _DAY
