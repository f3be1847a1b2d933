"""Tabs, tables, charts, progress, texts in stops, and what stands in the place of something: layout, focus, words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stb_app.controls.choose import ChooseOne
from stb_app.toolkit.chart import LOW, Chart, Figure
from stb_app.toolkit.elements import Column, Element, Focusable
from stb_app.toolkit.focus import Direction
from stb_app.toolkit.ops import FillOp, FrameOp, IconOp, PlainFillOp, TextOp
from stb_app.toolkit.progress import Progress, Steps
from stb_app.toolkit.reading import LONGEST_STOP, reading, stops
from stb_app.toolkit.rows import Given, Joined, LazyRows
from stb_app.toolkit.scene import Node
from stb_app.toolkit.stage import Stage
from stb_app.toolkit.states import Standing, busy, dimmed
from stb_app.toolkit.table import Cell, Heading, Table
from stb_app.toolkit.tabs import Tabs
from stb_app.toolkit.widgets import button, row
from tests.unit.stb_app.support import page, stage

FULL = (1920, 1080)
KINDS = (("all", "All"), ("charges", "Charges"), ("payments", "Payments"))


def shown(body: Element, size: str = "M") -> Stage:
    of = stage(size, FULL)
    of.show(page(body), None)
    return of


def node(of: Stage, role: str) -> Node:
    return next(each for each in of.tree().walk() if each.role == role)


def texts(of: Stage) -> list[TextOp]:
    return [op for op in of._scene.ops if isinstance(op, TextOp)]


def tabs(control: ChooseOne) -> Tabs:
    return Tabs("tabs", "What is shown", control, "2 of 3")


def test_tabs_are_one_stop_whose_control_gets_the_keys() -> None:
    control = ChooseOne(KINDS, "charges")
    of = shown(Column([tabs(control), row("below", "Below")]))
    assert of.focus == "tabs" and of.control is control
    said = node(of, "tabs")
    assert (said.label, said.value, said.state) == ("Charges", "What is shown, 2 of 3", ["selected"])
    others = [each.label for each in of.tree().walk() if each.role == "tab"]
    assert others == ["All", "Payments"]
    assert of.move("DOWN") and of.order.index(str(of.focus)) == 1
    assert of.move("UP") and of.order.index(str(of.focus)) == 0, "it is come back to, wherever the chosen one stands"


def test_the_chosen_tab_alone_is_the_light() -> None:
    of = shown(tabs(ChooseOne(KINDS, "payments")))
    lights = [op for op in of._scene.ops if isinstance(op, FillOp) and op.ring]
    chosen = next(op for op in texts(of) if op.text == "Payments")
    assert len(lights) == 1 and lights[0].rect.contains(chosen.rect)
    assert all(not lights[0].rect.colliderect(op.rect) for op in texts(of) if op is not chosen)


def test_tabs_that_do_not_fit_show_the_chosen_one_between_arrows() -> None:
    options = tuple((str(at), f"A long name of a tab {at}") for at in range(9))
    of = shown(tabs(ChooseOne(options, "4")))
    assert [op.text for op in texts(of)] == ["A long name of a tab 4"]
    assert [op.name for op in of._scene.ops if isinstance(op, IconOp)] == ["previous", "next"]


COLUMNS = (Heading("Date", 7.6), Heading("For what"), Heading("Sum", 8.4, "end", "sum"))


def table(stacked: bool = False) -> Table:
    return Table(COLUMNS, main=1, stacked=stacked)


LINES = (("1 May", "Tariff", "−1,00 ₽"), ("30 November", "A package with a long name", "−123 456,78 ₽"))


def test_a_column_is_as_wide_in_every_row_and_its_name_stands_above_it() -> None:
    made = [table().row(f"r{at}", [Cell(text) for text in line]) for at, line in enumerate(LINES)]
    of = shown(Column([table().head(), *made]))
    found = {op.text: op.rect for op in texts(of)}
    for column, edge in ((0, "left"), (1, "left"), (2, "right")):
        names = [COLUMNS[column].title, *(line[column] for line in LINES)]
        assert len({getattr(found[name], edge) for name in names}) == 1, names
    assert node(of, "row").label == "Tariff" and node(of, "row").value == "1 May, −1,00 ₽"


def test_a_stacked_row_begins_with_what_names_it() -> None:
    of = shown(table(stacked=True).row("r", [Cell("1 May"), Cell("Tariff", "17 days"), Cell("−1,00 ₽")]), "XL")
    assert [op.text for op in sorted(texts(of), key=lambda op: op.rect.y)] == ["Tariff", "17 days", "1 May", "−1,00 ₽"]
    assert len({op.rect.x for op in texts(of)}) == 1


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="row r has 1 cells of 3"):
        table().row("r", [Cell("1 May")])


numbers = st.lists(st.integers(-1000, 1000), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(numbers, st.sampled_from(["M", "XL"]))
def test_bars_stand_on_one_line_in_one_scale_and_inside_their_place(values: list[int], size: str) -> None:
    figures = [Figure(f"b{at}", value, f"Month {at}", f"{value}", "jan", f"{value}") for at, value in enumerate(values)]
    of = shown(Chart(figures), size)
    bars = {op.owner: op.rect for op in of._scene.ops if isinstance(op, FillOp) and op.ring}
    safe = of.kit.px(54), 1080 - of.kit.px(54)
    over = {bars[f.id].bottom for f in figures if f.number >= 0}
    under = {bars[f.id].top for f in figures if f.number < 0}
    assert len(over | under) == 1, "one line"
    for one in figures:
        assert safe[0] <= bars[one.id].top and bars[one.id].bottom <= safe[1]
        for other in figures:
            if abs(one.number) > abs(other.number):
                assert bars[one.id].height >= bars[other.id].height >= of.kit.px(LOW)
    for op in texts(of):
        assert safe[0] <= op.rect.top and op.rect.bottom <= safe[1] + 1


def test_the_arrows_walk_all_bars_zero_ones_too() -> None:
    figures = [Figure(f"b{at}", at % 2 * 100, "Month", "0", "jan", "0") for at in range(5)]
    of = shown(Chart(figures))
    right: Direction = "RIGHT"
    seen = [of.focus]
    while of.move(right):
        seen.append(of.focus)
    assert seen == [f"b{at}" for at in range(5)]


def test_at_size_xl_bars_carry_no_words() -> None:
    figures = [Figure("b", 5, "May", "5 ₽", "may", "5"), Figure("c", 7, "June", "7 ₽", "jun", "7")]
    assert texts(shown(Chart(figures), "XL")) == []
    assert len(texts(shown(Chart(figures)))) == 4


@pytest.mark.parametrize(("part", "share"), [(0.0, 0), (0.25, 0.25), (1.0, 1), (7.0, 1)])
def test_a_bar_is_filled_as_far_as_it_says(part: float, share: float) -> None:
    of = shown(Progress("Copying", "some", part))
    ground, *filled = [op for op in of._scene.ops if isinstance(op, PlainFillOp)]
    assert sum(op.rect.width for op in filled) == pytest.approx(ground.rect.width * share, abs=1)
    assert (node(of, "progress").label, node(of, "progress").value) == ("Copying", "some")


def test_what_has_no_measure_has_words_and_no_bar() -> None:
    of = shown(Progress("One moment", ""))
    assert not [op for op in of._scene.ops if isinstance(op, PlainFillOp)]
    assert node(of, "progress").state == ["loading"]


def test_steps_fill_what_is_done_and_name_what_is_being_done() -> None:
    of = shown(Steps(["One", "Two", "Three"], 1, "2 of 3"))
    marks = [type(op) for op in of._scene.ops if isinstance(op, FillOp | FrameOp)]
    assert marks == [FillOp, FillOp, FrameOp]
    assert (node(of, "progress").label, node(of, "progress").value) == ("Two", "2 of 3")


@given(st.text("abc .!?…", max_size=900))
def test_stops_hold_every_word_in_order_and_none_is_too_long(text: str) -> None:
    found = stops(text)
    assert " ".join(each.label for each in found).split() == text.split() or any(
        len(word) > LONGEST_STOP for word in text.split()
    )
    assert all(0 < len(each.label) <= LONGEST_STOP for each in found)
    assert len({each.id for each in found}) == len(found)


def test_a_text_is_walked_from_its_title_to_what_is_done_after_it() -> None:
    of = shown(reading("text", "Work", "20.11", "One. Two. Three.", [button("done", "Read it")]), "XL")
    seen = [of.focus]
    while of.move("DOWN"):
        seen.append(of.focus)
    assert seen == ["head", "text.0", "text.1", "text.2", "done"]


def test_rows_that_are_there_and_rows_that_are_made_stand_in_one_list() -> None:
    lazy = LazyRows([f"r{at}" for at in range(50)], lambda at: row(f"r{at}", f"Row {at}"))
    rows = Joined(Given([button("first", "First")]), lazy, Given([button("last", "Last")]))
    assert len(rows) == 52 and list(rows.held)[:2] == ["first", "r0"] and rows.held["last"] == 51
    made = rows.row(7)
    assert isinstance(made, Focusable) and made.id == "r6" and rows.names(7) == ("r6",)


@pytest.mark.parametrize("size", ["M", "XL"])
def test_more_words_move_nothing_that_stood(size: str) -> None:
    first = shown(Standing("loading", "One moment"), size)
    then = shown(Standing("loading", "One moment", "It takes longer than usual"), size)
    assert texts(first)[0].rect == texts(then)[0].rect


def test_what_took_the_place_of_what_was_awaited_begins_at_its_beginning() -> None:
    of = stage(size=FULL)
    again = [button("again", "Try now")]
    of.show(page(Standing("error", "No connection", "Check the cable", "N-01", again), "list"), None)
    assert of.focus == "again"
    of.show(page(Column([row(f"r{at}", "Row") for at in range(5)]), "list"), of.focus, fresh=False)
    assert of.focus == "r0"


def test_a_dim_thing_can_have_the_focus_and_says_why() -> None:
    of = shown(Column([dimmed("promise", "Promise", "Only below 50 ₽")]))
    said = node(of, "button")
    assert of.focus == "promise" and of.disabled and (said.value, said.state) == ("Only below 50 ₽", ["disabled"])


def test_a_busy_button_keeps_the_focus_and_does_nothing() -> None:
    of = shown(Column([busy("pay", "Sending")]))
    assert of.focus == "pay" and of.disabled and "loading" in node(of, "button").state
