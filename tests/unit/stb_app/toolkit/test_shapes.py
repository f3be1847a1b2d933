"""Boxes and rings paint inside their rectangle and nowhere else, for every radius and size."""

from __future__ import annotations

import pygame
from hypothesis import given, settings
from hypothesis import strategies as st

from stb_app.toolkit.cache import Cache
from stb_app.toolkit.shapes import Shapes

GROUND, INK = (20, 30, 40), (200, 100, 50)
SIZE = (120, 90)
SHAPES = Shapes(Cache(2**20))

rects = st.builds(
    pygame.Rect,
    st.integers(0, 60),
    st.integers(0, 40),
    st.integers(1, 60),
    st.integers(1, 50),
)


def canvas() -> pygame.Surface:
    surface = pygame.Surface(SIZE, 0, 32)
    surface.fill(GROUND)
    return surface


def painted(surface: pygame.Surface) -> pygame.Rect:
    """The hull of all pixels that are not the ground's."""
    mask = pygame.mask.from_threshold(surface, GROUND, (1, 1, 1, 255))
    mask.invert()
    found = mask.get_bounding_rects()
    return found[0].unionall(found[1:]) if found else pygame.Rect(0, 0, 0, 0)


@settings(max_examples=60)
@given(rects, st.integers(0, 40))
def test_a_box_fills_its_rectangle_and_nothing_else(rect: pygame.Rect, radius: int) -> None:
    surface = canvas()
    SHAPES.box(surface, rect, radius, INK)
    hull = painted(surface)
    assert rect.contains(hull)
    assert surface.get_at(rect.center)[:3] == INK or min(rect.size) < 4
    inner = rect.inflate(-2 * radius, -2 * radius)
    if radius == 0:
        assert hull == rect
    elif inner.width > 0 and inner.height > 0:
        assert surface.get_at((inner.x, rect.y))[:3] == INK, "the straight edge lies on the rectangle's"


@settings(max_examples=60)
@given(rects, st.integers(0, 30), st.integers(1, 8))
def test_a_ring_leaves_its_inside_alone(rect: pygame.Rect, radius: int, width: int) -> None:
    rect = rect.union((rect.x, rect.y, 2 * width, 2 * width))
    surface = canvas()
    SHAPES.ring(surface, rect, radius, width, INK)
    assert rect.contains(painted(surface))
    inside = rect.inflate(-2 * (width + radius), -2 * (width + radius))
    if inside.width > 0 and inside.height > 0:
        kept = surface.subsurface(inside)
        assert pygame.mask.from_threshold(kept, GROUND, (1, 1, 1, 255)).count() == inside.width * inside.height
        assert surface.get_at((rect.centerx, rect.y))[:3] == INK


def test_corners_are_round_and_alike() -> None:
    surface = canvas()
    SHAPES.box(surface, pygame.Rect(10, 10, 60, 50), 20, INK)
    corners = [(10, 10), (69, 10), (10, 59), (69, 59)]
    assert {surface.get_at(corner)[:3] for corner in corners} == {GROUND}
    flipped = pygame.transform.flip(surface.subsurface((10, 10, 60, 50)), True, True)
    assert pygame.image.tobytes(flipped, "RGB") == pygame.image.tobytes(surface.subsurface((10, 10, 60, 50)), "RGB")


def test_a_fade_ends_in_its_colour_and_stays_in_its_place() -> None:
    surface = canvas()
    rect = pygame.Rect(10, 20, 60, 40)
    SHAPES.fade(surface, rect, INK)
    assert rect.contains(painted(surface))
    levels = [surface.get_at((40, y))[0] for y in range(rect.top, rect.bottom)]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1] == INK[0]
