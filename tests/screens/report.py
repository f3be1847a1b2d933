"""What differs between a picture as it was kept and as it is drawn now, as one HTML page that needs nothing else."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pygame

from tests.screens.png import png

MARK = (235, 16, 235)
DIMMED = 96
"""Of 255: what did not change stays in sight behind the marks."""
MOST_PLACES = 8

_STYLE = """
body { margin: 2rem auto; max-width: 1920px; font: 1rem/1.5 sans-serif; background: #12151b; color: #ebebeb }
figure { margin: 0 0 2rem } img { width: 100%; outline: 1px solid #3a4150 } figcaption { font-weight: 700 }
code { color: #b4bac6 }
"""


@dataclass(frozen=True)
class Difference:
    """``pixels`` that changed, and the rectangles that hold them; of another size, everything changed."""

    pixels: int
    places: tuple[tuple[int, int, int, int], ...]
    marked: pygame.Surface
    """The picture as it is now, dimmed, with every changed pixel in one colour."""


def difference(before: pygame.Surface, after: pygame.Surface) -> Difference | None:
    """None where every pixel is the same."""
    size = after.get_size()
    if before.get_size() != size:
        whole = pygame.Mask(size, fill=True)
        return Difference(whole.count(), ((0, 0, *size),), _marked(after, whole))
    if pygame.image.tobytes(before, "RGB") == pygame.image.tobytes(after, "RGB"):
        return None
    changed = pygame.mask.from_threshold(after, (0, 0, 0), (1, 1, 1, 255), before)
    changed.invert()
    rects = sorted(changed.get_bounding_rects(), key=lambda rect: -rect.width * rect.height)
    places = tuple((each.x, each.y, each.width, each.height) for each in rects[:MOST_PLACES])
    return Difference(changed.count(), places, _marked(after, changed))


def _marked(after: pygame.Surface, changed: pygame.Mask) -> pygame.Surface:
    marked = after.convert(32)
    marked.fill((DIMMED,) * 3, special_flags=pygame.BLEND_RGB_MULT)
    return changed.to_surface(marked, setcolor=MARK, unsetcolor=None)


def write_report(folder: Path, name: str, before: pygame.Surface, after: pygame.Surface, found: Difference) -> Path:
    """The page ``name.html`` in ``folder``, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = (("Before", before), ("After", after), ("Difference", found.marked))
    figures = "".join(_figure(caption, surface) for caption, surface in pictures)
    places = ", ".join(f"{width}x{height} at {x},{y}" for x, y, width, height in found.places)
    path = folder / f"{name}.html"
    path.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(name)}</title><style>{_STYLE}</style>'
        f"<h1>{escape(name)}</h1><p>{found.pixels} pixels differ: <code>{escape(places)}</code></p>{figures}</html>",
        encoding="utf-8",
    )
    return path


def _figure(caption: str, surface: pygame.Surface) -> str:
    data = b64encode(png(surface)).decode("ascii")
    return (
        f'<figure><figcaption>{caption}</figcaption><img alt="{caption}" src="data:image/png;base64,{data}"></figure>'
    )
