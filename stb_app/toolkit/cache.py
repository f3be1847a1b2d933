"""What was drawn and may be needed again, within a number of bytes: the least recently used goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import pygame

BYTES_A_PIXEL = 12
"""Of the canvas: 24 MiB at 1920x1080, where the texts, icons and corners of some twenty screens have room."""


class Cache:
    """Surfaces by key, of all kinds together: texts, icons, scenes, corners, veils. Not thread-safe."""

    def __init__(self, cap: int) -> None:
        """``cap``: bytes of pixels, at most."""
        self._surfaces: OrderedDict[Hashable, pygame.Surface] = OrderedDict()
        self.cap = cap
        self.bytes = 0

    @classmethod
    def for_canvas(cls, size: tuple[int, int]) -> Cache:
        """One that grows with the canvas, as what is drawn on it does."""
        return cls(size[0] * size[1] * BYTES_A_PIXEL)

    def __len__(self) -> int:
        return len(self._surfaces)

    def get(self, key: Hashable) -> pygame.Surface | None:
        surface = self._surfaces.get(key)
        if surface is not None:
            self._surfaces.move_to_end(key)
        return surface

    def keep(self, key: Hashable, surface: pygame.Surface) -> pygame.Surface:
        """``surface``, kept where there is room for it; it must not be in the cache yet, nor be drawn on any more."""
        size = _bytes_of(surface)
        if size > self.cap:
            return surface
        self._surfaces[key] = surface
        self.bytes += size
        while self.bytes > self.cap:
            _, dropped = self._surfaces.popitem(last=False)
            self.bytes -= _bytes_of(dropped)
        return surface


def _bytes_of(surface: pygame.Surface) -> int:
    return surface.get_pitch() * surface.get_height()
