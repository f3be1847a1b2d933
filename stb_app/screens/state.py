"""Every state has its own screen (S5): what it means, what to do, a short code. Paying and help work from all."""

from __future__ import annotations

from dataclasses import dataclass

from stb_app.navigation import Destination, Open, Stay
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page
from stb_app.screens.help import HelpScreen
from stb_app.screens.pay import PayScreen
from stb_app.toolkit.elements import Column, Focusable, Row, Scenery, Space, Text
from stb_app.toolkit.many import Scroll
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import button

TEXT = "state_text"
"""At size XL the words are a stop of their own, so that they can be read whole; OK there does the first action."""


@dataclass(frozen=True)
class StateText:
    """What a state screen says; ``actions`` are ids of buttons, the first has the focus."""

    scenery: str
    title: str
    text: str
    actions: tuple[str, ...]


def state_text(code: str, view: View) -> StateText:
    """The words for a code of product.md S5; an unknown code is a service that cannot be used now."""
    words = view.words
    match code:
        case "C-01":
            return StateText(
                "card_in",
                words("Insert the smart card"),
                words("The box does not see the card. Push it in, chip down, as far as it goes. "
                      "The account opens by itself."),
                ("help", "pay"),
            )  # fmt: skip
        case "C-02":
            return StateText(
                "card_in",
                words("The card does not answer"),
                words("Take the card out, wipe the chip with a dry cloth and put it back, chip down."),
                ("help", "pay"),
            )
        case "C-03":
            return StateText(
                "card_wrong",
                words("This card belongs to another box"),
                words("Put in the card that came with this box. If the cards were mixed up, swap them back."),
                ("help", "pay"),
            )
        case "C-04":
            return StateText(
                "card_wrong",
                words("The card was not accepted"),
                words("Call us and name the code below. We will check the card and change it if need be."),
                ("help", "pay"),
            )
        case "C-05":
            return StateText(
                "box",
                words("The card reader does not answer"),
                words("Switch the box off for a minute and on again. The account opens by itself."),
                ("help", "pay"),
            )
        case "B-01":
            return StateText(
                "box",
                words("This box is not registered yet"),
                words("Call us and name the code below: we will connect the box to your contract."),
                ("help", "pay"),
            )
        case "B-02":
            return StateText(
                "box",
                words("This box was switched off by the operator"),
                words("Call us and name the code below: we will say why and what to do."),
                ("help", "pay"),
            )
        case "B-03":
            return StateText(
                "box",
                words("The box could not prove who it is"),
                words("Call us and name the code below: the box must be set up again."),
                ("help", "pay"),
            )
        case "B-04":
            return StateText(
                "box",
                words("The box is getting ready"),
                words("A part of the box is starting. If this takes more than a minute, switch the box off and on."),
                ("help", "pay"),
            )
        case "A-01":
            return StateText(
                "stopped",
                words("Television is stopped"),
                words("There was not enough money for the monthly charge. Pay, and it comes back by itself."),
                ("pay", "account", "help"),
            )
        case "A-02":
            return StateText(
                "stopped",
                words("Television is paused"),
                words("You asked for a break. Nothing is charged while it lasts."),
                ("account", "pay", "help"),
            )
        case "N-01":
            return StateText(
                "network",
                words("No connection to the operator"),
                words("Check the network cable or Wi-Fi of the box. We keep trying, the account opens by itself."),
                ("retry", "help", "pay"),
            )
        case "N-03":
            return StateText(
                "network",
                words("The connection is not safe"),
                words("Something between the box and the operator is not what it should be. Nothing was sent. "
                      "Call us and name the code below."),
                ("help", "pay"),
            )  # fmt: skip
        case _:
            return StateText(
                "busy",
                words("The operator is busy or at work on the system"),
                words("Your money and packages are safe. We keep trying, the account opens by itself."),
                ("retry", "help", "pay"),
            )


class StateScreen(Screen):
    """The root while there is no account to show, or while what matters is why television does not work."""

    name = "state"

    def __init__(self, code: str) -> None:
        self.code = code

    def offers(self, view: View) -> list[Offer]:
        words = view.words
        return [Offer("pay", words("Pay")), Offer("help", words("Help")), Offer("settings", words("Settings"))]

    def select(self, focus: str, view: View) -> Destination:
        if focus == TEXT:
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

    def act(self, action: str, view: View) -> Destination | None:
        if action == "retry":
            view.store.retry()
            return Stay()
        return None

    def build(self, view: View, frame: Frame) -> Page:
        words, said = view.words, state_text(self.code, view)
        title = Text(said.title, "state_title", id="state_title", role="heading")
        text = Text(said.text, "lead", "explain", id=TEXT)
        numbers = words(" or ").join(line.number for line in view.profile.help_lines)
        said_last = words("Code {code} · help {numbers}", code=self.code, numbers=numbers)
        foot = Text(said_last, "detail", "quiet", id="state_code", role="code")
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
            block = Focusable(TEXT, "text", said.title, Column([title, text]), said.text, fill="surface")
            buttons = [button(name, labels[name], large=True) for name in said.actions]
            body = Scroll("state", [block, *buttons, foot], gap="medium")
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
