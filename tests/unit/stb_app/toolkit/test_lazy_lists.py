"""Lists whose rows are made when they come into sight: the same to a viewer as lists whose rows are all there."""

from __future__ import annotations

from functools import cache

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stb_app.toolkit.elements import Column, Focusable, Space, Text
from stb_app.toolkit.focus import Direction
from stb_app.toolkit.many import LazyGrid, Scroll
from stb_app.toolkit.ops import TextOp
from stb_app.toolkit.rows import LazyRows, Rows
from stb_app.toolkit.scene import Kit
from stb_app.toolkit.stage import Page, Stage
from tests.unit.stb_app.support import SMALL, kit, page, stage

MANY = 1000
FULL = (1920, 1080)


class Source:
    """Makes rows, and counts them."""

    def __init__(self, heights: list[int]) -> None:
        self.heights = heights
        self.made: list[int] = []

    def make(self, index: int) -> Focusable:
        self.made.append(index)
        high = self.heights[index % len(self.heights)]
        return Focusable(f"r{index}", "row", f"Row {index}", Text(f"Row {index}", "row"), min_height=high)

    def rows(self, count: int) -> LazyRows:
        return LazyRows([f"r{index}" for index in range(count)], self.make)


def listed(rows: Rows | list[Focusable]) -> Page:
    return page(Column([Scroll("list", rows), Space(60)]), "list")


@cache
def shared(size: tuple[int, int]) -> Kit:
    return kit(size=size)


def shown(rows: Rows | list[Focusable], focus: str | None = None, size: tuple[int, int] = FULL) -> Stage:
    of = Stage(shared(size), pygame.Surface(size, 0, 32))
    of.show(listed(rows), focus)
    return of


Step = tuple[str, int]
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["UP", "DOWN", "page up", "page down", "again"]), st.just(0)),
        st.tuples(st.sampled_from(["jump", "fewer"]), st.integers(0, 39)),
    ),
    max_size=12,
)


def taken(of: Stage, step: Step, make: Source, count: int, lazy: bool) -> int:
    """Do a step; how many rows there are then."""
    what, number = step
    match what:
        case "UP" | "DOWN":
            direction: Direction = "UP" if what == "UP" else "DOWN"
            of.move(direction)
        case "page up" | "page down":
            of.turn(what == "page down")
        case "jump":
            of.set_focus(f"r{number % count}")
        case _:
            count = max(1, count - number % 7) if what == "fewer" else count
            rows = make.rows(count) if lazy else [make.make(index) for index in range(count)]
            of.show(listed(rows), of.focus, fresh=False)
    return count


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(40, 500), min_size=1, max_size=5), st.integers(1, 40), steps)
def test_it_looks_like_the_list_whose_rows_are_all_there(heights: list[int], count: int, walk: list[Step]) -> None:
    source = Source(heights)
    lazy = shown(source.rows(count), size=SMALL)
    eager = shown([source.make(index) for index in range(count)], size=SMALL)
    one, other = count, count
    for step in walk:
        one = taken(lazy, step, source, one, lazy=True)
        other = taken(eager, step, source, other, lazy=False)
        assert lazy.focus == eager.focus and lazy.offsets() == eager.offsets()
        assert [op.signature() for op in lazy._scene.ops] == [op.signature() for op in eager._scene.ops]


@pytest.mark.parametrize("high", [40, 130, 500])
def test_no_key_waits_for_a_row_to_be_made(high: int) -> None:
    source = Source([high])
    of = shown(source.rows(MANY), "r500")
    for direction in ("DOWN",) * 30 + ("UP",) * 70:
        of.get_ready()
        made = len(source.made)
        of.move(direction)
        assert len(source.made) == made
    assert of.focus == "r460"
    assert len(source.made) < 71 + 2 * FULL[1] // high + 6, "what is far away is not made"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(40, 700), min_size=1, max_size=5), st.integers(1, 1200), steps)
def test_the_focus_is_in_sight_whatever_is_pressed(heights: list[int], count: int, walk: list[Step]) -> None:
    source = Source(heights)
    of = shown(source.rows(count), size=SMALL)
    for step in walk:
        count = taken(of, step, source, count, lazy=True)
        area = of._scene.scrolls[0]
        assert 0 <= area.first < count
        assert area.viewport.contains(of._scene.focusables[str(of.focus)])
        seen = [node.id for node in of.tree().walk() if node.role == "row"]
        assert seen == [f"r{area.first + index}" for index in range(len(seen))], "no gap, from the first one on"


def test_a_thousand_rows_are_made_as_few_as_a_dozen() -> None:
    most = {}
    for count in (12, MANY):
        source = Source([100])
        of = shown(source.rows(count))
        most[count] = [len(source.made)]
        for _ in range(6):
            source.made.clear()
            of.move("DOWN")
            most[count].append(len(source.made))
    assert most[MANY] == most[12]
    assert most[12][0] <= 9


def test_a_far_row_is_reached_by_making_its_neighbours_only() -> None:
    source = Source([100])
    of = shown(source.rows(MANY))
    source.made.clear()
    of.set_focus("r700")
    assert of.focus == "r700" and set(source.made) <= set(range(690, 712))
    of.show(listed(source.rows(MANY)), of.focus, fresh=False)
    assert of.focus == "r700" and of.offsets() == {"list": 694}


def test_pages_lead_through_a_thousand_rows_and_back() -> None:
    of = shown(Source([100]).rows(MANY))
    turns = 0
    while of.turn(True):
        turns += 1
    assert of.focus == f"r{MANY - 1}" and turns < MANY // 5
    while of.turn(False):
        pass
    assert of.focus == "r0"


def test_pages_need_a_list_that_has_the_focus() -> None:
    of = stage(size=FULL)
    of.show(page(Text("no list")), None)
    assert not of.turn(True)


@pytest.mark.parametrize("gone", ["r500", "r999"])
def test_the_next_row_takes_the_focus_of_one_that_went(gone: str) -> None:
    source = Source([100])
    of = shown(source.rows(MANY), gone)
    names = [f"r{index}" for index in range(MANY) if f"r{index}" != gone]
    left = LazyRows(names, lambda index: source.make(int(names[index][1:])))
    of.show(listed(left), of.focus, fresh=False)
    assert of.focus == {"r500": "r501", "r999": "r998"}[gone]


def test_a_place_far_down_is_come_back_to() -> None:
    of = shown(Source([100]).rows(MANY), "r400")
    of.move("UP")
    order, stands, before = of.order, of.offsets(), [op.signature() for op in of._scene.ops]
    of.show(page(Text("elsewhere"), "other"), None)
    again = listed(Source([100]).rows(MANY))
    again.offsets = stands
    of.show(again, "r399", order=order)
    assert of.focus == "r399" and [op.signature() for op in of._scene.ops] == before
    assert len(order) == MANY


def test_a_moved_page_paints_what_a_whole_repaint_gives() -> None:
    of = shown(Source([60, 100, 180]).rows(MANY), size=SMALL)
    of.expose()
    of.paint()
    for down in (True, True, False):
        of.turn(down)
        of.paint()
        stands = pygame.image.tobytes(of.surface, "RGB")
        of.expose()
        of.paint()
        assert pygame.image.tobytes(of.surface, "RGB") == stands


def test_a_row_that_is_called_otherwise_is_a_mistake_that_is_told() -> None:
    rows = LazyRows(["a", "b"], lambda _: Source([100]).make(7))
    with pytest.raises(ValueError, match="knows this row as 'a', it is called 'r7'"):
        shown(rows)


def test_two_rows_of_one_name_are_refused_before_they_are_made() -> None:
    with pytest.raises(ValueError, match="two focusable things are called 'a'"):
        shown(LazyRows(["a", "b", "a"], Source([100]).make))


def cells(count: int) -> tuple[LazyGrid, list[int]]:
    made: list[int] = []

    def make(index: int) -> Focusable:
        made.append(index)
        return Focusable(f"c{index}", "button", f"Channel {index}", Text(f"{index}", "row"), min_height=160)

    return LazyGrid([f"c{index}" for index in range(count)], make, 5), made


def test_a_grid_keeps_its_column_through_rows_pages_and_a_short_last_row() -> None:
    rows, made = cells(219)
    of = stage(size=FULL)
    of.show(page(Scroll("grid", rows, gap="medium")), "c3")
    assert len(made) <= 35
    for expected in ("c8", "c13"):
        assert of.move("DOWN") and of.focus == expected
    assert of.turn(True)
    assert of.focus is not None and int(of.focus[1:]) % 5 == 3 and int(of.focus[1:]) > 20
    assert of.turn(False) and of.focus == "c13"
    while of.turn(True):
        pass
    assert of.focus == "c218"
    of.show(page(Scroll("grid", cells(217)[0], gap="medium")), "c213")
    assert of.move("DOWN") and of.focus == "c216", "the last row has two cells"
    assert of.move("UP") and of.focus == "c213", "and the column is remembered"


def test_what_a_grid_hides_is_no_way_from_outside() -> None:
    rows, _ = cells(219)
    of = stage(size=FULL)
    above = Focusable("above", "button", "Above", Text("Above", "row"))
    of.show(page(Column([above, Scroll("grid", rows, gap="medium")])), "c200")
    of.set_focus("above")
    assert of.move("DOWN")
    assert of.focus is not None and of._scene.scrolls[0].viewport.contains(of._scene.focusables[of.focus])
    assert of.offsets()["grid"] > 30, "the grid stands where it stood"


def test_a_grid_paints_whole_rows() -> None:
    rows, _ = cells(7)
    of = stage(size=FULL)
    of.show(page(Scroll("grid", rows, gap="medium")), None)
    assert sorted(op.text for op in of._scene.ops if isinstance(op, TextOp)) == [str(index) for index in range(7)]
