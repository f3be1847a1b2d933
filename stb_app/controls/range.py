"""A stretch of days picked on a calendar: its first day, then its last."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from stb_app.controls.port import Cancelled, Changed, Done, Ignored, Outcome, Phase, Press
from stb_app.input.keys import Key

_DAYS = {Key.LEFT: -1, Key.RIGHT: 1, Key.UP: -7, Key.DOWN: 7}
_MONTHS = {Key.PAGE_UP: -1, Key.PAGE_DOWN: 1}

Problem = Literal["", "early", "late", "short", "long"]


@dataclass(frozen=True)
class DateRange:
    """``start`` and ``end`` both belong to it."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class RangeRule:
    """Every day of a range lies from ``earliest`` to ``latest``; it is ``shortest`` to ``longest`` days long."""

    earliest: date
    latest: date
    longest: int
    shortest: int = 1

    def __post_init__(self) -> None:
        room = (self.latest - self.earliest).days + 1
        if not 1 <= self.shortest <= min(self.longest, room):
            raise ValueError(f"{self.shortest} to {self.longest} days between {self.earliest} and {self.latest}")


class RangeEntry:
    """``Done`` carries a ``DateRange`` within the rule. The arrows move by day and week, PAGE UP and DOWN by month; OK
    takes the first day, then the last; a day before the first one is a new first one. BACK gives the first day up.
    """

    context = "range"

    def __init__(self, rule: RangeRule, day: date | None = None) -> None:
        """``day``: where the cursor stands first, by default the earliest day."""
        self.rule = rule
        self.start: date | None = None
        self.problem: Problem = ""
        """Why the last day was not taken."""
        # Days of these months can be looked at; those that cannot be taken say why
        self._first = rule.earliest.replace(day=1)
        self._last = rule.latest.replace(day=monthrange(rule.latest.year, rule.latest.month)[1])
        self.cursor = min(rule.latest, max(rule.earliest, day or rule.earliest))

    def takes(self, day: date) -> bool:
        """Whether OK on ``day`` is taken now."""
        return not self._refused(day)

    def covers(self, day: date) -> bool:
        """Whether ``day`` lies in what would be taken with OK at the cursor."""
        return self.start is not None and self.start <= day <= max(self.start, self.cursor)

    @property
    def chosen(self) -> DateRange | None:
        """From the first day to the cursor; None while there is no first day."""
        return DateRange(self.start, max(self.start, self.cursor)) if self.start is not None else None

    def handle(self, press: Press) -> Outcome:
        if press.phase not in (Phase.MAKE, Phase.REPEAT):
            return Ignored()
        if press.key in _DAYS:
            return self._go(self.cursor + timedelta(_DAYS[press.key]), leaves=press.key in (Key.UP, Key.DOWN))
        if press.key in _MONTHS:
            return self._go(_months_on(self.cursor, _MONTHS[press.key]), leaves=False)
        if press.phase is not Phase.MAKE:
            return Ignored()
        if press.key is Key.OK:
            return self._take(self.cursor)
        if press.key is Key.BACK:
            if self.start is None:
                return Cancelled()
            self.start, self.problem = None, ""
            return Changed()
        return Ignored()

    def _go(self, day: date, *, leaves: bool) -> Outcome:
        if self._first <= day <= self._last:
            self.cursor, self.problem = day, ""
            return Changed()
        return Ignored() if leaves else Changed()

    def _refused(self, day: date) -> Problem:
        rule = self.rule
        if day < rule.earliest:
            return "early"
        if self.start is None or day < self.start:
            # A first day must leave room for the shortest range
            return "late" if day > rule.latest - timedelta(rule.shortest - 1) else ""
        days = DateRange(self.start, day).days
        if day > rule.latest:
            return "late"
        return "long" if days > rule.longest else "short" if days < rule.shortest else ""

    def _take(self, day: date) -> Outcome:
        self.problem = self._refused(day)
        if self.problem:
            return Changed()
        if self.start is None or day < self.start:
            self.start = day
            return Changed()
        return Done(DateRange(self.start, day))


def _months_on(day: date, step: int) -> date:
    """The same day of another month, or its last one."""
    index = day.year * 12 + day.month - 1 + step
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
