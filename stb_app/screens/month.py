"""One month of charges and payments (A3): every line of it, or the charges, or the payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from stb_app.account.models import Entry
from stb_app.account.queries import entries
from stb_app.controls.choose import ChooseOne
from stb_app.navigation import Destination, Stay
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page
from stb_app.screens.lists import listing, pattern, position
from stb_app.screens.states import awaiting, nothing
from stb_app.screens.texts import entry_note, entry_title
from stb_app.toolkit.elements import Column, Element, Row, Space, Text
from stb_app.toolkit.rows import Given, Joined, LazyRows
from stb_app.toolkit.stage import Page
from stb_app.toolkit.table import Cell, Heading, Table
from stb_app.toolkit.tabs import Tabs

KINDS = "kinds"
DAY_EMS, SUM_EMS = 8.4, 10
"""Of a row's text: the longest day, and a sum of nine digits with its sign."""


class MonthScreen(Screen):
    """The entries of ``month`` (its first day), newest first."""

    name = "month"

    def __init__(self, month: date) -> None:
        self.month = month
        self._kinds: ChooseOne | None = None

    def offers(self, view: View) -> list[Offer]:
        return [Offer("pay", view.words("Pay"))]

    def finished(self, control: str, value: Any, view: View) -> Destination:  # noqa: ARG002 - the tabs know the kind
        return Stay()

    def near_end(self, view: View) -> None:
        view.store.more(entries(self.month))

    def build(self, view: View, frame: Frame) -> Page:
        words, formats = view.words, view.formats
        query = entries(self.month)
        found, fetched = view.store.value(query), view.store.get(query)
        heading = Text(f"{formats.month(self.month)} {self.month.year}", "title", id="month", role="heading")
        title = heading.text if view.large else words("Charges and payments")
        if not found:
            none = nothing(words("Nothing in this month"), words("Nothing was charged and nothing was paid in"))
            above: list[Element] = [] if view.large else [heading]
            body = Column([*above, awaiting(view, fetched) if found is None else none], gap="medium")
            return page(self, view, frame, body, title=title, source=fetched)
        shown, tabs = self._chosen(found, view)
        table = _table(view)
        rows = LazyRows(
            [_id(entry) for entry in shown], lambda index: table.row(_id(shown[index]), _cells(shown[index], view))
        )
        name = f"entries.{self._kind}"
        if view.large:
            parts: list[Element] = [listing(name, Joined(Given([each.row() for each in tabs]), rows, counted=rows))]
        else:
            parts = [Row([heading, Space(grow=1), *tabs], gap="medium"), table.head(), listing(name, rows)]
        said = position(rows, view, more=fetched.cursor is not None)
        return page(self, view, frame, Column(parts), title=title, initial=_id(shown[0]), position=said, source=fetched)

    @property
    def _kind(self) -> str:
        return str(self._kinds.value) if self._kinds is not None else "all"

    def _chosen(self, found: Sequence[Entry], view: View) -> tuple[Sequence[Entry], list[Tabs]]:
        """The entries of the chosen kind, and the tabs, where there is more than one kind to choose from."""
        words = view.words
        charges = [entry for entry in found if entry.amount.amount <= 0]
        payments = [entry for entry in found if entry.amount.amount > 0]
        if not charges or not payments:
            self._kinds = None
            return found, []
        options = (("all", words("All")), ("charges", words("Charges")), ("payments", words("Payments")))
        if self._kinds is None or self._kinds.options != options:
            self._kinds = ChooseOne(options, self._kind)
        place = pattern(view).format(position=self._kinds.index + 1, count=len(options))
        chosen = {"all": found, "charges": charges, "payments": payments}[self._kind]
        return chosen, [Tabs(KINDS, words("What is shown"), self._kinds, place)]


def _id(entry: Entry) -> str:
    return f"entry.{entry.id}"


def _table(view: View) -> Table:
    words = view.words
    columns = (
        Heading(words("Date"), DAY_EMS, style="body", tone="explain"),
        Heading(words("For what")),
        Heading(words("Sum"), SUM_EMS, "end", "sum"),
    )
    return Table(columns, main=1, stacked=view.large)


def _cells(entry: Entry, view: View) -> tuple[Cell, ...]:
    formats = view.formats
    return (
        Cell(formats.day(entry.date)),
        Cell(entry_title(entry, view), entry_note(entry, view)),
        Cell(formats.money(entry.amount, sign=True), tone="good" if entry.amount.amount > 0 else ""),
    )
