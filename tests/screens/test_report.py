"""The report shows every pixel that changed, and needs no other file."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pygame

from tests.screens.report import MARK, difference, write_report

SIZE = (64, 36)
CHANGED = {(3, 4), (4, 4), (60, 30)}


def plain(colour: tuple[int, int, int] = (40, 50, 60), size: tuple[int, int] = SIZE) -> pygame.Surface:
    surface = pygame.Surface(size, 0, 32)
    surface.fill(colour)
    return surface


def changed() -> pygame.Surface:
    surface = plain()
    for place in CHANGED:
        surface.set_at(place, (40, 50, 61))
    return surface


def test_equal_pictures_differ_in_nothing() -> None:
    assert difference(plain(), plain()) is None


def test_each_changed_pixel_is_marked_and_no_other() -> None:
    found = difference(plain(), changed())
    assert found is not None and found.pixels == len(CHANGED)
    assert found.places == ((3, 4, 2, 1), (60, 30, 1, 1))
    marked = {(x, y) for x in range(SIZE[0]) for y in range(SIZE[1]) if found.marked.get_at((x, y))[:3] == MARK}
    assert marked == CHANGED


def test_a_picture_of_another_size_differs_in_everything() -> None:
    found = difference(plain(size=(8, 8)), plain())
    assert found is not None and found.pixels == SIZE[0] * SIZE[1]


def test_the_page_holds_before_after_and_difference_itself(tmp_path: Path) -> None:
    before, after = plain(), changed()
    found = difference(before, after)
    assert found is not None
    page = write_report(tmp_path / "reports", "home <1>", before, after, found).read_text(encoding="utf-8")
    assert "3 pixels differ" in page and "2x1 at 3,4" in page and "<1>" not in page
    assert "http" not in page
    inside = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert page.count("src=") == len(inside) == 3
    for data, surface in zip(inside, (before, after, found.marked), strict=True):
        loaded = pygame.image.load(BytesIO(b64decode(data)), "png")
        assert difference(loaded, surface) is None
