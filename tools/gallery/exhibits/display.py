"""Long lists and grids; what stands in the place of something; what is dim."""

from __future__ import annotations

from functools import partial

from stb_app.screens.base import View
from stb_app.toolkit.elements import Column, Element, Focusable, Text
from stb_app.toolkit.many import LazyGrid, Scroll
from stb_app.toolkit.rows import LazyRows
from stb_app.toolkit.states import Situation, Standing, dimmed, standing_line
from stb_app.toolkit.widgets import button, row
from tools.gallery.exhibit import AWAY, Exhibit

MANY = 1000


def _long(view: View) -> Element:
    def made(index: int) -> Focusable:
        return row(f"row.{index}", f"{view.words('Messages')} {index + 1}", f"{index + 1}", stacked=view.large)

    return Scroll("list", LazyRows([f"row.{index}" for index in range(MANY)], made))


def _channels(view: View) -> Element:
    def made(index: int) -> Focusable:
        text = Text(f"{view.words('Television')} {index + 1}", "card_title")
        return Focusable(f"cell.{index}", "button", text.text, text, min_height=160)

    names = [f"cell.{index}" for index in range(219)]
    return Scroll("grid", LazyGrid(names, made, 1 if view.large else 4), gap="medium")


def _standing(view: View, situation: Situation, title: str, text: str = "", code: str = "") -> Element:
    again = [button("again", view.words("Try now"), large=view.large)] if code else []
    return Standing(situation, view.words(title), view.words(text) if text else "", code, again)


def _line(view: View, situation: Situation, title: str) -> Element:
    return standing_line(situation, view.words(title))


def _dimmed(view: View) -> Element:
    return Column([dimmed("promise", view.words("Promised payment"), "Only when the balance is below 50 ₽")])


EXHIBITS = (
    Exhibit("list.thousand-middle", _long, focus="row.500", room="page"),
    Exhibit("list.thousand-last", _long, focus=f"row.{MANY - 1}", room="page"),
    Exhibit("grid.219-middle", _channels, focus="cell.101", room="page"),
    Exhibit("grid.219-last", _channels, focus="cell.218", room="page"),
    Exhibit("standing.loading", partial(_standing, situation="loading", title="One moment…"), room="page"),
    Exhibit(
        "standing.empty",
        partial(
            _standing, situation="empty", title="No messages yet", text="What the operator writes to you stands here"
        ),
        room="page",
    ),
    Exhibit(
        "standing.error",
        partial(
            _standing,
            situation="error",
            title="No connection to the operator",
            text="Check the network cable or Wi-Fi of the box. We keep trying, it shows here by itself",
            code="N-01",
        ),
        room="page",
    ),
    Exhibit("line.loading", partial(_line, situation="loading", title="One moment…")),
    Exhibit("line.empty", partial(_line, situation="empty", title="Nothing in this month")),
    Exhibit("line.error", partial(_line, situation="error", title="No connection to the operator")),
    Exhibit("dimmed.focused", _dimmed),
    Exhibit("dimmed.other", _dimmed, focus=AWAY),
)
