"""Columns that are kept, zones, and ways that a screen makes: what leads the focus besides geometry."""

from __future__ import annotations

from collections import deque

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stb_app.toolkit.focus import Direction, FocusMap, FocusMemory, Zone, next_of_kin

DIRECTIONS: tuple[Direction, ...] = ("UP", "DOWN", "LEFT", "RIGHT")


def cells(name: str, y: int, count: int, *, width: int = 200, left: int = 0) -> dict[str, pygame.Rect]:
    return {f"{name}{i}": pygame.Rect(left + i * (width + 20), y, width, 80) for i in range(count)}


WIDE = {"wide": pygame.Rect(0, 100, 640, 80)}
ROWS = {**cells("a", 0, 3), **WIDE, **cells("b", 200, 3), **cells("c", 300, 2)}


class Walker:
    """Goes through a map as the stage does."""

    def __init__(self, of: FocusMap, start: str) -> None:
        self.of, self.at, self.memory = of, start, FocusMemory()
        of.stand(start, self.memory)

    def go(self, *directions: Direction) -> str:
        for direction in directions:
            target = self.of.step(self.at, direction, self.memory)
            if target is not None:
                self.of.moved(self.at, direction, target, self.memory)
                self.at = target
        return self.at


@pytest.mark.parametrize("column", [0, 1, 2])
def test_the_column_is_kept_through_a_wide_row(column: int) -> None:
    walker = Walker(FocusMap(ROWS), f"a{column}")
    assert walker.go("DOWN") == "wide"
    assert walker.go("DOWN") == f"b{column}"
    assert walker.go("UP", "UP") == f"a{column}"


def test_the_column_is_kept_past_a_row_that_has_none() -> None:
    walker = Walker(FocusMap({**ROWS, **cells("d", 400, 3)}), "a1")
    assert walker.go("DOWN", "DOWN", "DOWN", "DOWN") == "d1"


def test_a_step_aside_begins_another_column() -> None:
    walker = Walker(FocusMap(ROWS), "a2")
    assert walker.go("DOWN", "DOWN", "LEFT", "LEFT", "UP") == "wide"
    assert walker.go("UP") == "a0"


def test_going_on_does_not_take_an_old_way_back() -> None:
    walker = Walker(FocusMap(ROWS), "b0")
    walker.go("UP", "UP", "RIGHT", "RIGHT")
    assert walker.at == "a2"
    assert walker.go("DOWN", "DOWN") == "b2", "and not b0, from where one came up"


def test_a_way_that_is_made_wins_and_an_own_id_shuts() -> None:
    of = FocusMap(dict(ROWS), {"a0": {"DOWN": "c1", "RIGHT": "a0", "UP": "gone"}})
    assert of.step("a0", "DOWN") == "c1"
    assert of.step("a0", "RIGHT") is None
    assert of.step("a0", "UP") is None, "what is not there does nothing"
    assert of.step("a1", "LEFT") == "a0"


def test_a_closed_zone_keeps_the_focus() -> None:
    zone = Zone("row", ["b0", "b1", "b2"], frozenset(DIRECTIONS))
    of = FocusMap(ROWS, {}, [zone])
    assert of.step("b0", "UP") is None and of.step("b1", "DOWN") is None
    assert of.step("b0", "RIGHT") == "b1"
    walker = Walker(of, "wide")
    assert walker.go("DOWN") in zone.members
    assert walker.go("UP") in zone.members, "not even the way back leads out"


def test_a_zone_is_entered_where_it_says() -> None:
    of = FocusMap(ROWS, {}, [Zone("tabs", ["b0", "b1", "b2"], entry="b2")])
    assert of.step("wide", "DOWN") == "b2"
    assert of.step("b2", "LEFT") == "b1", "inside it geometry leads"
    gone = FocusMap(ROWS, {}, [Zone("tabs", ["b0", "b1", "b2"], entry="b9")])
    assert gone.step("wide", "DOWN") in ("b0", "b1", "b2")


def test_a_zone_keeps_who_had_the_focus_last() -> None:
    places = {**cells("menu", 0, 1), **cells("menu.", 100, 1), **cells("list", 0, 1, left=300)}
    places |= {**cells("list.", 100, 1, left=300), "list.9": pygame.Rect(300, 200, 200, 80)}
    places["far"] = pygame.Rect(600, 0, 200, 80)
    zone = Zone("list", ["list0", "list.0", "list.9"], keeps=True)
    walker = Walker(FocusMap(places, {}, [zone]), "list.9")
    walker.go("UP")
    assert walker.go("UP") == "list0"
    assert walker.go("DOWN") == "list.0"
    walker.memory.settle()
    walker.at = "far"
    assert walker.go("LEFT") == "list.0"


def test_aligned_zones_answer_number_to_number() -> None:
    narrow, wide = cells("n", 0, 4, width=100), cells("w", 100, 3, width=400)
    of = FocusMap({**narrow, **wide}, {}, [Zone("n", list(narrow), aligned=True), Zone("w", list(wide), aligned=True)])
    assert [of.step(f"n{i}", "DOWN") for i in range(4)] == ["w0", "w1", "w2", "w2"]
    assert [of.step(f"w{i}", "UP") for i in range(3)] == ["n0", "n1", "n2"]


def test_what_is_inside_a_zone_comes_before_what_is_nearer_outside() -> None:
    places = {"a": pygame.Rect(0, 0, 200, 80), "b": pygame.Rect(0, 300, 200, 80), "x": pygame.Rect(50, 120, 400, 80)}
    assert FocusMap(places).step("a", "DOWN") == "x"
    assert FocusMap(places, {}, [Zone("list", ["a", "b"])]).step("a", "DOWN") == "b"


def test_the_next_of_a_list_takes_over_then_the_one_before() -> None:
    order = ["a", "b", "c", "d"]
    left = {name: pygame.Rect(0, 0, 1, 1) for name in order}
    assert next_of_kin(order, "b", {n: left[n] for n in "acd"}) == "c"
    assert next_of_kin(order, "b", {n: left[n] for n in "ad"}) == "d"
    assert next_of_kin(order, "d", {n: left[n] for n in "ab"}) == "b"
    assert next_of_kin(order, "d", {}) is None and next_of_kin(order, "x", left) is None


@st.composite
def maps(draw: st.DrawFn) -> FocusMap:
    """Rows of cells, one or two columns of them, some rows zones of any kind."""
    of = FocusMap()
    for side in range(draw(st.integers(1, 2))):
        y = draw(st.integers(0, 100))
        for line in range(draw(st.integers(1, 4))):
            high, count = draw(st.integers(60, 280)), draw(st.integers(1, 4))
            wide = 900 // count - 20
            row = {f"{side}.{line}.{i}": pygame.Rect(side * 960 + i * (wide + 20), y, wide, high) for i in range(count)}
            of.places |= row
            if draw(st.booleans()):
                entry = draw(st.sampled_from([None, *row]))
                of.zones.append(
                    Zone(f"z{side}.{line}", list(row), frozenset(), entry, draw(st.booleans()), draw(st.booleans()))
                )
            y += high + draw(st.integers(12, 60))
    return of


@settings(max_examples=50, deadline=None)
@given(maps(), st.lists(st.sampled_from(DIRECTIONS), max_size=8), st.data())
def test_from_wherever_one_has_gone_everything_can_be_reached(
    of: FocusMap, path: list[Direction], data: st.DataObject
) -> None:
    """A search over places together with what is remembered, as a viewer presses keys."""
    walker = Walker(of, data.draw(st.sampled_from(sorted(of.places))))
    walker.go(*path)
    found, waiting = {walker.at}, deque([(walker.at, walker.memory)])
    seen: set[tuple[object, ...]] = set()
    while waiting and len(found) < len(of.places) and len(seen) < 1500:
        at, memory = waiting.popleft()
        for direction in DIRECTIONS:
            other = Walker(of, at)
            other.memory = _copied(memory)
            name = other.go(direction)
            state = (name, _frozen(other.memory))
            if state not in seen:
                seen.add(state)
                found.add(name)
                waiting.append((name, other.memory))
    assert found == set(of.places)


def _copied(memory: FocusMemory) -> FocusMemory:
    result = FocusMemory()
    result._trail, result._last = list(memory._trail), dict(memory._last)
    result._line, result._travels = memory._line, memory._travels
    return result


def _frozen(memory: FocusMemory) -> tuple[object, ...]:
    line = tuple(memory._line) if memory._line else None
    return (tuple(memory._trail[-3:]), tuple(sorted(memory._last.items())), line, memory._travels)
