"""Keys that stand on the screen, and fields that are typed into: one control with a cursor of its own carries both.

The focus is one thing for the app, and stands where the control's cursor stands: that key, or the field, is the light.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pygame

from stb_app.controls.port import Control
from stb_app.toolkit.elements import Box, Element, Icon, Length, Text
from stb_app.toolkit.ops import FillOp
from stb_app.toolkit.scene import Kit, Node, Scene


@dataclass(frozen=True)
class Carried:
    """The focusable that moves with the cursor of ``control``; ``value`` is what has been entered."""

    id: str
    role: str
    value: str
    control: Control

    def at(self, scene: Scene, rect: pygame.Rect, label: str) -> AbstractContextManager[None]:
        """It stands at ``rect`` now and says ``label`` there."""
        return scene.focusable(Node(self.id, self.role, label, self.value, rect=rect, focusable=True), self.control)


@dataclass(frozen=True)
class Cap:
    """One key: ``text`` or ``icon`` is drawn, ``said`` is spoken; ``span`` columns wide."""

    said: str
    text: str = ""
    icon: str = ""
    span: int = 1
    marked: bool = False
    """It is on: capitals are typed now."""

    def picture(self, style: str) -> Element:
        if self.icon:
            return Icon(self.icon, colour="text", ems=1.0, style=style)
        return Text(self.text, style, align="center")


@dataclass
class Keycaps(Element):
    """Rows of keys in ``columns``; the one under ``cursor`` (row, place in the row) carries the focus.

    The same key in one column of neighbouring rows is one tall key.
    """

    rows: Sequence[Sequence[Cap]]
    columns: int
    cursor: tuple[int, int] | None
    carried: Carried
    gap: Length = "small"
    key_height: Length = 80
    style: str = "row"
    grow: int = 0

    def _high(self, kit: Kit) -> int:
        return max(kit.px(self.key_height), kit.text.line_height(self.style))

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, len(self.rows) * (self._high(kit) + kit.px(self.gap)) - kit.px(self.gap)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        gap, high = kit.px(self.gap), self._high(kit)
        step = (rect.width + gap) / self.columns
        for row, caps in enumerate(self.rows):
            column = 0
            for place, cap in enumerate(caps):
                left, right = round(column * step), round((column + cap.span) * step) - gap
                column += cap.span
                if row and self._same(cap, row - 1, place):
                    continue
                tall = high
                if row + 1 < len(self.rows) and self._same(cap, row + 1, place):
                    tall += gap + high
                box = pygame.Rect(rect.x + left, rect.y + row * (high + gap), right - left, tall)
                under = self.cursor is not None and self._cap(*self.cursor) is cap
                self._key(kit, box, scene, cap, under)

    def _cap(self, row: int, place: int) -> Cap:
        return self.rows[row][place]

    def _same(self, cap: Cap, row: int, place: int) -> bool:
        return place < len(self.rows[row]) and self.rows[row][place] is cap

    def _key(self, kit: Kit, box: pygame.Rect, scene: Scene, cap: Cap, under: bool) -> None:
        radius, fill = kit.px("radius_badge"), "good_surface" if cap.marked else "raised"
        if under:
            with self.carried.at(scene, box, cap.said):
                scene.ops.append(FillOp(box, self.carried.id, scene.clip, fill, radius, ring=True))
                self._picture(kit, box, scene, cap)
            return
        scene.ops.append(FillOp(box, scene.owner, scene.clip, fill, radius))
        with scene.group(Node(scene.unique("key"), "key", cap.said, rect=box)), scene.silent():
            self._picture(kit, box, scene, cap)

    def _picture(self, kit: Kit, box: pygame.Rect, scene: Scene, cap: Cap) -> None:
        picture = cap.picture(self.style)
        wide, high = picture.measure(kit, box.width)
        place = pygame.Rect(box.x + (box.width - wide) // 2, box.y + (box.height - high) // 2, wide, high)
        picture.place(kit, place, scene)


@dataclass
class Field(Element):
    """What is typed into: ``child`` on a surface of its own, which has the focus where ``active``."""

    child: Element
    label: str
    carried: Carried
    active: bool
    pad_y: Length = "small"
    value: str | None = None
    """What it says where that is more than what the focus says after each key."""
    grow: int = 0

    def _box(self) -> Box:
        return Box(self.child, None, "radius_row", "medium", self.pad_y)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, self._box().measure(kit, width)[1]

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        radius = kit.px("radius_row")
        if self.active:
            with self.carried.at(scene, rect, self.label):
                scene.ops.append(FillOp(rect, self.carried.id, scene.clip, "raised", radius, ring=True))
                self._box().place(kit, rect, scene)
            return
        scene.ops.append(FillOp(rect, scene.owner, scene.clip, "raised", radius))
        value = self.carried.value if self.value is None else self.value
        node = Node(scene.unique("field"), "field", self.label, value, rect=rect)
        with scene.group(node), scene.silent():
            self._box().place(kit, rect, scene)
