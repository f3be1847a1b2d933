"""The ring of the focus, and its way from one place to the next: it shows where the focus went, and nothing else moves.

The picture that a key causes is presented at once, with the light where the focus is now; the ring follows within
160 ms (design.md). A key that comes meanwhile is never kept waiting: the ring turns from where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import pygame

GLIDE_S = 0.14
FRAME_S = 1 / 60


@dataclass(frozen=True)
class Ring:
    """Around which box, with which corners, and what of it may be seen (None: all of it)."""

    box: pygame.Rect
    radius: int
    clip: pygame.Rect | None


class Glide:
    """A ring on its way from ``start`` to ``end``; it begins with the first ``tick``."""

    def __init__(self, start: Ring, end: Ring) -> None:
        self._start = start
        self.end = end
        self._began: float | None = None
        self._part = 0.0

    @property
    def over(self) -> bool:
        return self._part >= 1

    def tick(self, now: float) -> None:
        if self._began is None:
            self._began = now
        gone = min(1.0, max(0.0, (now - self._began) / GLIDE_S))
        self._part = 1 - (1 - gone) ** 3

    @property
    def ring(self) -> Ring:
        """Where it is now."""
        if self.over:
            return self.end
        one, other, part = self._start, self.end, self._part
        pairs = zip(one.box, other.box, strict=True)
        left, top, wide, high = (round(a + (b - a) * part) for a, b in pairs)
        clip = other.clip if one.clip == other.clip else None
        return Ring(pygame.Rect(left, top, wide, high), round(one.radius + (other.radius - one.radius) * part), clip)
