"""Rounded boxes, rings and fades with smooth edges: corners are drawn large once, scaled down and kept."""

from __future__ import annotations

import pygame

from stb_app.toolkit.cache import Cache
from stb_app.toolkit.theme import Colour

OVERSAMPLING = 4
VEIL_SIDE, VEIL_ALPHA = 256, 190
"""A veil is laid in tiles: a sheet of the whole canvas would hold 8 MB for nothing. About three quarters deep."""


class Shapes:
    """Draws on any surface; the cache holds corners and small pictures only, never whole boxes."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def box(self, target: pygame.Surface, rect: pygame.Rect, radius: int, colour: Colour) -> None:
        """A filled box with round corners."""
        radius = min(radius, rect.width // 2, rect.height // 2)
        clip = target.get_clip()
        # Most of what is painted anew lies inside a box, away from its corners
        if radius < 1 or not (clip.left < rect.x + radius or clip.right > rect.right - radius):
            target.fill(colour, rect)
            return
        target.fill(colour, (rect.x + radius, rect.y, rect.width - 2 * radius, rect.height))
        target.fill(colour, (rect.x, rect.y + radius, radius, rect.height - 2 * radius))
        target.fill(colour, (rect.right - radius, rect.y + radius, radius, rect.height - 2 * radius))
        self._blit_corners(target, rect, radius, self._corner(radius, 0, colour))

    def ring(self, target: pygame.Surface, rect: pygame.Rect, radius: int, width: int, colour: Colour) -> None:
        """A ring of ``width`` whose outer edge is ``rect``."""
        radius = min(radius, rect.width // 2, rect.height // 2)
        across, down = rect.width - 2 * radius, rect.height - 2 * radius
        target.fill(colour, (rect.x + radius, rect.y, across, width))
        target.fill(colour, (rect.x + radius, rect.bottom - width, across, width))
        target.fill(colour, (rect.x, rect.y + radius, width, down))
        target.fill(colour, (rect.right - width, rect.y + radius, width, down))
        self._blit_corners(target, rect, radius, self._corner(radius, width, colour))

    @staticmethod
    def _blit_corners(target: pygame.Surface, rect: pygame.Rect, radius: int, disc: pygame.Surface) -> None:
        right, bottom = rect.right - radius, rect.bottom - radius
        target.blit(disc, (rect.x, rect.y), (0, 0, radius, radius))
        target.blit(disc, (right, rect.y), (radius, 0, radius, radius))
        target.blit(disc, (rect.x, bottom), (0, radius, radius, radius))
        target.blit(disc, (right, bottom), (radius, radius, radius, radius))

    def _corner(self, radius: int, width: int, colour: Colour) -> pygame.Surface:
        """A disc (``width`` 0) or a circle line of 2·radius, from which the four corners are cut."""
        key = ("corner", radius, width, colour)
        disc = self._cache.get(key)
        if disc is None:
            big = radius * OVERSAMPLING
            large = pygame.Surface((2 * big, 2 * big), pygame.SRCALPHA, 32)
            large.fill((*colour, 0))
            pygame.draw.circle(large, (*colour, 255), (big, big), big, width * OVERSAMPLING)
            disc = self._cache.keep(key, pygame.transform.smoothscale(large, (2 * radius, 2 * radius)))
        return disc

    def fade(self, target: pygame.Surface, rect: pygame.Rect, colour: Colour) -> None:
        """What lies in ``rect`` sinks into ``colour`` towards the bottom: a list that goes on."""
        key = ("fade", rect.width, rect.height, colour)
        veil = self._cache.get(key)
        if veil is None:
            strip = pygame.Surface((1, rect.height), pygame.SRCALPHA, 32)
            for y in range(rect.height):
                strip.set_at((0, y), (*colour, 60 + 195 * y // max(1, rect.height - 1)))
            veil = self._cache.keep(key, pygame.transform.scale(strip, rect.size))
        target.blit(veil, rect)

    def veil(self, target: pygame.Surface, rect: pygame.Rect, colour: Colour) -> None:
        """All of ``rect`` that may be painted now sinks deep into ``colour``."""
        sheet = self._cache.get(("veil", colour))
        if sheet is None:
            sheet = pygame.Surface((VEIL_SIDE, VEIL_SIDE), 0, 32)
            sheet.fill(colour)
            sheet.set_alpha(VEIL_ALPHA)
            self._cache.keep(("veil", colour), sheet)
        touched = rect.clip(target.get_clip())
        for y in range(touched.top, touched.bottom, VEIL_SIDE):
            for x in range(touched.left, touched.right, VEIL_SIDE):
                part = (0, 0, min(VEIL_SIDE, touched.right - x), min(VEIL_SIDE, touched.bottom - y))
                target.blit(sheet, (x, y), part)
