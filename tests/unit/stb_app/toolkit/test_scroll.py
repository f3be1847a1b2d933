"""A list: the focused row is whole, the next one peeks in, it stands at a row's top and never over what is below."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stb_app.toolkit.elements import Column, Element, Focusable, Space, Text
from stb_app.toolkit.focus import Direction
from stb_app.toolkit.ops import FadeOp, TextOp
from stb_app.toolkit.scrolling import ScrollArea
from stb_app.toolkit.stage import Stage
from tests.unit.stb_app.support import page, scroll, stage

GAP, PEEK, RING = 16, 40, 12
VIEW = 400


def _no_row(_: int) -> None:
    """Nothing of it is drawn here."""


def area(rows: list[tuple[int, bool]], first: int = 0) -> ScrollArea:
    """Rows of (height, can have the focus) in a view of 400."""
    held = {f"r{index}": index for index, (_, focusable) in enumerate(rows) if focusable}
    return ScrollArea(
        "list", pygame.Rect(0, 0, 900, VIEW), len(rows), held, {},
        lambda index: (f"r{index}",) if rows[index][1] else (), lambda index: rows[index][0], _no_row,
        GAP, first, PEEK, RING,
    )  # fmt: skip


def places(of: ScrollArea) -> dict[int, tuple[int, int]]:
    """Top and bottom of each row as the list stands; those before it are above the view."""
    y = -sum(of.height(index) + GAP for index in range(of.first))
    found = {}
    for index in range(of.count):
        found[index] = (y, y + of.height(index))
        y = found[index][1] + GAP
    return found


heights = st.lists(st.tuples(st.integers(20, 380), st.booleans()), min_size=1, max_size=14).filter(
    lambda rows: any(focusable for _, focusable in rows)
)


@given(heights, st.lists(st.integers(0, 13), min_size=1, max_size=12))
def test_the_focused_row_is_whole_at_a_rows_top(rows: list[tuple[int, bool]], visits: list[int]) -> None:
    of = area(rows)
    held = sorted(of.held.values())
    for visit in visits:
        index = held[visit % len(held)]
        of.first = of.first_for(f"r{index}")
        assert 0 <= of.first < of.count
        top, bottom = places(of)[index]
        assert top >= 0 and bottom <= VIEW, "the row is whole"
        assert of.first_for(f"r{index}") == of.first, "it stands still while the focus does"


@given(heights, st.integers(0, 13))
def test_the_next_row_peeks_in_where_there_is_room(rows: list[tuple[int, bool]], visit: int) -> None:
    of = area(rows)
    held = sorted(of.held.values())
    index = held[visit % len(held)]
    of.first = of.first_for(f"r{index}")
    first, last = of._shown_with(index)
    if of.all_fit() or last == len(rows) - 1 or of.first == first:
        return
    assert places(of)[last][1] + PEEK <= VIEW


@given(st.lists(st.integers(20, 120), min_size=1, max_size=3), st.integers(5, 12))
def test_words_at_both_ends_are_seen_with_their_neighbour(ends: list[int], count: int) -> None:
    """What cannot have the focus is shown with the row that can, so that everything can be read."""
    rows = [(high, False) for high in ends]
    of = area([*rows, *[(100, True)] * count, *rows])
    if sum(ends) + GAP * len(ends) + 100 > VIEW:
        return
    of.first = of.first_for(f"r{len(ends) + count - 1}")
    assert places(of)[of.count - 1][1] <= VIEW, "the last words are whole"
    of.first = of.first_for(f"r{len(ends)}")
    assert of.first == 0, "and the first ones again"


class Measured:
    """A list that knows the tops of all its rows, in pixels: what ``ScrollArea`` must do without knowing them."""

    def __init__(self, rows: list[tuple[int, bool]]) -> None:
        self.tops, self.bottoms, y = list[int](), list[int](), 0
        for high, _ in rows:
            self.tops.append(y)
            self.bottoms.append(y + high)
            y += high + GAP
        self.held = [index for index, (_, focusable) in enumerate(rows) if focusable]
        self.offset = 0

    def go(self, index: int) -> int:
        """The row at whose top it stands with the focus on ``index``."""
        if self.bottoms[-1] <= VIEW:
            return 0
        first = max((row for row in self.held if row < index), default=-1) + 1
        last = index if any(row > index for row in self.held) else len(self.tops) - 1
        if self.bottoms[last] - self.tops[first] > VIEW:
            last = index
        if self.bottoms[last] - self.tops[first] > VIEW:
            first = index
        more = PEEK if last < len(self.tops) - 1 else RING
        offset = min(self.offset, self.tops[first])
        fitting = (top for top in self.tops if top >= offset and self.bottoms[last] + more - top <= VIEW)
        self.offset = min(self.tops[first], next(fitting, self.tops[first]))
        return self.tops.index(self.offset)


@given(heights, st.lists(st.integers(0, 13), min_size=1, max_size=12))
def test_it_stands_where_a_list_stands_that_has_measured_all_its_rows(
    rows: list[tuple[int, bool]], visits: list[int]
) -> None:
    of, measured = area(rows), Measured(rows)
    for visit in visits:
        index = measured.held[visit % len(measured.held)]
        of.first = of.first_for(f"r{index}")
        first = measured.go(index)
        if measured.bottoms[-1] - measured.offset + RING < VIEW and first:
            return  # it ends above the end of its place, which is mended here and was not there
        assert of.first == first


def test_a_list_that_fits_never_moves() -> None:
    of = area([(100, True), (100, True), (100, True)])
    assert [of.first_for(f"r{i}") for i in range(3)] == [0, 0, 0]


def test_a_list_without_the_focus_keeps_its_place() -> None:
    of = area([(100, True)] * 12, first=2)
    assert of.first_for("elsewhere") == 2
    assert of.first_for(None) == 2


def test_a_list_that_became_shorter_is_filled_again() -> None:
    of = area([(100, True)] * 9, first=8)
    assert of.first_for(None) == 6, "three rows fill the view"
    assert of.first_for("r8") == 6


def test_the_last_rows_ring_has_room() -> None:
    of = area([((VIEW - 3 * GAP) // 4, True)] * 12)
    of.first = of.first_for("r11")
    assert places(of)[11][1] + RING <= VIEW, "four rows fill the view to its edge: the last one stands a row higher"


@given(heights, st.integers(0, 13), st.lists(st.booleans(), max_size=8))
def test_a_page_leaves_a_row_in_common_and_ends_at_the_ends(
    rows: list[tuple[int, bool]], start: int, turns: list[bool]
) -> None:
    of = area(rows)
    held = sorted(of.held.values())
    focus = f"r{held[start % len(held)]}"
    of.first = of.first_for(focus)
    for down in turns:
        before, was = places(of), of.held[focus]
        first, focus = of.paged(focus, down)
        common = [row for row, (top, bottom) in before.items() if top >= 0 and bottom <= VIEW]
        of.first = first
        of.first = of.first_for(focus)
        top, bottom = places(of)[of.held[focus]]
        assert top >= 0 and bottom <= VIEW, "the focus is in sight"
        assert of.held[focus] >= was if down else of.held[focus] <= was, "a page never leads the other way"
        if len(common) > 1 and all(high < 100 and focusable for high, focusable in rows):
            kept = [places(of)[row] for row in common]
            assert any(top >= 0 and bottom <= VIEW for top, bottom in kept), "something that was seen is seen still"


@given(heights, st.integers(0, 13))
def test_pages_lead_to_both_ends(rows: list[tuple[int, bool]], start: int) -> None:
    of = area(rows)
    held = sorted(of.held.values())
    focus = f"r{held[start % len(held)]}"
    of.first = of.first_for(focus)
    for down, end in ((True, held[-1]), (False, held[0])):
        for _ in range(len(rows) + 1):
            of.first, focus = of.paged(focus, down)
            of.first = of.first_for(focus)
        assert of.held[focus] == end


def test_a_page_keeps_the_focus_as_high_as_it_was() -> None:
    of = area([(80, True)] * 40)
    of.first = of.first_for("r2")
    assert of.first == 0
    for row, first in ((5, 3), (8, 6), (11, 9)):
        of.first, focus = of.paged(f"r{row - 3}", True)
        assert (of.first, focus) == (first, f"r{row}")
    of.first, focus = of.paged("r11", False)
    assert (of.first, focus) == (6, "r8")


def rows(count: int) -> list[Element]:
    return [Focusable(f"r{i}", "row", f"Row {i}", Text(f"Row {i}", "row"), min_height=100) for i in range(count)]


def shown(count: int) -> Stage:
    result = stage(size=(1920, 1080))
    result.show(page(Column([scroll(rows(count)), Space(60)])), None)
    return result


def test_walking_a_list_down_and_up_keeps_its_rows_whole_and_off_what_is_below() -> None:
    of = shown(30)
    area_ = of._scene.scrolls[0]
    safe_bottom = 1080 - 54 - 60 - 16
    down: Direction = "DOWN"
    seen = [of.focus]
    for direction in (down, "UP"):
        while of.move(direction):
            seen.append(of.focus)
            area_ = of._scene.scrolls[0]
            rect = of._scene.focusables[str(of.focus)]
            assert area_.viewport.contains(rect)
            for op in of._scene.ops:
                if isinstance(op, TextOp | FadeOp):
                    seen_part = op.rect.clip(op.clip) if op.clip else op.rect
                    assert not seen_part.height or seen_part.bottom <= safe_bottom
    assert seen == [f"r{i}" for i in [*range(30), *range(28, -1, -1)]]


def test_the_row_that_is_cut_says_so_and_fades() -> None:
    of = shown(30)
    nodes = of.tree().children[0].children
    assert [node.id for node in nodes if "peek" in node.state] == [nodes[-1].id]
    assert nodes[-1].rect.bottom <= of._scene.scrolls[0].viewport.bottom
    fades = [op for op in of._scene.ops if isinstance(op, FadeOp)]
    assert len(fades) == 1
    assert fades[0].rect.y == nodes[-1].rect.y


def test_what_is_out_of_sight_costs_nothing_and_can_be_reached() -> None:
    of = shown(200)
    assert len(of.order) == 200 and len(of._scene.focusables) < 24
    assert len([op for op in of._scene.ops if isinstance(op, TextOp)]) < 12
    of.set_focus("r150")
    assert of.focus == "r150"
    assert of._scene.scrolls[0].viewport.contains(of._scene.focusables["r150"])


def test_a_row_holds_one_name_only_out_of_sight_too() -> None:
    of = stage()
    with pytest.raises(ValueError, match="two focusable things are called 'r0'"):
        of.show(page(scroll([*rows(30), *rows(1)])), None)


def test_a_list_that_fits_fades_nothing() -> None:
    of = shown(4)
    assert not [op for op in of._scene.ops if isinstance(op, FadeOp)]
    assert not [node for node in of.tree().walk() if "peek" in node.state]


@settings(max_examples=20)
@given(st.integers(8, 20), st.integers(0, 19), st.integers(0, 19))
def test_a_list_keeps_its_place_when_rows_come_and_go(count: int, visit: int, fewer: int) -> None:
    of = stage()
    of.show(page(scroll(rows(count))), f"r{visit % count}")
    offset, focus = of.offsets()["list"], of.focus
    of.show(page(scroll(rows(count))), focus, fresh=False)
    assert of.offsets()["list"] == offset
    left = max(1, count - fewer)
    of.show(page(scroll(rows(left))), focus, fresh=False)
    assert of.focus in {f"r{i}" for i in range(left)}
    focused = of._scene.focusables[str(of.focus)]
    assert of._scene.scrolls[0].viewport.contains(focused)


@pytest.mark.parametrize("focus", ["r0", "r11"])
def test_offsets_come_back_with_the_page(focus: str) -> None:
    of = shown(30)
    of.set_focus(focus)
    kept = of.offsets()
    again = page(Column([scroll(rows(30)), Space(60)]))
    again.offsets = kept
    other = stage(size=(1920, 1080))
    other.show(again, focus)
    assert other.offsets() == kept


def test_a_list_of_nothing_is_a_list() -> None:
    of = stage()
    of.show(page(scroll([])), None)
    assert of.focus is None and not of.turn(True)


def test_a_list_without_rows_is_laid_out() -> None:
    of = area([])
    assert of.all_fit() and of.first_for(None) == 0
