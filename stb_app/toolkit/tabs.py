"""Tabs over a body: LEFT and RIGHT switch while the tabs have the focus, DOWN leads into what the chosen one shows."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from stb_app.controls.choose import ChooseOne
from stb_app.toolkit.elements import Box, Element, Focusable, Row, Space, Text
from stb_app.toolkit.entry_widgets import Stepper
from stb_app.toolkit.ops import FillOp
from stb_app.toolkit.scene import Kit, Node, Scene

STYLE = "row"


@dataclass
class Tabs(Element):
    """The options of ``control`` beside each other; the chosen one alone, between arrows, where they do not fit.

    ``label`` says what is chosen between, ``position`` ("2 of 3") which one this is.
    """

    id: str
    label: str
    control: ChooseOne
    position: str
    grow: int = 0

    def _tab(self, text: str, tone: str) -> Box:
        return Box(Text(text, STYLE, tone, role="tab"), None, "radius_row", "medium", "small", "height_button")

    def _widths(self, kit: Kit, width: int) -> list[int] | None:
        """Of the tabs side by side; None where they do not fit."""
        widths = [self._tab(text, "text").measure(kit, 10 * width)[0] for _, text in self.control.options]
        return widths if sum(widths) + kit.px("tight") * (len(widths) - 1) <= width else None

    def row(self) -> Focusable:
        """The chosen one alone, between arrows: a line of a list."""
        stepper = Stepper(tuple(text for _, text in self.control.options), self.control.index, STYLE)
        middle = Row([Space(grow=1), stepper, Space(grow=1)], gap=0)
        return Focusable(
            self.id, "tabs", self.control.label, middle, f"{self.label}, {self.position}", min_height="height_button",
            control=self.control, pad_x="medium",
        )  # fmt: skip

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        widths = self._widths(kit, width)
        if widths is None:
            return width, self.row().measure(kit, width)[1]
        high = max(self._tab(text, "text").measure(kit, width)[1] for _, text in self.control.options)
        return sum(widths) + kit.px("tight") * (len(widths) - 1), high

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        widths = self._widths(kit, rect.width)
        if widths is None:
            self.row().place(kit, rect, scene)
            return
        x = rect.x
        for index, wide in enumerate(widths):
            place = pygame.Rect(x, rect.y, wide, rect.height)
            text = self.control.options[index][1]
            if index == self.control.index:
                self._chosen(kit, place, scene, text)
            else:
                self._tab(text, "explain").place(kit, place, scene)
            x += wide + kit.px("tight")

    def _chosen(self, kit: Kit, rect: pygame.Rect, scene: Scene, text: str) -> None:
        node = Node(self.id, "tabs", text, f"{self.label}, {self.position}", ["selected"], rect, True)
        with scene.focusable(node, self.control):
            scene.ops.append(FillOp(rect, self.id, scene.clip, "raised", kit.px("radius_row"), ring=True))
            self._tab(text, "text").place(kit, rect, scene)
