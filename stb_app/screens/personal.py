"""Personal data (A2): the account number in full, since paying elsewhere needs it; the rest masked by the service."""

from __future__ import annotations

from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page, waiting_page
from stb_app.screens.lists import listing, position
from stb_app.toolkit.elements import Column, Element, Row, Text
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import row
from stb_app.words import Words


class PersonalScreen(Screen):
    """A reading list."""

    name = "personal"

    def called(self, words: Words) -> str:
        return words("My data")

    def offers(self, view: View) -> list[Offer]:
        return [Offer("pay", view.words("Pay"))]

    def build(self, view: View, frame: Frame) -> Page:
        words = view.words
        account = view.account_value()
        title = words("My data")
        if account is None:
            return waiting_page(self, view, frame, title, view.account)
        names = [
            ("contract_number", words("Contract")),
            ("name", words("Name")),
            ("address", words("Address")),
            ("phone", words("Phone")),
            ("email", words("E-mail")),
        ]
        number = view.formats.account_number(account.number)
        rows: list[Element] = [row("account_number", words("Account number"), number, stacked=view.large)]
        rows += [
            row(key, label, account.holder.get(key) or words("not given"), stacked=view.large) for key, label in names
        ]
        why = words("Hidden letters keep your data from other people's eyes")
        note = Text(why, "detail", "explain", align="end", grow=1, id="why_hidden")
        heading = Row([Text(title, "title", id="heading", role="heading"), note], gap="medium", align="baseline")
        body = Column([listing("personal", rows)] if view.large else [heading, listing("personal", rows)], gap="medium")
        return page(
            self, view, frame, body, title="" if not view.large else title,
            position=position(rows, view),
        )  # fmt: skip
