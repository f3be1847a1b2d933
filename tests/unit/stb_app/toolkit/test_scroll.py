"""A list: the focused row is whole, the next one peeks in, it stands at a row's top and never over what is below."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stb_app.toolkit.elements import Column, Element, Focusable, Space, Text
from stb_app.toolkit.focus import Direction
from stb_app.toolkit.ops import FadeOp, TextOp
from stb_app.toolkit.scene import ScrollArea
from stb_app.toolkit.stage import Stage
from tests.unit.stb_app.support import page, scroll, stage

GAP, PEEK, RING = 16, 40, 12
VIEW = 400


def area(rows: list[tuple[int, bool]], offset: int = 0) -> ScrollArea:
    """Rows of (height, can have the focus) in a view of 400."""
    tops, bottoms, held, y = [], [], {}, 0
    for index, (high, focusable) in enumerate(rows):
        tops.append(y)
        bottoms.append(y + high)
        if focusable:
            held[f"r{index}"] = index
        y += high + GAP
    return ScrollArea("list", pygame.Rect(0, 0, 900, VIEW), tops, bottoms, held, offset, PEEK, RING)


heights = st.lists(st.tuples(st.integers(20, 380), st.booleans()), min_size=1, max_size=14).filter(
    lambda rows: any(focusable for _, focusable in rows)
)


@given(heights, st.lists(st.integers(0, 13), min_size=1, max_size=12))
def test_the_focused_row_is_whole_at_a_rows_top(rows: list[tuple[int, bool]], visits: list[int]) -> None:
    of = area(rows)
    held = sorted(of.rows.values())
    for visit in visits:
        index = held[visit % len(held)]
        of.offset = of.offset_for(f"r{index}")
        assert of.offset == 0 or of.offset in of.tops, "it stands at a row's top"
        assert of.tops[index] >= of.offset, "the row begins below the upper edge"
        assert of.bottoms[index] - of.offset <= VIEW, "and ends above the lower one"
        assert of.offset_for(f"r{index}") == of.offset, "it stands still while the focus does"


@given(heights, st.integers(0, 13))
def test_the_next_row_peeks_in_where_there_is_room(rows: list[tuple[int, bool]], visit: int) -> None:
    of = area(rows)
    held = sorted(of.rows.values())
    index = held[visit % len(held)]
    offset = of.offset_for(f"r{index}")
    first, last = of._shown_with(index)
    if of.content <= VIEW or last == len(rows) - 1 or offset == of.tops[first]:
        return
    assert of.bottoms[last] + PEEK - offset <= VIEW


@given(st.lists(st.integers(20, 120), min_size=1, max_size=3), st.integers(5, 12))
def test_words_at_both_ends_are_seen_with_their_neighbour(ends: list[int], count: int) -> None:
    """What cannot have the focus is shown with the row that can, so that everything can be read."""
    rows = [(high, False) for high in ends]
    of = area([*rows, *[(100, True)] * count, *rows])
    if sum(ends) + GAP * len(ends) + 100 > VIEW:
        return
    of.offset = of.offset_for(f"r{len(ends) + count - 1}")
    assert of.content - of.offset <= VIEW, "the last words are whole"
    of.offset = of.offset_for(f"r{len(ends)}")
    assert of.offset == 0, "and the first ones again"


def test_a_list_that_fits_never_moves() -> None:
    of = area([(100, True), (100, True), (100, True)])
    assert [of.offset_for(f"r{i}") for i in range(3)] == [0, 0, 0]


def test_a_list_without_the_focus_keeps_its_place() -> None:
    of = area([(100, True)] * 12, offset=232)
    assert of.offset_for("elsewhere") == 232
    assert of.offset_for(None) == 232


def test_the_last_rows_ring_has_room() -> None:
    of = area([((VIEW - 3 * GAP) // 4, True)] * 12)
    offset = of.offset_for("r11")
    assert of.content + RING - offset <= VIEW, "four rows fill the view to its edge: the last one stands a row higher"


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
            assert area_.offset in area_.tops
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
    assert len(of._scene.focusables) == 200
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
