"""The frame that all screens share: brand bar, title, box and card, clock; below the keys that work now."""

from __future__ import annotations

from collections.abc import Sequence

from stb_app.account.store import Fetched
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.states import awaiting, stale_notice
from stb_app.toolkit.elements import Box, Column, Element, Row, Space, Text
from stb_app.toolkit.following import Following, Says
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import Fitting, KeyHint, Plain
from stb_app.toolkit.zones import Region


def page(
    screen: Screen,
    view: View,
    frame: Frame,
    body: Element,
    *,
    title: str = "",
    code: str = "",
    initial: str | None = None,
    follows_focus: bool = False,
    position: Says | None = None,
    balance: bool = True,
    status: bool = False,
    source: Fetched | None = None,
) -> Page:
    """``body`` between header and footer, inside the safe edges. ``status`` shows room and card in the header.

    ``source``: what the body is made from, beside the account; where it is old, the page says so.
    """
    body.grow = max(1, body.grow)
    children: list[Element] = [_header(view, frame, title, balance=balance, status=status)]
    stale = stale_notice(view, *([source] if source else [])) if balance or status else None
    if stale is not None and not status:
        children.append(stale)
    children += [body, _footer(screen, view, frame, position)]
    whole = Box(Column(children, gap="small", grow=1), pad_x="edge_x", pad_y="edge_y", grow=1)
    return Page(screen.name, whole, code, initial, follows_focus)


def waiting_page(screen: Screen, view: View, frame: Frame, title: str, fetched: Fetched) -> Page:
    """The page ``title`` while nothing of ``fetched`` is known."""
    heading = [] if view.large else [Text(title, "title", id="heading", role="heading")]
    body = Column([*heading, awaiting(view, fetched)], gap="medium")
    return page(screen, view, frame, body, title=title if view.large else "")


def _header(view: View, frame: Frame, title: str, *, balance: bool, status: bool) -> Element:
    words = view.words
    left: list[Element] = [Plain(18, 56, "accent", 5) if view.large else Plain(14, 40, "accent", 4)]
    right: list[Element] = []
    account = view.account_value()
    if view.large:
        left.append(Text(title or words("Account"), "header", id="title", role="heading", grow=1))
    else:
        left.append(Text(words("My account"), "header", id="brand", role="heading"))
        if title:
            left += [Space("tight"), Text(title, "header_note", "explain", id="title", role="heading")]
        left.append(Space(grow=1))
        if status and account is not None:
            if account.this_room:
                right.append(Text(account.this_room, "header_note", "explain", id="room"))
            card = [Plain(16, 16, "good", 8), Text(words("Card in place"), "header_note", "explain", id="card")]
            right.append(Row(card))
        elif balance and account is not None:
            text = view.formats.money(account.balance)
            state = ("stale",) if view.account.stale else ()
            right.append(
                Text(text, "header_note", "explain", tabular=True, id="header.balance", role="sum", state=state)
            )
    right.append(Text(view.formats.time(frame.clock), "header", id="clock", role="clock"))
    header = Row([Row(left, gap="small", grow=1), Row(right, gap="medium")], gap="medium")
    return Region("banner", Box(header, pad_x=0, pad_y=0, min_height="height_header"))


def _footer(screen: Screen, view: View, frame: Frame, position: Says | None) -> Element:
    hints: list[Element] = []
    offers: Sequence[Offer] = screen.offers(view)
    for offer in offers:
        key = frame.key_name(offer.action)
        if key is not None:
            hints.append(KeyHint(key[0], offer.label, key[1]))
    right: list[Element] = []
    if position is not None:
        right.append(Following(position))
    back = frame.key_name("back") if frame.back_label else frame.key_name("tv")
    if back is not None:
        right.append(KeyHint(back[0], frame.back_label or view.words("To television"), back[1]))
    footer = Row([Fitting(hints, gap="large" if not view.large else "medium"), Row(right, gap="medium")], gap="medium")
    return Region("contentinfo", Box(footer, pad_x=0, pad_y=0, min_height="height_footer"))
