"""What lies over a page: a panel in the middle of what is left, or all of it where the panel would be too high."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from stb_app.toolkit.elements import Box, Element, Length
from stb_app.toolkit.scene import Kit, Scene

FILL = "surface"
REACH = "medium"


@dataclass
class Panel(Element):
    """``child`` on a surface of ``width`` in the middle; ``whole`` takes all the rectangle where it does not fit.

    The surface reaches over the rectangle there, so that what lies below does not look out at its corners.
    """

    child: Element
    whole: Element
    width: Length = 1120
    always_whole: bool = False
    grow: int = 1

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, self._box().measure(kit, min(width, kit.px(self.width)))[1]

    def _box(self) -> Box:
        return Box(self.child, FILL, pad_x="huge", pad_y="large")

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        wide = min(rect.width, kit.px(self.width))
        high = self._box().measure(kit, wide)[1]
        if high <= rect.height and not self.always_whole:
            middle = pygame.Rect(rect.x + (rect.width - wide) // 2, rect.y + (rect.height - high) // 2, wide, high)
            self._box().place(kit, middle, scene)
            return
        self.whole.grow = 1
        pad = kit.px(REACH)
        Box(self.whole, FILL, pad_x=REACH, pad_y=REACH).place(kit, rect.inflate(2 * pad, 2 * pad), scene)
