"""One month of charges and payments (A3), every line of it."""

from __future__ import annotations

from datetime import date

from stb_app.account.models import Entry
from stb_app.account.queries import entries
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page
from stb_app.screens.lists import listing, position
from stb_app.screens.states import awaiting, nothing
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
        found, fetched = view.store.value(query), view.store.get(query)
        heading = Text(f"{formats.month(self.month)} {self.month.year}", "title", id="month", role="heading")
        title = words("Charges and payments")
        above = [] if view.large else [heading]
        title = heading.text if view.large else title
        if not found:
            none = nothing(words("Nothing in this month"), words("Nothing was charged and nothing was paid in"))
            body = Column([*above, awaiting(view, fetched) if found is None else none], gap="medium")
            return page(self, view, frame, body, title=title, source=fetched)
        rows = LazyRows([f"entry.{entry.id}" for entry in found], lambda index: self._row(found[index], view))
        body = Column([*above, listing("entries", rows)], gap="medium")
        return page(
            self, view, frame, body, title=title,
            position=position(rows, view), source=fetched,
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
