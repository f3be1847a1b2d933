"""One month of charges and payments (A3), every line of it."""

from __future__ import annotations

from datetime import date

from stb_app.account.models import Entry
from stb_app.account.queries import entries
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page
from stb_app.screens.lists import listing, position, waiting
from stb_app.screens.texts import entry_note, entry_title
from stb_app.toolkit.elements import Column, Focusable, Text
from stb_app.toolkit.rows import LazyRows
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import row


class MonthScreen(Screen):
    """The entries of ``month`` (its first day), newest first."""

    name = "month"

    def __init__(self, month: date) -> None:
        self.month = month

    def offers(self, view: View) -> list[Offer]:
        return [Offer("pay", view.words("Pay"))]

    def build(self, view: View, frame: Frame) -> Page:
        words, formats = view.words, view.formats
        query = entries(self.month)
        found = view.store.value(query)
        heading = Text(f"{formats.month(self.month)} {self.month.year}", "title", id="month", role="heading")
        title = words("Charges and payments")
        if found is None:
            body = Column([heading, waiting(view, view.store.get(query).error is not None)], gap="medium")
            return page(self, view, frame, body, title=title)
        if not found:
            nothing = Text(words("Nothing in this month"), "body", "explain", id="nothing")
            return page(self, view, frame, Column([heading, nothing]), title=title)
        rows = LazyRows([f"entry.{entry.id}" for entry in found], lambda index: self._row(found[index], view))
        body = Column([listing("entries", rows)] if view.large else [heading, listing("entries", rows)], gap="medium")
        return page(
            self, view, frame, body, title=heading.text if view.large else title,
            position=position(rows, view),
        )  # fmt: skip

    @staticmethod
    def _row(entry: Entry, view: View) -> Focusable:
        formats = view.formats
        day, note = formats.day(entry.date), entry_note(entry, view)
        return row(
            f"entry.{entry.id}",
            entry_title(entry, view),
            formats.money(entry.amount, sign=True),
            note=f"{day}, {note}" if note else day,
            tone="good" if entry.amount.amount > 0 else "text",
            stacked=view.large,
        )
