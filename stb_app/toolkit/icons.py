"""Icons drawn as strokes on a grid of 60: one style, round ends; colours and sizes come from the theme."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import pygame

from stb_app.toolkit.cache import Cache
from stb_app.toolkit.theme import Colour

GRID = 60
OVERSAMPLING = 4
BROAD, OVERSAMPLING_OF_BROAD = 16, 2
"""Strokes of so many pixels look as smooth with half of it, at a quarter of the time."""

Point = tuple[float, float]
Stroke = Sequence[Point]


def _arc(x: float, y: float, radius: float, start: float, end: float) -> Stroke:
    """A circle's arc in degrees, clockwise from the right."""
    steps = max(8, round(abs(end - start) / 6))
    angles = (math.radians(start + (end - start) * i / steps) for i in range(steps + 1))
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> Stroke:
    right, bottom = x + width, y + height
    return [
        *_arc(right - radius, y + radius, radius, -90, 0),
        *_arc(right - radius, bottom - radius, radius, 0, 90),
        *_arc(x + radius, bottom - radius, radius, 90, 180),
        *_arc(x + radius, y + radius, radius, 180, 270),
        (right - radius, y),
    ]


def _star(x: float, y: float, outer: float, inner: float) -> Stroke:
    points = []
    for index in range(11):
        angle = math.radians(-90 + 36 * index)
        radius = outer if index % 2 == 0 else inner
        points.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return points


ICONS: dict[str, tuple[Stroke, ...]] = {
    "tv": (_rounded(6, 10, 48, 34, 6), [(20, 52), (40, 52)]),
    "home": (
        [(8, 28), (30, 8), (52, 28)],
        [(13, 24), (13, 52), (47, 52), (47, 24)],
        [(25, 52), (25, 37), (35, 37), (35, 52)],
    ),
    "bars": ([(10, 52), (10, 30)], [(23, 52), (23, 20)], [(36, 52), (36, 36)], [(49, 52), (49, 10)]),
    "star": (_star(30, 31, 25, 11),),
    "person": (_arc(30, 19, 11, 0, 360), _arc(30, 56, 22, 188, 352)),
    "message": (_rounded(6, 10, 48, 34, 8), [(18, 44), (18, 54), (30, 44)], [(18, 22), (42, 22)], [(18, 32), (34, 32)]),
    "help": (_arc(30, 30, 24, 0, 360), [*_arc(30, 24, 8, 180, 400), (30, 35)], [(30, 43), (30, 43.5)]),
    "wallet": (_rounded(6, 14, 48, 36, 7), [(6, 24), (54, 24)], [(40, 37), (44, 37)]),
    "list": (
        [(22, 14), (54, 14)],
        [(22, 30), (54, 30)],
        [(22, 46), (54, 46)],
        [(8, 14), (9, 14)],
        [(8, 30), (9, 30)],
        [(8, 46), (9, 46)],
    ),
    "warning": ([(30, 8), (54, 50), (6, 50), (30, 8)], [(30, 24), (30, 36)], [(30, 43), (30, 43.5)]),
    "info": (_arc(30, 30, 24, 0, 360), [(30, 28), (30, 43)], [(30, 18), (30, 18.5)]),
    "check": ([(10, 32), (24, 46), (50, 16)],),
    "phone": (_rounded(16, 4, 28, 52, 6), [(27, 48), (33, 48)]),
    "bank": (
        [(6, 24), (30, 8), (54, 24), (6, 24)],
        [(14, 24), (14, 46)],
        [(30, 24), (30, 46)],
        [(46, 24), (46, 46)],
        [(6, 52), (54, 52)],
    ),
    "terminal": (_rounded(12, 6, 36, 48, 6), [(20, 18), (40, 18)], [(20, 28), (40, 28)], [(26, 42), (34, 42)]),
    "shop": (
        [(8, 24), (14, 8), (46, 8), (52, 24), (8, 24)],
        [(12, 26), (12, 52), (48, 52), (48, 26)],
        [(26, 52), (26, 38), (36, 38), (36, 52)],
    ),
    "clock": (_arc(30, 30, 24, 0, 360), [(30, 16), (30, 30), (40, 36)]),
    "offline": (_arc(30, 46, 30, 222, 318), _arc(30, 46, 17, 222, 318), [(30, 46), (30, 46.5)], [(10, 8), (50, 54)]),
    "lock": (
        _rounded(12, 26, 36, 28, 6),
        [(19, 26), *_arc(30, 18, 11, 180, 360), (41, 26)],
        [(30, 37), (30, 43)],
    ),
    "next": ([(22, 12), (40, 30), (22, 48)],),
    "erase": (
        [(22, 12), (54, 12), (54, 48), (22, 48), (6, 30), (22, 12)],
        [(30, 22), (45, 38)],
        [(45, 22), (30, 38)],
    ),
    "shift": ([(30, 8), (52, 32), (40, 32), (40, 50), (20, 50), (20, 32), (8, 32), (30, 8)],),
    "space": ([(8, 30), (8, 42), (52, 42), (52, 30)],),
    "previous": ([(38, 12), (20, 30), (38, 48)],),
}
"""Names of the icons that screens may use."""

# Larger pictures of the state screens, on a grid of 360 x 300; "accent" strokes point at what to do.
SCENES: dict[str, tuple[tuple[str, Stroke], ...]] = {
    "card_in": (
        ("text", _rounded(108, 14, 144, 118, 16)), ("text", _rounded(132, 76, 44, 34, 8)),
        ("explain", _rounded(4, 166, 352, 104, 18)), ("explain", [(94, 206), (266, 206)]),
        ("accent", [(180, 140), (180, 192)]), ("accent", [(160, 174), (180, 193), (200, 174)]),
        ("accent", _arc(312, 228, 5, 0, 360)),
    ),
    "card_wrong": (
        ("text", _rounded(108, 14, 144, 118, 16)), ("text", _rounded(132, 76, 44, 34, 8)),
        ("explain", _rounded(4, 166, 352, 104, 18)), ("explain", [(94, 206), (266, 206)]),
        ("accent", [(156, 36), (204, 64)]), ("accent", [(204, 36), (156, 64)]),
    ),
    "box": (
        ("explain", _rounded(4, 110, 352, 124, 20)), ("explain", [(60, 172), (180, 172)]),
        ("accent", _arc(300, 172, 22, 0, 360)), ("accent", [(300, 160), (300, 174)]),
        ("accent", [(300, 184), (300, 184.5)]),
    ),
    "network": (
        ("explain", _arc(180, 250, 200, 228, 312)), ("explain", _arc(180, 250, 130, 228, 312)),
        ("text", _arc(180, 250, 62, 228, 312)), ("text", [(180, 246), (180, 247)]),
        ("accent", [(70, 36), (290, 272)]),
    ),
    "stopped": (
        ("explain", _rounded(20, 30, 320, 210, 22)), ("explain", [(120, 278), (240, 278)]),
        ("accent", [(150, 96), (150, 176)]), ("accent", [(210, 96), (210, 176)]),
    ),
    "busy": (
        ("explain", _arc(180, 150, 122, 0, 360)), ("text", [(180, 78), (180, 150), (232, 182)]),
    ),
}  # fmt: skip
SCENE_SIZE = (360, 300)


class Icons:
    """Draws icons and scenes, each once a size and colour."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def icon(self, name: str, size: int, stroke: float, colour: Colour) -> pygame.Surface:
        """``size`` pixels square; ``stroke`` in the grid's units. KeyError for a name that is not in ICONS."""
        strokes = [(colour, line) for line in ICONS[name]]
        return self._drawn(name, strokes, (GRID, GRID), size / GRID, stroke)

    def scene(self, name: str, scale: float, colours: dict[str, Colour]) -> pygame.Surface:
        strokes = [(colours[role], line) for role, line in SCENES[name]]
        return self._drawn(name, strokes, SCENE_SIZE, scale, 9)

    def _drawn(
        self, name: str, strokes: list[tuple[Colour, Stroke]], grid: tuple[int, int], scale: float, width: float
    ) -> pygame.Surface:
        key = ("icon", name, round(grid[0] * scale), width, tuple(colour for colour, _ in strokes))
        surface = self._cache.get(key)
        if surface is None:
            size = (round(grid[0] * scale), round(grid[1] * scale))
            finer = OVERSAMPLING_OF_BROAD if width * scale >= BROAD else OVERSAMPLING
            large = pygame.Surface((size[0] * finer, size[1] * finer), pygame.SRCALPHA, 32)
            large.fill((*strokes[0][0], 0))
            for colour, line in strokes:
                # Transparent pixels take the stroke's colour, so that scaling down does not darken the edges
                _draw_stroke(large, line, scale * finer, width, colour)
            surface = self._cache.keep(key, pygame.transform.smoothscale(large, size))
        return surface


def _draw_stroke(surface: pygame.Surface, line: Stroke, scale: float, width: float, colour: Colour) -> None:
    points = [(x * scale, y * scale) for x, y in line]
    radius = width * scale / 2
    for start, end in pairwise(points):
        length = math.dist(start, end)
        if length:
            across = ((end[1] - start[1]) / length * radius, (start[0] - end[0]) / length * radius)
            pygame.draw.polygon(
                surface,
                (*colour, 255),
                [
                    (start[0] + across[0], start[1] + across[1]),
                    (end[0] + across[0], end[1] + across[1]),
                    (end[0] - across[0], end[1] - across[1]),
                    (start[0] - across[0], start[1] - across[1]),
                ],
            )
    for point in points:
        pygame.draw.circle(surface, (*colour, 255), point, radius)
