"""Rooms (M3): every box of the account, and which one this is."""

from __future__ import annotations

from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page, waiting_page
from stb_app.screens.lists import listing, position
from stb_app.toolkit.elements import Column, Element, Text
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import row
from stb_app.words import Words


class RoomsScreen(Screen):
    """A reading list."""

    name = "rooms"

    def called(self, words: Words) -> str:
        return words("Rooms")

    def offers(self, view: View) -> list[Offer]:
        return [Offer("pay", view.words("Pay"))]

    def build(self, view: View, frame: Frame) -> Page:
        words = view.words
        title = words("Rooms")
        account = view.account_value()
        if account is None:
            return waiting_page(self, view, frame, title, view.account)
        rows: list[Element] = []
        for room in account.rooms:
            badge = (words("this box"), "good") if room.this_box else None
            state = words("works") if room.state == "running" else words("stopped")
            rows.append(row(f"room.{room.id}", room.name, state, note=room.model, badge=badge, stacked=view.large))
        note = words.plural(
            "A package is paid once and shows in every room. Up to {n} television",
            "A package is paid once and shows in every room. Up to {n} televisions",
            account.rooms_max,
        )
        heading = Text(title, "title", id="heading", role="heading")
        said = Text(note, "body", "explain", id="rooms_note")
        parts = [listing("rooms", rows or [said])] if view.large else [heading, said, listing("rooms", rows)]
        body = Column(parts, gap="medium")
        return page(
            self, view, frame, body, title=title if view.large else "",
            position=position(rows, view),
        )  # fmt: skip
