"""What I pay for (T3): everything active with its price a month, and what the next charge comes to."""

from __future__ import annotations

from stb_app.account.models import Service
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page, waiting_page
from stb_app.screens.lists import listing, position
from stb_app.screens.states import nothing
from stb_app.screens.texts import help_numbers, service_title
from stb_app.toolkit.elements import Align, Column, Element, Row, Text
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import row
from stb_app.words import Words


class ServicesScreen(Screen):
    """A reading list; connecting and disconnecting come with the catalogue."""

    name = "services"

    def called(self, words: Words) -> str:
        return words("Packages")

    def offers(self, view: View) -> list[Offer]:
        return [Offer("pay", view.words("Pay"))]

    def build(self, view: View, frame: Frame) -> Page:
        words, formats = view.words, view.formats
        title = words("What I pay for")
        account = view.account_value()
        if account is None:
            return waiting_page(self, view, frame, title, view.account)
        rows: list[Element] = [self._row(service, view) for service in account.services]
        none = nothing(words("Nothing is connected"), words("Call {numbers} to choose", numbers=help_numbers(view)))
        heading = Text(title, "title", id="heading", role="heading")
        said: list[Element] = []
        if account.next_charge is not None:
            day, total = account.next_charge
            text = words("{sum} on {day}", sum=formats.money(total), day=formats.day(day))
            align: Align = "start" if view.large else "end"
            said = [Text(text, "subtitle", "explain", align=align, id="next_charge", grow=1)]
        if view.large:
            parts: list[Element] = [listing("services", [*said, *rows])] if rows else [*said, none]
        else:
            above = Row([heading, *said], gap="medium", align="baseline")
            parts = [above, listing("services", rows) if rows else none]
        return page(
            self, view, frame, Column(parts, gap="medium"), title=title if view.large else words("Packages"),
            position=position(rows, view),
        )  # fmt: skip

    def _row(self, service: Service, view: View) -> Element:
        words, formats = view.words, view.formats
        badge = None
        if service.ends_on is not None:
            badge = (words("until {day}", day=formats.day(service.ends_on)), "attention")
        price = words("{sum} a month", sum=formats.money(service.price, short=True))
        name = f"service.{service.kind}.{service.id}"
        return row(name, service_title(service, view), price, badge=badge, stacked=view.large)
