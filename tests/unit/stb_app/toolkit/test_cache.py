"""What is drawn is kept within a number of bytes, whatever is drawn; the least recently used goes first."""

from __future__ import annotations

from collections import OrderedDict

import pygame
from hypothesis import given
from hypothesis import strategies as st

from stb_app.input.keys import Key
from stb_app.toolkit.cache import Cache
from stb_app.toolkit.icons import ICONS, SCENES, Icons
from stb_app.toolkit.shapes import Shapes
from stb_app.toolkit.text import TextRenderer
from tests.unit.stb_app.support import family, kit, theme
from tools.pilot.pilot import Pilot

WHITE = (235, 235, 235)
keys = st.integers(0, 9)
sizes = st.integers(1, 40)


@given(st.lists(st.tuples(keys, sizes), max_size=60), st.integers(0, 4000))
def test_it_does_as_a_plain_list_of_the_latest_would(asked: list[tuple[int, int]], cap: int) -> None:
    cache, model = Cache(cap), OrderedDict[int, int]()
    for key, side in asked:
        found = cache.get(key)
        assert (found is not None) == (key in model)
        if found is None:
            surface = cache.keep(key, pygame.Surface((side, side), 0, 32))
            assert surface.get_size() == (side, side)
            if 4 * side * side <= cap:
                model[key] = 4 * side * side
            while sum(model.values()) > cap:
                model.popitem(last=False)
        else:
            model.move_to_end(key)
        assert cache.bytes == sum(model.values()) <= cap
        assert len(cache) == len(model)


def test_it_grows_with_the_canvas() -> None:
    caps = [kit(size=size).cache.cap for size in ((1280, 720), (1920, 1080), (3840, 2160))]
    assert caps[0] < caps[1] == caps[2] / 4
    assert 16 * 2**20 < caps[1] < 32 * 2**20


def test_nothing_that_is_drawn_grows_without_bound() -> None:
    """Texts, icons, scenes, corners of a gliding ring, fades and veils, all of them ever new."""
    cache = Cache(1_500_000)
    text, shapes, icons = TextRenderer(theme(), family(), cache), Shapes(cache), Icons(cache)
    target = pygame.Surface((400, 300), 0, 32)
    seen = 0
    for number in range(300):
        colour = (16 + number % 200, 100, 16 + number // 200)
        text.render(f"row {number}", "body", WHITE, number % 2 == 0)
        icons.icon(list(ICONS)[number % len(ICONS)], 20 + number % 30, 4, colour)
        if number % 30 == 0:
            icons.scene(list(SCENES)[number % len(SCENES)], 0.3, dict.fromkeys(("text", "explain", "accent"), colour))
        box = pygame.Rect(10, 10, 200 + number % 90, 100)
        shapes.box(target, box, number % 40, colour)
        shapes.ring(target, box, 10 + number % 40, 6, colour)
        shapes.fade(target, box, colour)
        shapes.veil(target, box, colour)
        assert cache.bytes <= cache.cap
        seen = max(seen, len(cache))
    assert 10 < len(cache) <= seen < 600, "1,500 things were drawn"


def test_walking_through_the_app_for_long_keeps_to_the_bytes_too() -> None:
    pilot = Pilot(height=360)
    cache = pilot.app._stage.kit.cache
    cache.cap //= 8
    counts = []
    for _ in range(12):
        pilot.press(Key.RIGHT, Key.OK, Key.DOWN, Key.DOWN, Key.BACK, Key.GREEN, Key.LEFT, Key.BACK, Key.INFO, Key.BACK)
        pilot.advance(60)
        assert cache.bytes <= cache.cap
        counts.append(len(cache))
    assert max(counts[6:]) <= max(counts[:6]) * 1.5
