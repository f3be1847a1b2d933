"""The marks in two corners of the picture that tell what of it the television shows."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from stb_app.toolkit.elements import Element
from stb_app.toolkit.ops import PlainFillOp
from stb_app.toolkit.scene import Kit, Scene

ARM, THICKNESS = 140, 12
"""Design pixels."""


@dataclass
class Corners(Element):
    """``child`` in its place, and a bracket in the upper left and the lower right corner of the whole canvas, as far
    inside as ``edges`` (left, top, right, bottom; design pixels) say; the one that ``active`` names points.
    """

    child: Element
    edges: tuple[int, int, int, int]
    active: str
    grow: int = 1

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return self.child.extent(kit, width)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        left, top, right, bottom = (kit.px(edge) for edge in self.edges)
        width, height = kit.size
        arm, thick = kit.px(ARM), kit.px(THICKNESS)
        first = (pygame.Rect(left, top, arm, thick), pygame.Rect(left, top, thick, arm))
        x, y = width - right, height - bottom
        last = (pygame.Rect(x - arm, y - thick, arm, thick), pygame.Rect(x - thick, y - arm, thick, arm))
        for name, bars in (("first", first), ("last", last)):
            for bar in bars:
                colour = "ring" if name == self.active else "quiet"
                scene.ops.append(PlainFillOp(bar, scene.owner, scene.clip, colour, thick // 2))
        self.child.place(kit, rect, scene)
