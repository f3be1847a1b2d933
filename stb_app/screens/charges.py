"""Charges and payments (A3): twelve months as a picture, what the focused one holds; OK opens it."""

from __future__ import annotations

from datetime import date

from stb_app.account.models import Entry, MonthTotal
from stb_app.account.queries import MONTHS, entries
from stb_app.navigation import Destination, Open, Stay
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page
from stb_app.screens.lists import pattern
from stb_app.screens.month import MonthScreen
from stb_app.screens.states import awaiting, nothing
from stb_app.screens.texts import entry_note, entry_title
from stb_app.toolkit.chart import Chart, Figure
from stb_app.toolkit.elements import Column, Element, Row, Sized, Space, Text
from stb_app.toolkit.following import Counted
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import line
from stb_app.words import Words

PREVIEW_ROWS = 4
PREVIEW_EMS = 7.1
"""The height of so many rows in ems of the body, kept while they load: the bars above stand still."""


class ChargesScreen(Screen):
    """Left and right walk the months."""

    name = "charges"

    def called(self, words: Words) -> str:
        return words("Charges")

    def offers(self, view: View) -> list[Offer]:
        opens = [Offer("select", view.words("Open the month"))] if view.store.value(MONTHS) else []
        return [*opens, Offer("pay", view.words("Pay"))]

    def select(self, focus: str, view: View) -> Destination:
        month = self._month(focus, view)
        return Open(MonthScreen(month.month)) if month else Stay()

    def _month(self, focus: str | None, view: View) -> MonthTotal | None:
        months = view.store.value(MONTHS) or ()
        chosen = next((month for month in months if _id(month) == focus), None)
        return chosen or (months[-1] if months else None)

    def build(self, view: View, frame: Frame) -> Page:
        title = view.words("Charges and payments")
        months = view.store.value(MONTHS)
        if months is None:
            return page(self, view, frame, awaiting(view, view.store.get(MONTHS)), title=title)
        if not months:
            return page(self, view, frame, nothing(view.words("No charges yet")), title=title)
        initial = _id(months[-1])
        month = self._month(view.focus, view) or months[-1]
        bars = Chart([self._bar(each, view) for each in months])
        if view.large:
            body = Column([*self._large(month, view), Space("tight"), bars, Space("tight")], gap="tight")
            return page(
                self, view, frame, body, title=title, initial=initial, follows_focus=True,
                position=Counted({_id(each): place for place, each in enumerate(months)}, pattern(view)),
            )  # fmt: skip
        preview = Sized(Column(self._preview(month.month, view), gap="tight"), min_ems=PREVIEW_EMS)
        body = Column([self._summary(month, view), bars, Space("tight"), preview], gap="tight")
        return page(self, view, frame, body, title=title, initial=initial, follows_focus=True)

    def _summary(self, month: MonthTotal, view: View) -> Element:
        formats = view.formats
        said = view.words(
            "charged {charged}, paid in {paid}",
            charged=formats.money(month.charged, short=True),
            paid=formats.money(month.paid, short=True),
        )
        name = Text(formats.month(month.month), "title", id="month", role="heading")
        return Row([name, Text(said, "subtitle", "explain", grow=1, id="summary")], gap="medium", align="baseline")

    def _large(self, month: MonthTotal, view: View) -> list[Element]:
        """The one month whose figures there is room for."""
        formats, words = view.formats, view.words
        name = f"{formats.month(month.month)} {month.month.year}"
        charged = words("Charged {sum}", sum=formats.money(month.charged, short=True))
        paid = words("Paid in {sum}", sum=formats.money(month.paid, short=True))
        return [
            Text(name, "title", id="month", role="heading"),
            Text(charged, "body", id="charged"),
            Text(paid, "body", "explain", id="paid"),
        ]

    def _bar(self, month: MonthTotal, view: View) -> Figure:
        formats = view.formats
        return Figure(
            _id(month),
            month.charged.amount,
            f"{formats.month(month.month)} {month.month.year}",
            formats.money(month.charged),
            formats.month_short(month.month),
            formats.brief(month.charged, bare=True),
        )

    def _preview(self, month: date, view: View) -> list[Element]:
        query = entries(month)
        found = view.store.value(query)
        if found is None:
            return [awaiting(view, view.store.get(query), brief=True)]
        if not found:
            return [nothing(view.words("Nothing in this month"), brief=True)]
        parts: list[Element] = []
        for entry in found[:PREVIEW_ROWS]:
            parts += [_entry_line(entry, view), line()]
        return parts[:-1]


def _entry_line(entry: Entry, view: View) -> Element:
    title = entry_title(entry, view)
    note = entry_note(entry, view)
    tone = "good" if entry.amount.amount > 0 else "text"
    day = Text(view.formats.day(entry.date), "body", "explain", id="entry.day")
    return Row(
        [
            Sized(day, ems=8.2),
            Text(f"{title}, {note}" if note else title, "body", grow=1, id="entry"),
            Text(view.formats.money(entry.amount, sign=True), "sum", tone, tabular=True, id="entry.sum", role="sum"),
        ],
        gap="small",
    )


def _id(month: MonthTotal) -> str:
    return f"month.{month.month:%Y-%m}"
