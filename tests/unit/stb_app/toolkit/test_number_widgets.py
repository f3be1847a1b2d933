"""Cells and lines for digits: one alone tells where the next digit goes."""

from __future__ import annotations

import pygame
import pytest

from stb_app.toolkit.elements import Element
from stb_app.toolkit.number_widgets import Dots, Slots
from stb_app.toolkit.ops import FillOp, FrameOp, TextOp
from stb_app.toolkit.scene import Op, Scene
from tests.unit.stb_app.support import kit


def drawn(element: Element) -> list[Op]:
    tools, scene = kit(), Scene()
    wide, high = element.measure(tools, 1600)
    element.place(tools, pygame.Rect(0, 0, wide, high), scene)
    assert all(pygame.Rect(0, 0, wide, high).contains(op.rect) for op in scene.ops)
    return scene.ops


@pytest.mark.parametrize(("groups", "at"), [(("1027", "3", ""), 5), (("", "", ""), 0), (("1027", "", ""), 4)])
def test_the_heavy_line_is_where_the_next_digit_goes(groups: tuple[str, ...], at: int) -> None:
    ops = drawn(Slots([(digits, 4) for digits in groups]))
    lines = sorted((op for op in ops if isinstance(op, FillOp)), key=lambda op: op.rect.x)
    assert [index for index, op in enumerate(lines) if op.colour == "text"] == [at] and len(lines) == 12
    assert "".join(op.text for op in ops if isinstance(op, TextOp)) == "".join(groups)


def test_a_whole_number_waits_for_nothing() -> None:
    lines = [op for op in drawn(Slots([("12", 2), ("34", 2)], "+7")) if isinstance(op, FillOp)]
    assert {op.colour for op in lines} == {"quiet"}


@pytest.mark.parametrize("filled", range(5))
def test_each_digit_of_a_pin_is_a_dot(filled: int) -> None:
    ops = drawn(Dots(4, filled))
    frames = [op for op in ops if isinstance(op, FrameOp)]
    assert [index for index, op in enumerate(frames) if op.colour == "text"] == ([filled] if filled < 4 else [])
    assert sum(isinstance(op, FillOp) for op in ops) == filled
    assert not any(isinstance(op, TextOp) for op in ops)
