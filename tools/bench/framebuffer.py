"""The picture into a screen's memory, beside SDL's own conversion of as many pixels between two surfaces.

The memory is a file in RAM: what a real screen's bus costs is not in the figure, on neither side.
"""

from __future__ import annotations

import statistics
import tempfile
from contextlib import closing
from pathlib import Path

import pygame

from stb_app.platform.framebuffer import FramebufferPlatform
from tools.bench.clock import seconds_of
from tools.bench.rows import Row
from tools.pilot.screens import RGB565, XRGB, Driver, Fields

SIZE = (1920, 1080)
LIST_ROW = pygame.Rect(96, 400, 1728, 100)
WHOLE = pygame.Rect((0, 0), SIZE)
FORMATS: dict[str, tuple[int, Fields]] = {"rgb565": (16, RGB565), "xrgb8888": (32, XRGB)}
ROUNDS, ROUNDS_OF_FULL = 60, 600
IN_RAM = Path("/dev/shm")  # noqa: S108 - a place, not a file that somebody could have put there
LIMIT = 2.0
"""SDL writes once, into memory that is warm; a screen's memory is mapped, and its rows have a length of their own."""


def framebuffer_rows(missing: list[str], *, full: bool) -> list[Row]:  # noqa: ARG001 - nothing can be missing
    """A list's row and the whole picture, in both formats."""
    rounds = ROUNDS_OF_FULL if full else ROUNDS
    with tempfile.TemporaryDirectory(dir=IN_RAM if IN_RAM.is_dir() else None) as folder:
        return [row for name in FORMATS for row in _rows(name, Path(folder), rounds)]


def _rows(name: str, folder: Path, rounds: int) -> list[Row]:
    depth, fields = FORMATS[name]
    driver = Driver(size=SIZE, depth=depth, fields=fields)
    with closing(FramebufferPlatform(driver.make(folder / name), folder / "no console", driver)) as platform:
        canvas = platform.canvas()
        canvas.fill((34, 39, 50))
        masks = tuple(((1 << length) - 1) << offset for offset, length in fields)
        theirs = pygame.Surface(SIZE, 0, depth, masks)
        rows = []
        for what, rect in (("row", LIST_ROW), ("frame", WHOLE)):
            ours, sdl = [], []
            for _ in range(rounds):
                ours.append(seconds_of(lambda rect=rect: platform.present([rect])))  # type: ignore[misc]
                sdl.append(seconds_of(lambda rect=rect: theirs.blit(canvas, rect, rect)))  # type: ignore[misc]
            value, reference = (1000 * statistics.median(each) for each in (ours, sdl))
            rows.append(Row(f"framebuffer_{what}_{name}", value, "ms", "SDL converting as much", reference, LIMIT))
        return rows
