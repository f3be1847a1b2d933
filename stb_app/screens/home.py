"""Home (A1): how much, until when, what to do; below it the ways on."""

from __future__ import annotations

from stb_app.account.models import Account
from stb_app.account.queries import MONTHS
from stb_app.navigation import Destination, Open, Stay
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.charges import ChargesScreen
from stb_app.screens.frame import page
from stb_app.screens.help import HelpScreen
from stb_app.screens.messages import MessagesScreen
from stb_app.screens.pay import PayScreen
from stb_app.screens.personal import PersonalScreen
from stb_app.screens.rooms import RoomsScreen
from stb_app.screens.services import ServicesScreen
from stb_app.screens.settings import SettingsScreen
from stb_app.screens.states import awaiting, stale_notice
from stb_app.screens.texts import attention_text, enough_text
from stb_app.toolkit.elements import Column, Element, Row, Shedding, Sized, Space, Text, Wrap
from stb_app.toolkit.many import Grid, Scroll
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import Segments, button, notice, notice_row, row, tile
from stb_app.words import Words

METER_MONTHS = 3


class HomeScreen(Screen):
    """The root while an account may be shown."""

    name = "home"

    def called(self, words: Words) -> str:
        return words("Home")

    def offers(self, view: View) -> list[Offer]:
        words = view.words
        return [
            Offer("pay", words("Pay")),
            Offer("charges", words("Charges")),
            Offer("services", words("Packages")),
            Offer("messages", words("Messages")),
            Offer("settings", words("Settings")),
            Offer("help", words("Help")),
        ]

    def select(self, focus: str, view: View) -> Destination:  # noqa: ARG002
        screens: dict[str, type[Screen]] = {
            "pay": PayScreen,
            "services": ServicesScreen,
            "rooms": RoomsScreen,
            "charges": ChargesScreen,
            "messages": MessagesScreen,
            "personal": PersonalScreen,
            "help": HelpScreen,
            "settings": SettingsScreen,
        }
        return Open(screens[focus]()) if focus in screens else Stay()

    def build(self, view: View, frame: Frame) -> Page:
        account = view.account_value()
        if account is None:
            waiting = awaiting(view, view.account, at_once=True)
            return page(self, view, frame, Column([waiting], justify="center", grow=1), status=True)
        if view.large:
            return page(
                self, view, frame, self._rows(account, view), title=self._when(view), status=True, initial="pay"
            )
        notices = [notice(*each) for each in self._notices(account, view)]
        gap = [Space("tight")] if notices else []
        left = Shedding([*self._answer(account, view), *self._actions(account, view), *gap, *notices])
        return page(
            self, view, frame, Row([Sized(left, 760), self._tiles(account, view)], gap="large", align="stretch"),
            status=True, initial="pay",
        )  # fmt: skip

    def _when(self, view: View) -> str:
        """At size XL the header says since when the sum is true (A5); a stale one says so in its notice."""
        fetched = view.account
        if fetched.as_of is None or fetched.stale:
            return ""
        return view.words("Balance at {when}", when=view.formats.moment(fetched.as_of, view.now))

    def _answer(self, account: Account, view: View) -> list[Element]:
        words, formats = view.words, view.formats
        number = formats.account_number(account.number)
        state = ("stale",) if view.account.stale else ()
        hero = Text(
            formats.money(account.balance), "hero", _tone(account), tabular=True, id="balance", role="sum",
            say=words("Balance"), value=formats.money(account.balance), state=state,
            smaller=("hero_small", "title"),
        )  # fmt: skip
        parts: list[Element] = []
        if not view.large:
            said = words("Balance of account {number}", number=number)
            parts.append(Text(said, "subtitle", "explain", id="account", role="caption"))
        parts.append(hero)
        fetched = view.account
        if fetched.as_of is not None and not view.large:
            when = formats.moment(fetched.as_of, view.now)
            said = words("last known at {when}", when=when) if fetched.stale else words("true at {when}", when=when)
            parts.append(Text(said, "detail", "attention" if fetched.stale else "explain", id="as_of", state=state))
        return parts

    def _meter(self, account: Account, view: View) -> list[Element]:
        words, formats = view.words, view.formats
        parts: list[Element] = []
        fee = account.next_charge[1] if account.next_charge else account.monthly_fee
        if fee.amount > 0:
            months = max(0.0, account.balance.amount / fee.amount)
            tone = "good" if months >= 1 else "attention" if months > 0 else "bad"
            label = words("The balance covers")
            value = words.plural("{n} charge", "{n} charges", int(min(months, 99)))
            parts.append(Segments(METER_MONTHS, months, tone, label, value))
        enough = Text(enough_text(account, view), "lead", "text", id="enough")
        if account.next_charge is None or view.large:
            return [*parts, enough]
        day, total = account.next_charge
        text = f"{formats.money(-total, short=True)} {formats.day(day)}"
        return [*parts, Wrap(enough, Text(text, "body", "explain", id="next_charge"))]

    def _actions(self, account: Account, view: View) -> list[Element]:
        words = view.words
        label = words("Pay")
        if account.to_pay.amount > 0:
            label = words("Pay {sum}", sum=view.formats.money(account.to_pay, short=True))
        return [Space("tight"), *self._meter(account, view), Space("tight"), button("pay", label)]

    def _notices(self, account: Account, view: View) -> list[tuple[str, str, str]]:
        """Text, tone and icon of what is to be known now, two at most."""
        found: list[tuple[str, str, str]] = []
        if view.account.stale and not view.large:
            found.append((view.words("No connection to the operator"), "attention", "offline"))
        if view.store.session.notices:
            text = view.words("The clock of the box is wrong. Everything works, the time here is right")
            found.append((text, "attention", "clock"))
        for attention in account.attention:
            said = attention_text(attention, view)
            if said is not None and len(found) < 2:
                warning = attention.severity == "warning"
                found.append((said, "attention" if warning else "explain", "warning" if warning else "message"))
        return found

    def _ways(self, account: Account, view: View) -> list[tuple[str, str, str, str]]:
        """Id, icon, title and what stands there now."""
        words, formats = view.words, view.formats
        months = view.store.value(MONTHS)
        charged = ""
        if months:
            charged = f"{formats.month(months[-1].month)}: {formats.brief(months[-1].charged)}"
        packages = sum(1 for service in account.services if service.kind == "package")
        tariff = next((words.local(s.name) for s in account.services if s.kind == "tariff"), "")
        connected = words.plural("{n} package", "{n} packages", packages)
        if tariff:
            connected = words.plural("{tariff} and {n} package", "{tariff} and {n} packages", packages, tariff=tariff)
            connected = connected if packages else tariff
        unread = account.unread_messages
        return [
            ("services", "tv", words("Packages"), connected),
            ("rooms", "home", words("Rooms"), words.plural("{n} box", "{n} boxes", len(account.rooms))),
            ("charges", "bars", words("Charges"), charged or words("By month")),
            ("messages", "message", words("Messages"),
             words.plural("{n} new", "{n} new", unread) if unread else words("No new ones")),
            ("personal", "person", words("My data"), words("Contract and contacts")),
            ("help", "help", words("Help"), view.profile.help_lines[0].number),
        ]  # fmt: skip

    def _tiles(self, account: Account, view: View) -> Element:
        return Grid([tile(*way) for way in self._ways(account, view)], 3, grow=1)

    def _rows(self, account: Account, view: View) -> Element:
        stale = stale_notice(view)
        head = Column(
            [*([stale] if stale else []), *self._answer(account, view), *self._meter(account, view)], gap="tight"
        )
        label = view.words("Pay")
        if account.to_pay.amount > 0:
            label = view.words("Pay {sum}", sum=view.formats.money(account.to_pay, short=True))
        rows: list[Element] = [
            button("pay", label, large=True),
            *(notice_row(f"notice.{index}", *each) for index, each in enumerate(self._notices(account, view))),
            *(
                row(name, title, note, tone="explain", role="button")
                for name, _, title, note in self._ways(account, view)
            ),
            row("settings", view.words("Settings"), tone="explain", role="button"),
        ]
        return Scroll("home.list", [head, *rows], gap="medium")


def _tone(account: Account) -> str:
    return "bad" if account.balance.amount < 0 else "text"
