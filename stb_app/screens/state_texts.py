"""What each state means and what to do (S5): on a screen of its own, and where something cannot be shown."""

from __future__ import annotations

from dataclasses import dataclass

from stb_app.screens.base import View


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
