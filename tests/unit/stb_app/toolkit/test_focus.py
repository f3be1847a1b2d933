"""Where an arrow leads: geometry, the way back, and that the arrows reach everything."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stb_app.toolkit.focus import OPPOSITE, Direction, FocusMemory, nearest, neighbour

DIRECTIONS: tuple[Direction, ...] = ("UP", "DOWN", "LEFT", "RIGHT")

HOME = {
    "pay": pygame.Rect(0, 300, 700, 100),
    "packages": pygame.Rect(740, 0, 300, 280),
    "rooms": pygame.Rect(1060, 0, 300, 280),
    "messages": pygame.Rect(740, 300, 300, 280),
    "help": pygame.Rect(1060, 300, 300, 280),
}


@pytest.mark.parametrize(
    ("start", "direction", "target"),
    [
        ("packages", "RIGHT", "rooms"),
        ("packages", "DOWN", "messages"),
        ("rooms", "DOWN", "help"),
        ("rooms", "LEFT", "packages"),
        ("help", "UP", "rooms"),
        ("messages", "LEFT", "pay"),
        ("pay", "RIGHT", "messages"),
        ("packages", "LEFT", "pay"),
        ("packages", "UP", None),
        ("help", "RIGHT", None),
        ("help", "DOWN", None),
        ("pay", "LEFT", None),
    ],
)
def test_an_arrow_leads_to_the_next_in_its_direction(start: str, direction: Direction, target: str | None) -> None:
    assert neighbour(HOME, start, direction) == target


def test_what_overlaps_across_comes_before_what_is_nearer_beside() -> None:
    places = {
        "here": pygame.Rect(0, 0, 100, 50),
        "beside": pygame.Rect(110, 60, 100, 50),
        "below": pygame.Rect(0, 300, 100, 50),
    }
    assert neighbour(places, "here", "DOWN") == "below"


def test_the_way_back_leads_to_where_one_came_from() -> None:
    memory = FocusMemory()
    assert neighbour(HOME, "packages", "LEFT", memory) == "pay"
    memory.moved("packages", "LEFT", "pay")
    assert neighbour(HOME, "pay", "RIGHT", memory) == "packages"
    memory.clear()
    assert neighbour(HOME, "pay", "RIGHT", memory) == "messages"


def test_the_way_back_is_forgotten_where_it_is_gone() -> None:
    memory = FocusMemory()
    memory.moved("packages", "LEFT", "pay")
    fewer = {name: rect for name, rect in HOME.items() if name != "packages"}
    assert neighbour(fewer, "pay", "RIGHT", memory) == "messages"


def test_the_nearest_is_the_one_whose_middle_is_closest() -> None:
    assert nearest(HOME, pygame.Rect(700, 10, 300, 280)) == "packages"
    assert nearest(HOME, pygame.Rect(0, 500, 10, 10)) == "pay"
    assert nearest({}, pygame.Rect(0, 0, 1, 1)) is None


@st.composite
def layouts(draw: st.DrawFn) -> dict[str, pygame.Rect]:
    """Rows of cells, as screens have them: gaps, unequal widths and heights, columns beside columns."""
    places: dict[str, pygame.Rect] = {}
    for column in range(draw(st.integers(1, 2))):
        y = draw(st.integers(0, 100))
        for line in range(draw(st.integers(1, 4))):
            high = draw(st.integers(60, 280))
            cells = draw(st.integers(1, 4))
            wide = 900 // cells - 20
            for cell in range(cells):
                x = column * 960 + cell * (wide + 20)
                places[f"{column}.{line}.{cell}"] = pygame.Rect(x, y, wide, high)
            y += high + draw(st.integers(12, 60))
    return places


@given(layouts())
def test_the_arrows_reach_everything_from_everywhere(places: dict[str, pygame.Rect]) -> None:
    ways = {name: [neighbour(places, name, direction) for direction in DIRECTIONS] for name in places}
    for start in places:
        found, waiting = {start}, [start]
        while waiting:
            for name in ways[waiting.pop()]:
                if name is not None and name not in found:
                    found.add(name)
                    waiting.append(name)
        assert found == set(places), f"from {start}"


@given(layouts(), st.data())
def test_back_is_where_one_was(places: dict[str, pygame.Rect], data: st.DataObject) -> None:
    memory = FocusMemory()
    start = data.draw(st.sampled_from(sorted(places)))
    direction = data.draw(st.sampled_from(DIRECTIONS))
    target = neighbour(places, start, direction, memory)
    if target is None:
        return
    memory.moved(start, direction, target)
    assert neighbour(places, target, OPPOSITE[direction], memory) == start


@given(layouts(), st.data())
def test_an_arrow_never_leads_backwards(places: dict[str, pygame.Rect], data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(sorted(places)))
    for direction in DIRECTIONS:
        target = neighbour(places, start, direction)
        if target is None:
            continue
        here, there = places[start].center, places[target].center
        ahead = {
            "UP": there[1] < here[1], "DOWN": there[1] > here[1],
            "LEFT": there[0] < here[0], "RIGHT": there[0] > here[0],
        }  # fmt: skip
        assert ahead[direction], (start, direction, target)
