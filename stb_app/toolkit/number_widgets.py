"""What digits are typed into: cells with dots, cells with digits in groups, a big sum; and the pad below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pygame

from stb_app.controls.pad import DELETE, DONE, Keys
from stb_app.toolkit.elements import Element, Icon, Text
from stb_app.toolkit.keycaps import Cap, Carried, Keycaps
from stb_app.toolkit.ops import FillOp, FrameOp, TextOp
from stb_app.toolkit.scene import Kit, Scene

DOT_EMS, CELL_EMS = 0.36, 1.3
ARROW_EMS = 0.7


def pad(keys: Keys, cursor: tuple[int, int] | None, carried: Carried, said: Mapping[str, str]) -> Keycaps:
    """The keys of a pad; ``said``: what ``DELETE`` and ``DONE`` are called in the viewer's language."""
    icons = {DELETE: "erase", DONE: "check"}
    caps = {
        key: Cap(said.get(key, key), "" if key in icons else key, icons.get(key, "")) for row in keys for key in row
    }
    rows = [[caps[key] for key in row] for row in keys]
    return Keycaps(rows, len(keys[0]), cursor, carried)


@dataclass
class Dots(Element):
    """A cell for each digit, a dot in those that are filled, a heavier frame where the next one goes."""

    count: int
    filled: int
    style: str = "title"

    def _side(self, kit: Kit) -> int:
        return round(kit.theme.font_px(self.style) * CELL_EMS)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:  # noqa: ARG002
        side = self._side(kit)
        return self.count * (side + kit.px("small")) - kit.px("small"), side

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        wide, side = self.measure(kit, rect.width)
        dot = round(kit.theme.font_px(self.style) * DOT_EMS)
        stroke = kit.px("icon_stroke")
        x = rect.x + (rect.width - wide) // 2
        for index in range(self.count):
            cell = pygame.Rect(x + index * (side + kit.px("small")), rect.y, side, side)
            next_one = index == self.filled
            colour, width = ("text", 2 * stroke) if next_one else ("quiet", stroke)
            scene.ops.append(FrameOp(cell, scene.owner, scene.clip, colour, kit.px("radius_badge"), width))
            if index < self.filled:
                mark = pygame.Rect(0, 0, dot, dot)
                mark.center = cell.center
                scene.ops.append(FillOp(mark, scene.owner, scene.clip, "text", dot // 2))


@dataclass
class Slots(Element):
    """Digits over lines, in groups; ``groups`` are (digits that are there, places)."""

    groups: Sequence[tuple[str, int]]
    prefix: str = ""
    style: str = "title"

    def _cell(self, kit: Kit) -> int:
        return kit.text.width("0", self.style, True)

    def _gaps(self, kit: Kit) -> tuple[int, int]:
        """Between places, between groups."""
        em = kit.theme.font_px(self.style)
        return round(em * 0.16), round(em * 0.5)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        between, apart = self._gaps(kit)
        cell = self._cell(kit)
        wide = sum(places * (cell + between) - between for _, places in self.groups) + apart * (len(self.groups) - 1)
        if self.prefix:
            wide += kit.text.width(self.prefix, self.style, True) + apart
        return min(width, wide), kit.text.line_height(self.style) + kit.px("tight")

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        wide, high = self.measure(kit, rect.width)
        between, apart = self._gaps(kit)
        cell, line = self._cell(kit), kit.text.line_height(self.style)
        stroke = kit.px("icon_stroke")
        x = rect.x + (rect.width - wide) // 2
        if self.prefix:
            given = kit.text.width(self.prefix, self.style, True)
            place = pygame.Rect(x, rect.y, given, line)
            scene.ops.append(TextOp(place, scene.owner, scene.clip, self.prefix, self.style, "explain", True))
            x += given + apart
        waits = True
        for digits, places in self.groups:
            for index in range(places):
                if index < len(digits):
                    place = pygame.Rect(x, rect.y, cell, line)
                    scene.ops.append(TextOp(place, scene.owner, scene.clip, digits[index], self.style, "text", True))
                here = waits and index >= len(digits)
                waits = waits and not here
                thick = 2 * stroke if here else stroke
                under = pygame.Rect(x, rect.y + high - thick, cell, thick)
                scene.ops.append(FillOp(under, scene.owner, scene.clip, "text" if here else "quiet", thick // 2))
                x += cell + between
            x += apart - between


@dataclass
class BigSum(Element):
    """``‹ 500 ₽ ›``: the sum as large as it goes, arrows where there is a suggestion below or above it."""

    text: str
    less: bool
    more: bool
    quiet: bool = False
    """Nothing is entered yet: the text only shows what will stand there."""
    style: str = "hero_small"

    def _side(self, kit: Kit) -> int:
        return round(kit.theme.font_px(self.style) * ARROW_EMS)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, kit.text.line_height(self.style)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        side, high = self._side(kit), kit.text.line_height(self.style)
        middle = rect.y + (high - side) // 2
        room = rect.inflate(-2 * (side + kit.px("small")), 0)
        colour = "quiet" if self.quiet else "text"
        said = Text(self.text, self.style, colour, tabular=True, align="center", smaller=("title", "row"))
        tall = said.measure(kit, room.width)[1]
        said.place(kit, pygame.Rect(room.x, rect.y + (high - tall) // 2, room.width, tall), scene)
        for there, icon, x in ((self.less, "previous", rect.x), (self.more, "next", rect.right - side)):
            if there:
                arrow = Icon(icon, ems=ARROW_EMS, style=self.style)
                arrow.place(kit, pygame.Rect(x, middle, side, side), scene)
