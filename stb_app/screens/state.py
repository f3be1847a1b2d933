"""Every state has its own screen (S5): what it means, what to do, a short code. Paying and help work from all."""

from __future__ import annotations

from stb_app.navigation import Destination, Open, Stay
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page
from stb_app.screens.help import HelpScreen
from stb_app.screens.pay import PayScreen
from stb_app.screens.state_texts import StateText, state_text
from stb_app.screens.texts import help_numbers
from stb_app.toolkit.elements import Column, Element, Focusable, Row, Scenery, Space, Text
from stb_app.toolkit.many import Scroll
from stb_app.toolkit.reading import LONGEST_STOP, stops
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import button

TEXT = "state_text"
"""At size XL the words are a stop of their own, so that they can be read whole; OK there does the first action."""


class StateScreen(Screen):
    """The root while there is no account to show, or while what matters is why television does not work."""

    name = "state"

    def __init__(self, code: str) -> None:
        self.code = code

    def offers(self, view: View) -> list[Offer]:
        words = view.words
        return [Offer("pay", words("Pay")), Offer("help", words("Help")), Offer("settings", words("Settings"))]

    def select(self, focus: str, view: View) -> Destination:
        if focus == TEXT or focus.startswith("text."):
            focus = state_text(self.code, view).actions[0]
        match focus:
            case "help":
                return Open(HelpScreen(self.code))
            case "pay":
                return Open(PayScreen())
            case "account":
                # Home stands on the state screens in the history, so it is imported where it is opened
                from stb_app.screens.home import HomeScreen

                return Open(HomeScreen())
            case "retry":
                view.store.retry()
        return Stay()

    def build(self, view: View, frame: Frame) -> Page:
        words, said = view.words, state_text(self.code, view)
        title = Text(said.title, "state_title", id="state_title", role="heading")
        text = Text(said.text, "lead", "explain", id=TEXT)
        named = words("Code {code} · help {numbers}", code=self.code, numbers=help_numbers(view))
        foot = Text(named, "detail", "quiet", id="state_code", role="code")
        labels = {
            "help": words("What to do"),
            "pay": words("Pay"),
            "account": words("Open the account"),
            "retry": words("Try now"),
        }
        account = view.account_value()
        if account is not None and account.to_pay.amount > 0:
            labels["pay"] = words("Pay {sum}", sum=view.formats.money(account.to_pay, short=True))
        first = said.actions[0]
        if view.large:
            rows: list[Element] = [
                *_blocks(title, said),
                *(button(name, labels[name], large=True) for name in said.actions),
            ]
            body = Scroll("state", [*rows, foot], gap="medium")
            code = words("Code {code}", code=self.code)
            return page(self, view, frame, body, title=code, code=self.code, initial=TEXT)
        actions = Row([button(name, labels[name]) for name in said.actions], gap="medium", align="stretch")
        right = Column(
            [title, text, Space("small"), actions, Space("small"), foot], gap="medium", align="start", grow=1
        )
        both = Row([Scenery(said.scenery), right], gap=130)
        return page(
            self, view, frame, Column([both], justify="center", grow=1), code=self.code, initial=first, balance=False
        )


def _blocks(title: Text, said: StateText) -> list[Focusable]:
    """Title and text as one stop of the focus; by sentences where a screen of size XL does not show them whole."""
    text, further = said.text, list[Focusable]()
    if len(said.title) + len(text) > LONGEST_STOP:
        first, *further = stops(text)
        text = first.label
    both = Column([title, Text(text, "lead", "explain", id=TEXT)])
    return [Focusable(TEXT, "text", said.title, both, text, fill="surface"), *further]
