"""Buttons, tiles, rows, badges, notices, bars, codes, key hints, lists, grids, toasts."""

from __future__ import annotations

from functools import partial

from stb_app.screens.base import View
from stb_app.toolkit.corners import Corners
from stb_app.toolkit.elements import Box, Column, Element, Row, Sized, Space, Text
from stb_app.toolkit.following import Counted, Following
from stb_app.toolkit.many import Grid, Scroll
from stb_app.toolkit.modal import Panel
from stb_app.toolkit.toast import Toast
from stb_app.toolkit.widgets import (
    QR,
    Fitting,
    KeyHint,
    Plain,
    Segments,
    badge_of,
    button,
    line,
    notice,
    notice_row,
    row,
    tile,
)
from tools.gallery.exhibit import AWAY, Exhibit

SUM = "1\u2009284,50\u00a0₽"
LINE = "Work on the satellite on the night of 24 November"


def _wide(element: Element, width: int) -> Element:
    return Row([Sized(element, width)])


def _button(view: View, *, large: bool = False) -> Element:
    return _wide(button("button", view.words("Pay"), large=large), 900 if view.large else 420)


def _confirming(view: View) -> Element:
    made = button("button", view.words("Pay {sum}", sum=SUM))
    made.confirms = True
    return _wide(made, 1400 if view.large else 420)


def _tile(view: View) -> Element:
    return _wide(
        tile("tile", "message", view.words("Messages"), view.words("No new ones")), 1100 if view.large else 540
    )


def _row(
    view: View, value: str = SUM, note: str = "", tone: str = "text", badge: tuple[str, str] | None = None
) -> Element:
    return row("row", view.words("Rooms"), value, note=note, tone=tone, badge=badge, stacked=view.large)


def _badges(view: View) -> Element:
    said = (("works", "good"), ("until 14 December", "attention"), ("stopped", "bad"))
    badges = [badge_of(text, tone) for text, tone in said]
    return Column(badges, align="start") if view.large else Row(badges)


def _segments(view: View, filled: float, tone: str) -> Element:
    return _wide(Segments(4, filled, tone, view.words("The balance covers"), f"{filled:g}"), 840)


def _notice(view: View, tone: str, icon: str) -> Element:  # noqa: ARG001 - every exhibit is made from a view
    return notice(LINE, tone, icon)


def _notice_row(view: View) -> Element:  # noqa: ARG001 - every exhibit is made from a view
    return notice_row("notice", LINE, "attention", "warning")


def _code(view: View, payload: str, side: int) -> Element:
    return _wide(QR(payload, view.words("QR code with the account number"), side), side)


def _hints(view: View) -> Element:
    named = (
        ("К", "Pay", "key_red"),
        ("З", "Help", "key_green"),
        ("Ж", "Read", "key_yellow"),
        ("С", "Next", "key_blue"),
    )
    hints: list[Element] = [KeyHint(key, view.words(label), colour) for key, label, colour in named]
    return Fitting([*hints, KeyHint("OK", view.words("Done"))])


def _following(view: View) -> Element:
    places = {f"row.{n}": n for n in range(2)}
    rows: list[Element] = [row(name, view.words("Rooms"), str(n)) for name, n in places.items()]
    position = Counted(places, view.words("{position} of {count}"))
    return Column([*rows, Row([Space(grow=1), Following(position, style="body")])])


def _grid(view: View) -> Element:
    tiles = [
        tile(f"tile.{n}", icon, view.words("Rooms"), str(n)) for n, icon in enumerate(("tv", "home", "star", "help"))
    ]
    return Grid(tiles[:2] if view.large else tiles, 1 if view.large else 2, grow=1)


def _list(view: View, count: int = 12) -> Element:
    rows = [row(f"row.{n}", f"{view.words('Messages')} {n + 1}", SUM, stacked=view.large) for n in range(count)]
    return Scroll("list", rows)


def _panel(view: View) -> Element:
    answers = Row([button("pay", view.words("Pay"), grow=1), button("back", view.words("Back"), grow=1)])
    child = Column([Text(view.words("Ways to pay"), "title"), answers], gap="medium")
    whole = Column([Text(view.words("Ways to pay"), "title"), answers], gap="medium")
    return Box(Panel(child, whole, always_whole=view.large), pad_x="edge_x", pad_y="edge_y", grow=1)


def _corners(view: View) -> Element:
    child = Row([Space(grow=1), button("mover", view.words("Next")), Space(grow=1)])
    return Corners(Box(child, pad_x="edge_x", pad_y="edge_y"), (32, 24, 0, 0), "first")


def _shapes(view: View) -> Element:  # noqa: ARG001
    dot, brand = Plain(16, 16, "good", 8), Plain(14, 40, "accent", 4)
    return Column([Row([dot, brand]), _wide(line(), 640)], gap="medium")


def _toast(view: View, tone: str) -> Element:
    return Toast(view.words("The picture fits your television now"), tone)


EXHIBITS = (
    Exhibit("button.plain", _button, focus=AWAY),
    Exhibit("button.focused", _button),
    Exhibit("button.large", partial(_button, large=True), focus=AWAY),
    Exhibit("button.confirming", _confirming, focus=AWAY),
    Exhibit("tile.plain", _tile, focus=AWAY),
    Exhibit("tile.focused", _tile),
    Exhibit("row.plain", _row, focus=AWAY),
    Exhibit("row.focused", _row),
    Exhibit("row.noted", partial(_row, note="since 1 December"), focus=AWAY),
    Exhibit("row.badge", partial(_row, badge=("works", "good")), focus=AWAY),
    Exhibit("row.badge_focused", partial(_row, badge=("stopped", "bad"))),
    Exhibit("row.bad", partial(_row, value="−250,00\u00a0₽", tone="bad"), focus=AWAY),
    Exhibit("row.bad_focused", partial(_row, value="−250,00\u00a0₽", tone="bad")),
    Exhibit("badge.tones", _badges),
    Exhibit("notice.calm", partial(_notice, tone="explain", icon="info")),
    Exhibit("notice.good", partial(_notice, tone="good", icon="check")),
    Exhibit("notice.attention", partial(_notice, tone="attention", icon="warning")),
    Exhibit("notice.bad", partial(_notice, tone="bad", icon="warning")),
    Exhibit("notice_row.plain", _notice_row, focus=AWAY),
    Exhibit("notice_row.focused", _notice_row),
    Exhibit("segments.full", partial(_segments, filled=4, tone="good")),
    Exhibit("segments.part", partial(_segments, filled=1.4, tone="attention")),
    Exhibit("segments.none", partial(_segments, filled=0, tone="bad")),
    Exhibit("qr.number", partial(_code, payload="102733458021", side=320)),
    Exhibit("qr.address", partial(_code, payload=f"https://pay.example/p/{'Qw3rTy' * 16}", side=480)),
    Exhibit("hints.keys", _hints, waives=("sizes",)),
    Exhibit("following.position", _following, focus="row.1"),
    Exhibit("shapes.plain", _shapes),
    Exhibit("grid.tiles", _grid, room="page"),
    Exhibit("list.start", _list, room="page"),
    Exhibit("list.middle", _list, focus="row.6", room="page"),
    Exhibit("list.end", _list, focus="row.11", room="page"),
    Exhibit("list.away", partial(_list, count=2), focus=AWAY, room="page"),
    Exhibit("panel.question", _panel, room="canvas"),
    Exhibit("corners.first", _corners, room="canvas"),
    Exhibit("toast.calm", partial(_toast, tone="explain"), room="canvas"),
    Exhibit("toast.good", partial(_toast, tone="good"), room="canvas"),
    Exhibit("toast.attention", partial(_toast, tone="attention"), room="canvas"),
    Exhibit("toast.bad", partial(_toast, tone="bad"), room="canvas"),
)
