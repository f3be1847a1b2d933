"""A stretch of days asked over a screen: a temporary block (U1), a statement (A4)."""

from __future__ import annotations

from datetime import date, timedelta

from stb_app.controls.range import RangeEntry, RangeRule
from stb_app.screens.base import View
from stb_app.screens.entering import ENTRY, Asked, EntryDialog
from stb_app.toolkit.elements import Element, Text, Wrap
from stb_app.toolkit.keycaps import Carried
from stb_app.toolkit.range_widgets import Calendar, Day
from stb_app.toolkit.widgets import KeyHint

WEEK = 7
WEEKS_OF_A_MONTH = 6
"""It touches at most so many; a shorter one has as much room, so that nothing moves from month to month."""
WEEKS_AT_XL = 3
"""So many weeks around the cursor stand there at size XL, whatever month they belong to."""


class RangeDialog(EntryDialog):
    """``answered`` gets the ``DateRange``, or None."""

    name = "range"
    width = 1400
    gap = "small"

    def __init__(self, question: str, title: str, text: str, rule: RangeRule, day: date | None = None) -> None:
        """``day``: where the cursor stands first."""
        super().__init__(question, title, text)
        self.control = RangeEntry(rule, day)

    def asked(self, view: View) -> Asked:
        words, control = view.words, self.control
        hint = words("Choose the first day") if control.start is None else words("Choose the last day")
        back = words("Another first day") if control.start else ""
        hints = [KeyHint("OK", hint)] if view.large else []
        return Asked(range_parts(view, control), hint, _problem(view, control), back, hints=hints)


def range_parts(view: View, control: RangeEntry) -> list[Element]:
    """What is chosen so far, and the days: a month, or some weeks at size XL."""
    formats, chosen = view.formats, control.chosen
    if chosen is None:
        said = view.words("From {day}", day=formats.day(control.cursor))
    else:
        days = f"{formats.day(chosen.start)} – {formats.day(chosen.end)}"
        said = view.words.plural("{span}, {n} day", "{span}, {n} days", chosen.days, span=days)
    carried = Carried(ENTRY, "calendar", said, control)
    first, names = formats.week()
    weeks = [[_day(view, control, day) for day in week] for week in _weeks(control.cursor, first, whole=view.large)]
    span = Text(said, "lead", "text" if view.large else "explain", id="chosen")
    month = Text(f"{formats.month(control.cursor)} {control.cursor.year}", "card_title", id="month")
    tone = "good" if control.takes(control.cursor) else "attention"
    return [span if view.large else Wrap(month, span), Calendar(names, weeks, carried, tone)]


def _weeks(cursor: date, first_weekday: int, *, whole: bool) -> list[list[date | None]]:
    """The weeks of the cursor's month without days of others; ``whole``: those around the cursor, all their days."""
    if whole:
        start, count = cursor - timedelta(WEEK), WEEKS_AT_XL
    else:
        start, count = cursor.replace(day=1), WEEKS_OF_A_MONTH
    start -= timedelta((start.weekday() - first_weekday) % WEEK)
    days = [start + timedelta(index) for index in range(WEEK * count)]
    shown = [day if whole or day.month == cursor.month else None for day in days]
    return [shown[index : index + WEEK] for index in range(0, len(shown), WEEK)]


def _day(view: View, control: RangeEntry, day: date | None) -> Day | None:
    if day is None:
        return None
    taken, said = control.takes(day), view.formats.full_day(day)
    return Day(
        str(day.day),
        said if taken else f"{said}, {view.words('not available')}",
        taken,
        control.covers(day),
        day == control.start,
        day == control.cursor,
    )


def _problem(view: View, control: RangeEntry) -> str:
    words, rule, day = view.words, control.rule, view.formats.day
    match control.problem:
        case "early":
            return words("The first day that can be chosen is {day}", day=day(rule.earliest))
        case "late":
            latest = rule.latest if control.start else rule.latest - timedelta(rule.shortest - 1)
            return words("The last day that can be chosen is {day}", day=day(latest))
        case "long":
            return words.plural("At most {n} day", "At most {n} days", rule.longest)
        case "short":
            return words.plural("At least {n} day", "At least {n} days", rule.shortest)
        case _:
            return ""
