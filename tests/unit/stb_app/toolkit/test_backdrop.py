"""The slope: from corner to corner, no pixel off by a level, no band of one level that an eye could see."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stb_app.toolkit.backdrop import FULL_COLOUR, RGB565, slope
from stb_app.toolkit.theme import Colour
from tests.unit.stb_app.support import theme

TOP, BOTTOM = theme().colours["background_top"], theme().colours["background_bottom"]
PATCH = 32
colours = st.tuples(*[st.integers(16, 235)] * 3)
sizes = st.tuples(st.integers(1, 90), st.integers(1, 60))


def ideal(x: int, y: int, size: tuple[int, int], top: Colour, bottom: Colour) -> list[float]:
    part = (x / max(1, size[0] - 1) + 2 * y / max(1, size[1] - 1)) / 3
    return [a + (b - a) * part for a, b in zip(top, bottom, strict=True)]


@settings(max_examples=60)
@given(sizes, colours, colours, st.sampled_from([FULL_COLOUR, RGB565]))
def test_no_level_lies_outside_and_each_can_be_shown(
    size: tuple[int, int], top: Colour, bottom: Colour, steps: Colour
) -> None:
    surface = slope(size, top, bottom, steps)
    assert surface.get_size() == size
    pixels = pygame.image.tobytes(surface, "RGB")
    for channel, step in enumerate(steps):
        levels = set(pixels[channel::3])
        low, high = sorted((top[channel], bottom[channel]))
        assert min(levels) > low - step and max(levels) < high + step
        assert all(level % step == 0 or level == 235 for level in levels)


@pytest.mark.parametrize("steps", [FULL_COLOUR, RGB565])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (854, 480)])
def test_a_patch_is_as_bright_as_the_slope_is_there(size: tuple[int, int], steps: Colour) -> None:
    """To a fifth of a level: bands of whole levels are off by half of one at their edges."""
    surface = slope(size, TOP, BOTTOM, steps)
    for x in range(0, size[0] - PATCH, 197):
        for y in range(0, size[1] - PATCH, 153):
            patch = pygame.Rect(x, y, PATCH, PATCH)
            pixels = pygame.image.tobytes(surface.subsurface(patch), "RGB")
            wanted = ideal(*patch.center, size, TOP, BOTTOM)
            for channel, step in enumerate(steps):
                found = sum(pixels[channel::3]) / PATCH**2
                assert abs(found - wanted[channel]) <= 0.2 * step, (patch, steps)


def test_it_runs_from_corner_to_corner() -> None:
    surface = slope((320, 180), (60, 70, 80), (20, 30, 40))
    assert surface.get_at((0, 0))[:3] == (60, 70, 80)
    assert surface.get_at((319, 179))[:3] == (20, 30, 40)


def test_a_plain_ground_stays_plain() -> None:
    surface = slope((64, 36), (16, 16, 16), (16, 16, 16))
    assert {surface.get_at((x, y))[:3] for x in range(64) for y in range(36)} == {(16, 16, 16)}
