"""Long lists and grids, texts, tables, tabs, charts, progress; what stands in the place of something; what is dim."""

from __future__ import annotations

from functools import partial

from stb_app.controls.choose import ChooseOne
from stb_app.input.keys import Key
from stb_app.screens.base import View
from stb_app.toolkit.chart import Chart, Figure
from stb_app.toolkit.elements import Column, Element, Focusable, Row, Sized, Text
from stb_app.toolkit.many import LazyGrid, Scroll
from stb_app.toolkit.progress import Progress, Steps, Track
from stb_app.toolkit.reading import reading
from stb_app.toolkit.rows import LazyRows
from stb_app.toolkit.states import Situation, Standing, busy, dimmed, standing_line
from stb_app.toolkit.table import Cell, Heading, Table
from stb_app.toolkit.tabs import Tabs
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


MONTHS = (("Sep", 747), ("Oct", 989), ("Nov", 0), ("Dec", 860))
MIXED = (("Sep", 747), ("Oct", -320), ("Nov", 0), ("Dec", 860))
KINDS = (("all", "All"), ("charges", "Charges"), ("payments", "Payments"))


def _chart(view: View, months: tuple[tuple[str, int], ...]) -> Element:  # noqa: ARG001
    return Chart([Figure(name, number, name, f"{number} ₽", name, str(number)) for name, number in months])


def _tabs(view: View, control: ChooseOne) -> Element:
    place = view.words("{position} of {count}").format(position=control.index + 1, count=len(KINDS))
    below = row("row", view.words("Rooms"), "2", stacked=view.large)
    return Column([Tabs("tabs", view.words("What is shown"), control, place), below], gap="medium")


def _tab_row(view: View, control: ChooseOne) -> Element:
    return Column([Tabs("tabs", view.words("What is shown"), control, "1").row()])


def _table(view: View) -> Element:
    words = view.words
    table = Table(
        (Heading(words("Date"), 7.6, style="body", tone="explain"), Heading(words("For what")), Heading(
            words("Sum"), 8.4, "end", "sum")),
        main=1, stacked=view.large,
    )  # fmt: skip
    sums = ("−250,00\u00a0₽", "−84,43\u00a0₽", "+1\u2009300,00\u00a0₽")
    rows = [
        table.row(f"row.{at}", (Cell("14.11"), Cell(words("Television"), "17" if at == 1 else ""), Cell(text)))
        for at, text in enumerate(sums)
    ]
    return Scroll("table", rows) if view.large else Column([table.head(), *rows])


def _progress(view: View, part: float | None) -> Element:
    return Progress(view.words("One moment…"), "" if part is None else f"{part:.0%}", part)


def _steps(view: View, current: int) -> Element:
    names = ("Upper left corner", "Lower right corner", "Done")
    said = [view.words(each) for each in names]
    return Steps(said, current, view.words("{position} of {count}").format(position=current + 1, count=len(said)))


def _track(view: View) -> Element:  # noqa: ARG001 - every exhibit is made from a view
    return Row([Sized(Track(2.4, 4), 640)])


def _reading(view: View) -> Element:
    text = "The work begins at 2 in the night. It ends at 5. Nothing is charged for that time. " * 3
    return reading("text", view.words("Messages"), "20.11", text, [button("done", view.words("Read it"), large=True)])


def _busy(view: View) -> Element:
    return Row([Sized(busy("busy", view.words("One moment…")), 900 if view.large else 420)])


EXHIBITS = (
    Exhibit("chart.months", partial(_chart, months=MONTHS), focus="Oct", room="page"),
    Exhibit("chart.zero_focused", partial(_chart, months=MONTHS), focus="Nov", room="page"),
    Exhibit("chart.under_zero", partial(_chart, months=MIXED), focus="Oct", room="page"),
    Exhibit("chart.nothing", partial(_chart, months=tuple((name, 0) for name, _ in MONTHS)), room="page"),
    Exhibit("tabs.focused", _tabs, partial(ChooseOne, KINDS, "all")),
    Exhibit("tabs.away", _tabs, partial(ChooseOne, KINDS, "charges"), focus="row"),
    Exhibit("tabs.stepped", _tabs, partial(ChooseOne, KINDS, "charges"), keys=(Key.RIGHT,)),
    Exhibit("tabs.row", _tab_row, partial(ChooseOne, KINDS, "charges"), focus=AWAY),
    Exhibit("table.rows", _table, focus="row.1", room="page"),
    Exhibit("progress.part", partial(_progress, part=0.4)),
    Exhibit("progress.whole", partial(_progress, part=1.0)),
    Exhibit("progress.words", partial(_progress, part=None)),
    Exhibit("steps.first", partial(_steps, current=0)),
    Exhibit("steps.second", partial(_steps, current=1)),
    Exhibit("track.parts", _track),
    Exhibit("reading.start", _reading, room="page"),
    Exhibit("reading.middle", _reading, focus="text.2", room="page"),
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
    Exhibit("busy.focused", _busy),
    Exhibit("busy.other", _busy, focus=AWAY),
    Exhibit("dimmed.focused", _dimmed),
    Exhibit("dimmed.other", _dimmed, focus=AWAY),
)
