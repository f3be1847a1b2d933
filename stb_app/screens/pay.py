"""Ways to pay (P8): the account number large and as a QR code, and what to say where."""

from __future__ import annotations

from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page
from stb_app.screens.lists import listing
from stb_app.toolkit.elements import Column, Element, Focusable, Icon, Row, Space, Text
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import QR
from stb_app.words import Words


class PayScreen(Screen):
    """Works from every state; where no account is proven the viewer reads the number from the contract."""

    name = "pay"

    def called(self, words: Words) -> str:
        return words("Ways to pay")

    def offers(self, view: View) -> list[Offer]:
        return [Offer("help", view.words("Help"))]

    def build(self, view: View, frame: Frame) -> Page:
        words = view.words
        account = view.account_value() if view.store.session.account_number else None
        number = account.number if account else None
        rows: list[Element] = []
        for way in view.profile.payment_ways:
            title, text = words.local(way.title), words.local(way.text)
            said = Column([Text(title, "row"), Text(text, "detail", "explain")], gap=4, grow=1)
            child: Element = said if view.large else Row([Icon(way.icon), said], gap="medium")
            rows.append(Focusable(f"way.{way.id}", "row", title, child, text, min_height=128))
        heading = Text(words("Ways to pay"), "title", id="heading", role="heading")
        if view.large:
            head = [self._named(number, view)] if number else []
            return page(self, view, frame, Column([*head, listing("ways", rows)]), title=heading.text)
        to_pay = ""
        if account is not None and account.to_pay.amount > 0:
            to_pay = words("To pay: {sum}", sum=view.formats.money(account.to_pay, short=True))
        sum_line = [Text(to_pay, "lead", id="to_pay")] if to_pay else []
        left = Column([heading, *sum_line, listing("ways", rows)], gap="medium", grow=1)
        return page(self, view, frame, Row([left, self._number(number, view)], gap="huge", align="stretch"))

    def _number(self, number: str | None, view: View) -> Element:
        words = view.words
        if number is None:
            text = words("The account number is in your contract: 12 digits")
            return Column(
                [Space(grow=1), Text(text, "lead", "explain", align="center", id="number_hint"), Space(grow=1)]
            )
        return Column(
            [
                Space(grow=1),
                QR(number, words("QR code with the account number"), 480),
                self._named(number, view),
                Text(words("Account number, also in the code"), "detail", "explain", align="center", id="number_note"),
                Space(grow=1),
            ],
            align="center",
        )

    @staticmethod
    def _named(number: str, view: View) -> Text:
        said = view.formats.account_number(number)
        return Text(
            said, "title", tabular=True, align="start" if view.large else "center", id="number",
            say=view.words("Account number"), value=said,
        )  # fmt: skip
