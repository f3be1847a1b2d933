"""In a theme that says so surfaces have an outline, in their box and nowhere else; the focused one has the ring."""

from __future__ import annotations

import pygame
import pytest

from stb_app.toolkit.ops import FillOp, PlainFillOp
from stb_app.toolkit.theme import OUTLINE_OF
from tests.unit.stb_app.support import kit

BOX = pygame.Rect(20, 10, 120, 60)
EDGE, INSIDE, OUTSIDE = (80, 10), (80, 40), (80, 9)


def drawn(theme: str, op: FillOp, *, focused: bool = False) -> tuple[tuple[int, ...], ...]:
    """The pixels at the edge of the box, inside and outside."""
    surface = pygame.Surface((160, 80), 0, 32)
    op.paint(surface, kit(name=theme), focused)
    return tuple(tuple(surface.get_at(place))[:3] for place in (EDGE, INSIDE, OUTSIDE))


@pytest.mark.parametrize("fill", OUTLINE_OF)
@pytest.mark.parametrize("kind", [FillOp, PlainFillOp])
def test_a_surface_has_its_outline(fill: str, kind: type[FillOp]) -> None:
    colours = kit(name="contrast").theme.colours
    op = kind(BOX, "row", None, fill, 12)
    assert drawn("contrast", op) == (colours[OUTLINE_OF[fill]], colours[fill], (0, 0, 0))
    plain = kit().theme.colours[fill]
    assert drawn("default", op) == (plain, plain, (0, 0, 0))


def test_the_light_has_a_ring_and_what_lies_on_it_an_outline_of_ink() -> None:
    colours = kit(name="contrast").theme.colours
    light = FillOp(BOX, "row", None, "surface", 12, ring=True)
    assert drawn("contrast", light, focused=True)[:2] == (colours["focus"], colours["focus"])
    badge = FillOp(BOX, "row", None, "good_surface", 12)
    assert drawn("contrast", badge, focused=True)[:2] == (colours["ink_good"], colours["focus"])


def test_what_is_no_surface_has_none() -> None:
    colours = kit(name="contrast").theme.colours
    bar = PlainFillOp(BOX, None, None, "accent", 0)
    assert drawn("contrast", bar)[:2] == (colours["accent"], colours["accent"])
