"""Layout: rows never pass their width, grids use what is there, what gives way does so in order."""

from __future__ import annotations

from collections.abc import Sequence

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stb_app.toolkit.elements import Column, Element, Row, Shedding, Sized, Space, Text, Wrap
from stb_app.toolkit.many import Grid
from stb_app.toolkit.ops import TextOp
from stb_app.toolkit.scene import Scene
from stb_app.toolkit.widgets import Fitting, KeyHint, button
from tests.unit.stb_app.support import kit

KIT = kit()
LONG = "Республика Саха (Якутия), город Нерюнгри, проспект Ленина"


def placed(element: Element, width: int = 1000, height: int = 400) -> Scene:
    scene = Scene()
    element.place(KIT, pygame.Rect(0, 0, width, height), scene)
    return scene


def texts(scene: Scene) -> list[TextOp]:
    return [op for op in scene.ops if isinstance(op, TextOp)]


@given(st.lists(st.tuples(st.sampled_from(["ОК", "Оплатить", LONG]), st.booleans()), min_size=1, max_size=4))
def test_a_row_never_passes_its_width(parts: list[tuple[str, bool]]) -> None:
    row = Row([Text(text, "row", grow=int(grows)) for text, grows in parts], gap="medium")
    scene = placed(row)
    assert all(op.rect.right <= 1000 and op.rect.x >= 0 for op in texts(scene))
    assert row.measure(KIT, 1000)[0] <= 1000
    boxes = [op.rect for op in texts(scene)]
    for index, rect in enumerate(boxes):
        assert rect.collidelist(boxes[index + 1 :]) == -1


def test_a_wide_value_leaves_room_for_its_label() -> None:
    scene = placed(Row([Text("Адрес", "row", grow=1), Text(LONG, "sum", align="end")], gap="medium"))
    assert texts(scene)[0].text == "Адрес", "the label is one line, not a letter a line"
    assert len(texts(scene)) > 2, "and the value wraps"


def test_what_is_narrow_stays_whole_beside_what_is_wide() -> None:
    row = Row([Text("12", "row"), Text(LONG, "row"), Text(LONG, "row")], gap=0)
    first, *_ = row._widths(KIT, 1000)
    assert first == KIT.text.width("12", "row")
    assert sum(row._widths(KIT, 1000)) <= 1000


def test_growing_children_share_what_is_left() -> None:
    row = Row([Space(grow=1), Text("OK", "row"), Space(grow=3)], gap=10)
    left, fixed, right = row._widths(KIT, 1000)
    assert fixed == KIT.text.width("OK", "row")
    assert right == pytest.approx(3 * left, abs=3)
    assert left + fixed + right + 20 <= 1000


def heights(scene: Scene) -> list[int]:
    return [rect.height for rect in scene.focusables.values()]


def cells(*labels: str) -> Sequence[Element]:
    return [button(str(index), label, large=True) for index, label in enumerate(labels)]


def test_a_growing_grid_gives_its_rows_one_height() -> None:
    scene = placed(Grid(cells("a", "b", "c", "d"), 2, gap=20, grow=1), height=420)
    assert heights(scene) == [200, 200, 200, 200]


def test_a_row_of_a_grid_that_needs_more_takes_it_from_the_others() -> None:
    scene = placed(Grid(cells(LONG, "b", "c", "d"), 2, gap=20, grow=1), height=420)
    first, _, third, _ = heights(scene)
    assert first > 200 > third
    assert max(rect.bottom for rect in scene.focusables.values()) <= 420


def test_columns_give_the_rest_to_what_grows_and_keep_the_end_whole() -> None:
    column = Column([Text("head", "row"), Space(grow=1), Text("foot", "row")], gap=10)
    scene = placed(column, height=300)
    assert texts(scene)[-1].rect.bottom == 300
    crowded = Column([Text("head", "row"), Sized(Space(500, grow=1), grow=1), Text("foot", "row")], gap=10)
    assert texts(placed(crowded, height=200))[-1].rect.bottom == 200


def test_shedding_gives_up_its_last_children_whole() -> None:
    scene = placed(Shedding([Text(f"line {i}", "row") for i in range(9)], gap=10), height=200)
    assert [op.text for op in texts(scene)] == ["line 0", "line 1", "line 2"]
    assert all(op.rect.bottom <= 200 for op in texts(scene))


def test_a_footer_drops_the_hints_that_do_not_fit() -> None:
    hints = [KeyHint("К", label, "key_red") for label in ("Оплатить", "Расходы", "Пакеты", "Помощь")]
    whole = placed(Fitting(hints), width=1200, height=60)
    narrow = placed(Fitting(hints), width=350, height=60)
    assert [op.text for op in texts(whole)][1::2] == ["Оплатить", "Расходы", "Пакеты", "Помощь"]
    assert [op.text for op in texts(narrow)][1::2] == ["Оплатить"]


def test_two_things_wrap_below_each_other_where_they_must() -> None:
    pair = Wrap(Text("Хватит до 31 декабря", "lead"), Text("−747 ₽ 1 декабря", "body"))
    beside = texts(placed(pair, width=900))
    below = texts(placed(pair, width=500))
    assert beside[0].rect.y < beside[1].rect.bottom and beside[1].rect.right == 900
    assert below[1].rect.y >= below[0].rect.bottom and below[1].rect.x == 0


def test_a_sum_takes_a_smaller_style_rather_than_a_second_line() -> None:
    hero = Text("−1\u2009234\u2009567,89\u00a0₽", "hero", tabular=True, smaller=("hero_small", "title"))
    assert [op.style for op in texts(placed(hero, width=1600))] == ["hero"]
    assert [op.style for op in texts(placed(hero, width=820))] == ["hero_small"]
    assert [op.style for op in texts(placed(hero, width=500))] == ["title"]


def test_baselines_meet() -> None:
    scene = placed(Row([Text("Сентябрь", "title"), Text("начислено", "subtitle")], align="baseline"))
    title, note = texts(scene)
    assert title.rect.y + KIT.text.baseline("title") == note.rect.y + KIT.text.baseline("subtitle")
