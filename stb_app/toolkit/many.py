"""Many things of one kind: grids that fill a place, and lists that may be longer than theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from stb_app.toolkit.elements import Element, Focusable, Length
from stb_app.toolkit.ops import FadeOp
from stb_app.toolkit.scene import Kit, Node, Scene, ScrollArea


@dataclass
class Grid(Element):
    """Cells of one width in ``columns``; a growing grid gives its rows the same height where that is enough."""

    children: Sequence[Element]
    columns: int
    gap: Length = "medium"
    row_height: Length = 0
    grow: int = 0

    def _cell(self, kit: Kit, width: int) -> int:
        return (width - kit.px(self.gap) * (self.columns - 1)) // self.columns

    def _heights(self, kit: Kit, width: int) -> list[int]:
        cell = self._cell(kit, width)
        highs = [max(kit.px(self.row_height), child.extent(kit, cell)[1]) for child in self.children]
        return [max(highs[start : start + self.columns]) for start in range(0, len(highs), self.columns)]

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        heights = self._heights(kit, width)
        return width, sum(heights) + max(0, len(heights) - 1) * kit.px(self.gap)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        gap, cell, heights = kit.px(self.gap), self._cell(kit, rect.width), self._heights(kit, rect.width)
        if self.grow:
            heights = _raised(heights, rect.height - gap * (len(heights) - 1))
        y = rect.y
        for row, high in enumerate(heights):
            for column, child in enumerate(self.children[row * self.columns : (row + 1) * self.columns]):
                child.place(kit, pygame.Rect(rect.x + column * (cell + gap), y, cell, high), scene)
            y += high + gap


def _raised(heights: list[int], room: int) -> list[int]:
    """``heights`` that fill ``room``: the lowest are raised to one measure, those above it stay."""
    left = room
    for place, high in enumerate(sorted(heights, reverse=True)):
        level = left // (len(heights) - place)
        if high <= level:
            return [max(high, level) for high in heights]
        left -= high
    return heights


@dataclass
class Scroll(Element):
    """Rows in a viewport: stands at a row's top, lets the next row peek in below, and fades it.

    A row is a ``Focusable`` or holds nothing that can have the focus: what is out of sight is not laid out.
    """

    id: str
    rows: Sequence[Element]
    gap: Length = "small"
    grow: int = 1
    peek: Length = "peek"
    ground: str = "background_bottom"
    """The colour of what the list lies on, into which its end sinks."""

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:  # noqa: ARG002
        return width, 0

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        reach = kit.px("ring_width") + kit.px("ring_gap")
        area = self._area(kit, rect, scene, reach)
        view = rect.inflate(2 * reach, 2 * reach)
        if area.content > rect.height:
            view.height -= reach
        with scene.group(Node(scene.unique(self.id), "list", "", "", [], rect)), scene.clipped(view):
            for row, top, bottom in zip(self.rows, area.tops, area.bottoms, strict=True):
                place = pygame.Rect(rect.x, rect.y + top - area.offset, rect.width, bottom - top)
                if view.colliderect(place):
                    row.place(kit, place, scene)
                elif isinstance(row, Focusable):
                    scene.out_of_sight(row.id, place, row.ways())
        scene.scrolls.append(area)
        for top, bottom in zip(area.tops, area.bottoms, strict=True):
            if top - area.offset < rect.height < bottom - area.offset:
                cut = pygame.Rect(view.x, rect.y + top - area.offset, view.width, rect.height - top + area.offset)
                scene.ops.append(FadeOp(cut, None, view, self.ground))

    def _area(self, kit: Kit, rect: pygame.Rect, scene: Scene, reach: int) -> ScrollArea:
        """Where each row lies, and where the list stands for the focus that the scene is for."""
        area = ScrollArea(self.id, rect, [], [], {}, scene.offsets.get(self.id, 0), kit.px(self.peek), reach)
        y = 0
        for index, row in enumerate(self.rows):
            if isinstance(row, Focusable):
                area.rows[row.id] = index
            area.tops.append(y)
            area.bottoms.append(y + row.extent(kit, rect.width)[1])
            y = area.bottoms[-1] + kit.px(self.gap)
        area.offset = area.offset_for(scene.focus)
        return area
