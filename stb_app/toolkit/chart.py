"""A chart of bars that the focus walks: sums above or, under zero, below their line; at size XL one bar's data at a
time, over bars without words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from stb_app.toolkit.elements import Element, Text
from stb_app.toolkit.ops import FillOp, PlainFillOp
from stb_app.toolkit.scene import Kit, Node, Scene

LOW = 12
"""Design pixels of a bar that stands for nothing: it can have the focus too."""
LOWEST_ROOM = 120
"""Design pixels that the bars get at least."""


@dataclass(frozen=True)
class Figure:
    """A bar: ``number`` is its height; ``label`` and ``value`` are said, ``short`` and ``amount`` stand at the bar."""

    id: str
    number: float
    label: str
    value: str
    short: str
    amount: str


@dataclass
class Chart(Element):
    """``figures`` from left to right, all on one scale; ``high`` the height that it wants, in design pixels."""

    figures: Sequence[Figure]
    high: int = 300
    gap: int = 22
    grow: int = 1

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, max(kit.px(self.high), self._words(kit) + kit.px(LOWEST_ROOM))

    def _words(self, kit: Kit) -> int:
        """Height of what stands above, and below, all bars."""
        if kit.theme.one_column:
            return 0
        return kit.text.line_height("badge") + kit.text.line_height("detail") + 2 * kit.px("small")

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        count = len(self.figures)
        below = any(figure.number < 0 for figure in self.figures)
        plain = kit.theme.one_column
        name_high = 0 if plain else kit.text.line_height("detail") + kit.px("small")
        sum_high = 0 if plain else kit.text.line_height("badge") + kit.px("small")
        up, scale = self._measures(rect.height - name_high - sum_high * (2 if below else 1), kit.px(LOW))
        zero = rect.y + sum_high + up
        gap = kit.px(self.gap)
        wide = (rect.width - gap * (count - 1)) // max(1, count)
        for index, figure in enumerate(self.figures):
            column = pygame.Rect(rect.x + index * (wide + gap), rect.y, wide, rect.height)
            self._bar(kit, scene, figure, column, zero, scale)
        if below:
            line = pygame.Rect(rect.x, zero - kit.px(1), rect.width, kit.px(2))
            scene.ops.append(PlainFillOp(line, scene.owner, scene.clip, "line", 0))

    def _measures(self, room: int, low: int) -> tuple[int, float]:
        """How high the line of zero has the bars above it, and the pixels of a unit."""
        above = max((figure.number for figure in self.figures), default=0.0)
        below = -min((figure.number for figure in self.figures), default=0.0)
        up, down = max(above, 0.0), max(below, 0.0)
        # Each side that has bars at all has room for the lowest one
        least_up, least_down = low if above >= 0 else 0, low if down else 0
        if not up + down:
            return room, 0.0
        scale = room / (up + down)
        high = min(max(round(up * scale), least_up), room - least_down)
        scale = min(high / up if up else scale, (room - high) / down if down else scale)
        return high, scale

    def _bar(self, kit: Kit, scene: Scene, figure: Figure, column: pygame.Rect, zero: int, scale: float) -> None:
        long = max(kit.px(LOW), round(abs(figure.number) * scale))
        under = figure.number < 0
        place = pygame.Rect(column.x, zero if under else zero - long, column.width, long)
        node = Node(figure.id, "button", figure.label, figure.value, rect=place, focusable=True)
        with scene.focusable(node):
            fill = "bad_surface" if under else "raised" if figure.number else "line"
            scene.ops.append(FillOp(place, figure.id, scene.clip, fill, kit.px("radius_badge"), ring=True))
        if kit.theme.one_column:
            return
        high, reach = kit.text.line_height("badge"), kit.px(20)
        y = place.bottom + kit.px("small") if under else place.y - high - kit.px("small")
        Text(figure.amount, "badge", "explain", align="center", id=f"{figure.id}.sum").place(
            kit, pygame.Rect(column.x - reach, y, column.width + 2 * reach, high), scene
        )
        low = kit.text.line_height("detail")
        Text(figure.short, "detail", "explain", align="center", id=f"{figure.id}.name").place(
            kit, pygame.Rect(column.x, column.bottom - low, column.width, low), scene
        )
