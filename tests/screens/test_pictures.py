"""The picture in README.md is what the app draws, pixel by pixel."""

from __future__ import annotations

from pathlib import Path

import pygame

from tests.screens.pictures import HOME, draw_home
from tools.pilot.pilot import Pilot


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


def test_home_looks_as_in_the_readme(tmp_path: Path) -> None:
    drawn = draw_home()
    kept = pygame.image.load(str(HOME))
    assert drawn.get_size() == kept.get_size() == (1920, 1080)
    if pixels(drawn) != pixels(kept):
        now = tmp_path / "home.png"
        pygame.image.save(drawn, str(now))
        mask = pygame.mask.from_threshold(drawn, (0, 0, 0), (1, 1, 1, 255), kept)
        mask.invert()
        differs = [str(tuple(each)) for each in mask.get_bounding_rects()[:5]]
        raise AssertionError(f"home differs at {', '.join(differs)}; if it should: make pictures ({now} is new)")


def test_the_same_picture_gives_the_same_file(tmp_path: Path) -> None:
    files = []
    for name in ("one.png", "other.png"):
        pygame.image.save(draw_home(), str(tmp_path / name))
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]


def test_levels_are_those_of_television() -> None:
    """16 to 235 in each channel, over the whole picture (ITU-R BT.709)."""
    for pilot in (Pilot(), Pilot(height=720)):
        levels = set(pixels(pilot.platform.canvas()))
        assert min(levels) >= 16 and max(levels) <= 235, (min(levels), max(levels))
