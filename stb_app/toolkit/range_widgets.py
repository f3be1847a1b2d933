"""Days of a month in their weeks: the one under the cursor is the light, the chosen ones lie on one strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from stb_app.toolkit.elements import Element, Length, Text
from stb_app.toolkit.keycaps import Carried
from stb_app.toolkit.ops import FillOp, FrameOp
from stb_app.toolkit.scene import Kit, Node, Scene


@dataclass(frozen=True)
class Day:
    """``said`` is the whole date, and that it cannot be chosen. ``taken``: it can; ``covered``: it is chosen; ``edge``:
    as the first one.
    """

    number: str
    said: str
    taken: bool = True
    covered: bool = False
    edge: bool = False
    under: bool = False
    """The cursor stands on it."""


@dataclass
class Calendar(Element):
    """``weeks`` of seven days, None where another month's would stand, below the names of the days of the week."""

    weekdays: Sequence[str]
    weeks: Sequence[Sequence[Day | None]]
    carried: Carried
    tone: str = "good"
    """Of what is covered: good, or attention where it cannot be taken."""
    day_height: Length = 56
    style: str = "row"
    grow: int = 0

    def _high(self, kit: Kit) -> int:
        return max(kit.px(self.day_height), kit.text.line_height(self.style))

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, kit.text.line_height("detail") + len(self.weeks) * (self._high(kit) + _ring(kit))

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        gap, apart, high, head = kit.px("small"), _ring(kit), self._high(kit), kit.text.line_height("detail")
        step = (rect.width + gap) / len(self.weekdays)
        columns = [
            pygame.Rect(rect.x + round(column * step), 0, round((column + 1) * step) - gap - round(column * step), high)
            for column in range(len(self.weekdays))
        ]
        for name, column in zip(self.weekdays, columns, strict=True):
            box = pygame.Rect(column.x, rect.y, column.width, head)
            Text(name, "detail", "explain", align="center", id="weekday").place(kit, box, scene)
        for row, week in enumerate(self.weeks):
            boxes = [column.move(0, rect.y + head + apart + row * (high + apart)) for column in columns]
            covered = [box for box, day in zip(boxes, week, strict=True) if day is not None and day.covered]
            if covered:
                strip = covered[0].union(covered[-1])
                fill = f"{self.tone}_surface"
                scene.ops.append(FillOp(strip, scene.owner, scene.clip, fill, kit.px("radius_badge")))
            for box, day in zip(boxes, week, strict=True):
                if day is not None:
                    self._day(kit, box, scene, day)

    def _day(self, kit: Kit, box: pygame.Rect, scene: Scene, day: Day) -> None:
        radius = kit.px("radius_badge")
        if day.under:
            with self.carried.at(scene, box, day.said):
                scene.ops.append(FillOp(box, self.carried.id, scene.clip, "raised", radius, ring=True))
                self._number(kit, box, scene, day)
            return
        state = ["selected"] if day.covered else []
        with scene.group(Node(scene.unique("day"), "day", day.said, "", state, box)), scene.silent():
            self._number(kit, box, scene, day)
            if day.edge:
                stroke = kit.px("icon_stroke")
                scene.ops.append(FrameOp(box, scene.owner, scene.clip, self.tone, radius, stroke))

    def _number(self, kit: Kit, box: pygame.Rect, scene: Scene, day: Day) -> None:
        line = kit.text.line_height(self.style)
        place = pygame.Rect(box.x, box.y + (box.height - line) // 2, box.width, line)
        colour = "text" if day.taken or day.covered else "quiet"
        Text(day.number, self.style, colour, tabular=True, align="center").place(kit, place, scene)


def _ring(kit: Kit) -> int:
    """Between weeks there is room for the ring and no more: six of them are many."""
    return kit.px("ring_width") + kit.px("ring_gap")
