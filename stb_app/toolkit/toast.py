"""A line that lies over the header for a few seconds: the header can be missed that long, the focus cannot."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from stb_app.toolkit.elements import Box, Element, Icon, Row, Text
from stb_app.toolkit.scene import Kit, Scene

ICONS = {"explain": "info", "good": "check", "attention": "warning", "bad": "warning"}
"""A tone is never a colour alone."""


@dataclass
class Toast(Element):
    """``text`` on a raised surface at the top edge, as wide as the page; two lines where one is too short."""

    text: str
    tone: str = "explain"
    grow: int = 1

    def _box(self) -> Box:
        said = Text(self.text, "header_note", "text", id="toast", role="alert", grow=1)
        icon = Icon(ICONS[self.tone], colour=self.tone, ems=1.1, style="header_note")
        return Box(Row([icon, said], gap="small"), "raised", "radius_row", "medium", "tight", "height_header")

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, self._box().measure(kit, width - 2 * kit.px("edge_x"))[1]

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        wide = rect.width - 2 * kit.px("edge_x")
        high = self._box().measure(kit, wide)[1]
        place = pygame.Rect(rect.x + kit.px("edge_x"), rect.y + kit.px("edge_y"), wide, high)
        self._box().place(kit, place, scene)
