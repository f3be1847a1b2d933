"""Paints what is dirty of the canvas, and no more: what an opaque box hides is skipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import pygame

from stb_app.toolkit.backdrop import FULL_COLOUR, slope
from stb_app.toolkit.motion import Ring
from stb_app.toolkit.scene import Kit, Op

MERGE_ABOVE, HULL_ABOVE = 12, 32
ALIGNED = 8
"""Pixels: half a line of the processor's cache; with a whole one more of the ends of a box is painted."""


class Painter:
    """The background of one canvas, and what lies on it."""

    def __init__(self, kit: Kit, surface: pygame.Surface, steps: tuple[int, int, int] = FULL_COLOUR) -> None:
        self._kit = kit
        self._surface = surface
        self._reach = kit.px("ring_width") + kit.px("ring_gap")
        theme = kit.theme
        self._background = slope(kit.size, theme.colour("background_top"), theme.colour("background_bottom"), steps)

    def paint(
        self, rects: Iterable[pygame.Rect], ops: Sequence[Op], over: Sequence[Op], ring: Ring | None, focus: str | None
    ) -> None:
        """``ops`` from the lowest to the highest, the ring on them, ``over`` on that; in each of ``rects``."""
        kit, surface = self._kit, self._surface
        places, places_over = ([op.touches(kit) for op in each] for each in (ops, over))
        outer = ring.box.inflate(2 * self._reach, 2 * self._reach) if ring is not None else None
        for rect in rects:
            seen = [ops[index] for index in rect.collidelistall(places)]
            self._paint_ops(seen[self._grounded(seen, rect) :], rect, focus)
            if ring is not None and outer is not None and outer.colliderect(rect) and not ring.box.contains(rect):
                self._paint_ring(ring, outer, rect)
            if over:
                self._paint_ops([over[index] for index in rect.collidelistall(places_over)], rect, focus)
        surface.set_clip(None)

    def _grounded(self, seen: Sequence[Op], rect: pygame.Rect) -> int:
        """Put the background there where something of it is seen; the first of ``seen`` that is."""
        hidden = pygame.Rect(0, 0, 0, 0)
        for index in range(len(seen) - 1, -1, -1):
            for part in seen[index].covers():
                if part.contains(rect):
                    return index
                inside = part.clip(rect)
                if inside.width * inside.height > hidden.width * hidden.height:
                    hidden = inside
        self._surface.set_clip(rect)
        for part in _around(rect, hidden):
            self._surface.blit(self._background, part, part)
        return 0

    def _paint_ops(self, ops: Iterable[Op], rect: pygame.Rect, focus: str | None) -> None:
        surface, kit = self._surface, self._kit
        surface.set_clip(rect)
        whole = True
        for op in ops:
            within = op.clip is None or op.clip.contains(rect)
            if not within or not whole:
                surface.set_clip(rect if within or op.clip is None else rect.clip(op.clip))
                whole = within
            op.paint(surface, kit, op.owner is not None and op.owner == focus)

    def _paint_ring(self, ring: Ring, outer: pygame.Rect, rect: pygame.Rect) -> None:
        kit = self._kit
        self._surface.set_clip(rect.clip(ring.clip) if ring.clip is not None else rect)
        colour = kit.theme.colour("ring")
        kit.shapes.ring(self._surface, outer, ring.radius + self._reach, kit.px("ring_width"), colour)


def _around(rect: pygame.Rect, hidden: pygame.Rect) -> Iterator[pygame.Rect]:
    """``rect`` without ``hidden``, which lies inside it, in parts."""
    if not hidden.width or not hidden.height:
        yield rect
        return
    yield pygame.Rect(rect.x, rect.y, rect.width, hidden.y - rect.y)
    yield pygame.Rect(rect.x, hidden.bottom, rect.width, rect.bottom - hidden.bottom)
    yield pygame.Rect(rect.x, hidden.y, hidden.x - rect.x, hidden.height)
    yield pygame.Rect(hidden.right, hidden.y, rect.right - hidden.right, hidden.height)


def widened(rect: pygame.Rect) -> pygame.Rect:
    """``rect`` in whole pieces of ALIGNED: SDL fills others several times slower."""
    left = rect.x // ALIGNED * ALIGNED
    return pygame.Rect(left, rect.y, -(-rect.right // ALIGNED) * ALIGNED - left if rect.width else 0, rect.height)


def merged(rects: Iterable[pygame.Rect]) -> list[pygame.Rect]:
    """Rectangles without overlaps between them: what overlaps becomes one; of many those become one that add the least,
    of very many all.
    """
    result: list[pygame.Rect] = []
    for rect in rects:
        if rect.width and rect.height:
            _absorb(result, rect)
    if len(result) > HULL_ABOVE:
        return [result[0].unionall(result[1:])]
    while len(result) > MERGE_ABOVE:
        result.sort(key=lambda rect: (rect.y, rect.x))
        unions = [one.union(other) for one, other in pairwise(result)]
        added = [
            _area(union) - _area(one) - _area(other)
            for union, (one, other) in zip(unions, pairwise(result), strict=True)
        ]
        least = added.index(min(added))
        del result[least : least + 2]
        _absorb(result, unions[least])
    return result


def _absorb(result: list[pygame.Rect], rect: pygame.Rect) -> None:
    """Put ``rect`` to the others, as one with those that it overlaps."""
    hit = rect.collidelist(result)
    while hit >= 0:
        rect = rect.union(result.pop(hit))
        hit = rect.collidelist(result)
    result.append(rect)


def _area(rect: pygame.Rect) -> int:
    return rect.width * rect.height
