"""What a screen says in place of what it cannot show yet, or at all: in the same words and the same look everywhere."""

from __future__ import annotations

from device.api.errors import ApiError
from stb_app.account.store import Fetched
from stb_app.patience import SLOW_S, SOON_S, TOO_LONG_S
from stb_app.screens.base import View
from stb_app.screens.state_texts import state_text
from stb_app.screens.texts import help_numbers
from stb_app.toolkit.elements import Element, Focusable, Space
from stb_app.toolkit.states import Standing, standing_line
from stb_app.toolkit.widgets import button, notice

CODES = {"offline": "N-01", "device_unreachable": "B-04", "disconnected": "B-04"}
"""Code of an error -> the code that the viewer may name (product.md, S5)."""


def awaiting(view: View, fetched: Fetched, *, at_once: bool = False, brief: bool = False) -> Element:
    """What stands where the value of ``fetched`` will be: an answer is awaited, or did not come.

    ``at_once``: there is nothing else on the screen, as always at size XL, so it says so before anybody could miss
    something. ``brief``: there is other content, and room for a line.
    """
    words = view.words
    if fetched.error is not None:
        failed = _failed(view, fetched.error)
        return standing_line("error", failed.title) if brief else failed
    too_long = view.waited(fetched, TOO_LONG_S)
    if not view.waited(fetched, SOON_S) and not (at_once or view.large):
        return Space()
    if brief:
        return standing_line("loading", words("One moment…"))
    text = ""
    if too_long:
        text = words("There is still no answer. Come back later, or call {numbers}", numbers=help_numbers(view))
    elif view.waited(fetched, SLOW_S):
        text = words("We are waiting for the operator's answer. What you opened shows as soon as it comes")
    return Standing("loading", words("One moment…"), text, actions=_again(view) if too_long else ())


def _failed(view: View, error: ApiError) -> Standing:
    """It is asked for again by itself; who does not want to wait presses the button."""
    words, code = view.words, CODES.get(error.code, "N-02")
    title = state_text(code, view).title
    if code == "N-01":
        text = words("Check the network cable or Wi-Fi of the box. We keep trying, it shows here by itself")
    else:
        text = words("Your money and packages are safe. We keep trying, it shows here by itself")
    named = words("Code {code} · help {numbers}", code=code, numbers=help_numbers(view))
    return Standing("error", title, text, named, _again(view))


def _again(view: View) -> list[Focusable]:
    made = button("try_now", view.words("Try now"), large=view.large)
    made.does = "retry"
    return [made]


def nothing(title: str, text: str = "", *, brief: bool = False) -> Element:
    """There is nothing to show, and that is no fault: what it means, and what to do."""
    return standing_line("empty", title) if brief else Standing("empty", title, text)


def stale_notice(view: View, *others: Fetched) -> Element | None:
    """The mark on what may be old (A5), the account or ``others``: since when it is known."""
    known = [each.as_of for each in (view.account, *others) if each.stale and each.as_of is not None]
    if not known:
        return None
    when = view.formats.moment(min(known), view.now)
    if view.large:
        # Two lines of it would take a quarter of the screen from what is old
        return notice(view.words("Last known at {when}", when=when), "attention", "offline")
    return notice(view.words("No connection. Last known at {when}", when=when), "attention", "offline")
