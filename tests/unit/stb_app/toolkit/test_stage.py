"""The stage repaints only what changed, and yet the canvas is always what a whole repaint would give."""

from __future__ import annotations

from collections.abc import Callable

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stb_app.toolkit.chart import Chart, Figure
from stb_app.toolkit.elements import Column, Row, Scenery, Text
from stb_app.toolkit.focus import Direction
from stb_app.toolkit.many import Grid
from stb_app.toolkit.painting import merged
from stb_app.toolkit.stage import Page, Stage
from stb_app.toolkit.widgets import QR, KeyHint, Segments, badge_of, button, notice, row, tile
from tests.unit.stb_app.support import SMALL, page, scroll, stage

DIRECTIONS: tuple[Direction, ...] = ("UP", "DOWN", "LEFT", "RIGHT")


def tiles(mark: int) -> Page:
    left = Column(
        [
            Text(f"{mark} 284,50 ₽", "title", tabular=True),
            Segments(3, mark / 2, "good", "covers", "2"),
            button("pay", f"Pay {mark}"),
            notice("something", "attention", "warning"),
        ]
    )
    grid = Grid([tile(f"t{i}", "tv", f"Tile {i}", f"note {i * mark}") for i in range(6)], 3, grow=1)
    left.grow = 1
    return page(Row([left, grid], align="stretch"), "tiles", "pay")


def listed(mark: int) -> Page:
    rows = [row(f"r{i}", f"Row {i}", f"{i * mark}", badge=("new", "good") if i % 3 == 0 else None) for i in range(9)]
    return page(Column([Text("List", "title"), scroll([Text("before"), *rows, Text("behind")])]), "list")


def bars(mark: int) -> Page:
    chart = Chart([Figure(f"m{i}", i + mark % 5 - 2, f"Month {i}", "1", "jan", "10") for i in range(6)])
    return page(chart, "bars", "m5")


def words(mark: int) -> Page:
    first = Row([Scenery("card_in", 300), badge_of(f"until {mark}", "bad"), QR(f"{mark}", "code", 300)])
    return page(Column([first, KeyHint("R", "Pay", "key_red"), KeyHint("OK", "Open")]), "words")


PAGES: dict[str, Callable[[int], Page]] = {"tiles": tiles, "list": listed, "bars": bars, "words": words}

actions = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(DIRECTIONS)),
    st.tuples(st.just("show"), st.sampled_from(sorted(PAGES)), st.integers(1, 4)),
    st.tuples(st.just("again"), st.integers(1, 4)),
)


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


def assert_as_whole(of: Stage) -> None:
    """What stands on the canvas is what a repaint of everything gives."""
    stands = pixels(of.surface)
    of.expose()
    of.paint()
    assert pixels(of.surface) == stands


@settings(max_examples=25, deadline=None)
@given(st.lists(actions, max_size=8))
def test_the_canvas_is_always_that_of_a_whole_repaint(steps: list[tuple[str, ...]]) -> None:
    painted = stage()
    name = "tiles"
    painted.show(tiles(1), None)
    painted.expose()
    painted.paint()
    for step in steps:
        match step:
            case ("move", direction):
                painted.move(direction)  # type: ignore[arg-type]
            case ("show", other, mark):
                painted.show(PAGES[other](int(mark)), None)
                name = other
            case ("again", mark):
                painted.show(PAGES[name](int(mark)), painted.focus, fresh=False)
        painted.paint()
        assert_as_whole(painted)


def test_a_moved_focus_repaints_two_places_only() -> None:
    painted = stage()
    painted.show(tiles(1), "t0")
    painted.expose()
    painted.paint()
    assert painted.move("RIGHT")
    rects = painted.paint()
    area = sum(rect.width * rect.height for rect in rects)
    assert 0 < area < 0.2 * SMALL[0] * SMALL[1]


def test_nothing_is_painted_where_nothing_changed() -> None:
    painted = stage()
    painted.show(listed(1), "r2")
    painted.expose()
    assert painted.paint() == [pygame.Rect((0, 0), SMALL)]
    painted.show(listed(1), painted.focus, fresh=False)
    painted.set_focus("r2")
    painted.set_focus("nowhere")
    assert painted.move("LEFT") is False
    assert painted.paint() == []


def test_a_changed_word_repaints_its_own_place() -> None:
    painted = stage()
    painted.show(listed(1), "r0")
    painted.expose()
    painted.paint()
    painted.show(listed(2), "r0", fresh=False)
    rects = painted.paint()
    assert rects and sum(rect.width * rect.height for rect in rects) < 0.5 * SMALL[0] * SMALL[1]


@pytest.mark.parametrize("gone", ["t4", "pay"])
def test_the_nearest_takes_the_focus_of_what_vanished(gone: str) -> None:
    shown = stage()
    shown.show(tiles(1), gone)
    old = shown._scene.focusables[gone]
    names = [name for name in shown._scene.focusables if name != gone]
    left = {name: shown._scene.focusables[name] for name in names}
    fewer = Grid([tile(name, "tv", name, "") for name in names], 3, grow=1)
    shown.show(page(fewer, "tiles"), gone, fresh=False)
    assert shown.focus in left
    now = shown._scene.focusables
    best = min(now, key=lambda name: pygame.Vector2(now[name].center).distance_to(old.center))
    assert shown.focus == best


def test_a_fresh_page_gives_the_focus_to_its_initial_and_forgets_the_way() -> None:
    shown = stage()
    shown.show(tiles(1), None)
    assert shown.focus == "pay"
    shown.show(listed(1), None)
    assert shown.focus == "r0"
    shown.show(tiles(1), "t5")
    assert shown.focus == "t5"


def test_the_way_back_holds_on_its_own_screen_only() -> None:
    shown = stage()
    shown.show(tiles(1), "t0")
    assert shown.move("LEFT")
    assert shown.move("RIGHT")
    assert shown.focus == "t0", "the way back"
    shown.show(tiles(1), "t3")
    assert shown.move("LEFT")
    assert shown.move("RIGHT")
    by_geometry = stage()
    by_geometry.show(tiles(1), "pay")
    assert by_geometry.move("RIGHT")
    shown.show(tiles(1), "pay")
    assert shown.move("RIGHT")
    assert shown.focus == by_geometry.focus, "a screen that one comes to anew knows no way back"


def test_a_page_with_nothing_to_focus_has_no_focus() -> None:
    shown = stage()
    shown.show(tiles(1), None)
    shown.show(words(1), None)
    assert shown.focus is None
    assert not shown.move("DOWN")


def test_two_things_of_one_name_are_refused() -> None:
    shown = stage()
    with pytest.raises(ValueError, match="two focusable things are called 'pay'"):
        shown.show(page(Column([button("pay", "Pay"), button("pay", "Pay")])), None)


rects = st.builds(
    pygame.Rect, st.integers(0, 200), st.integers(0, 200), st.integers(0, 60), st.integers(0, 60)
)  # fmt: skip


@given(st.lists(rects, max_size=60))
def test_merged_covers_its_inputs_without_overlaps(given_: list[pygame.Rect]) -> None:
    result = merged(given_)
    for rect in given_:
        if rect.width and rect.height:
            assert any(each.contains(rect) for each in result)
    for index, one in enumerate(result):
        assert one.collidelist(result[index + 1 :]) == -1
    hull = pygame.Rect(0, 0, 0, 0)
    real = [rect for rect in given_ if rect.width and rect.height]
    if real:
        hull = real[0].unionall(real[1:])
    assert all(hull.contains(each) for each in result)
    assert len(result) <= 12
