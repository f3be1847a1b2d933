"""How far something has come: a bar with words, or steps with names. What has no measure is said in words alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from stb_app.toolkit.elements import Column, Element, Row, Text
from stb_app.toolkit.ops import FillOp, FrameOp, PlainFillOp
from stb_app.toolkit.scene import Kit, Node, Scene


def _parts(kit: Kit, rect: pygame.Rect, count: int) -> list[pygame.Rect]:
    """A bar's height cut across into ``count`` equal parts."""
    gap = kit.px("tight")
    each = (rect.width - gap * (count - 1)) // count
    return [pygame.Rect(rect.x + index * (each + gap), rect.y, each, kit.px("height_bar")) for index in range(count)]


@dataclass
class Track(Element):
    """A bar in ``count`` equal parts; ``done`` of them, in fractions too, are filled."""

    done: float
    count: int = 1
    tone: str = "good"
    grow: int = 0

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, kit.px("height_bar")

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        high = kit.px("height_bar")
        for index, place in enumerate(_parts(kit, rect, self.count)):
            scene.ops.append(PlainFillOp(place, scene.owner, scene.clip, "raised", high // 2))
            part = min(1.0, max(0.0, self.done - index))
            if part > 0:
                filled = pygame.Rect(place.x, place.y, max(high, round(place.width * part)), high)
                scene.ops.append(PlainFillOp(filled, scene.owner, scene.clip, self.tone, high // 2))


@dataclass
class Progress(Element):
    """``part`` of a whole is done, 0 to 1; ``label`` says what, ``value`` how much in words; without a ``part`` the
    words are all there is: nothing moves by itself.
    """

    label: str
    value: str
    part: float | None = None
    id: str = "progress"
    grow: int = 0

    def _child(self) -> Element:
        words = Row([Text(self.label, "body", grow=1), Text(self.value, "body", "explain", tabular=True)], gap="medium")
        return words if self.part is None else Column([words, Track(self.part)], gap="small")

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return self._child().measure(kit, width)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        state = ["loading"] if self.part is None else []
        node = Node(scene.unique(self.id), "progress", self.label, self.value, state, rect)
        with scene.group(node), scene.silent():
            self._child().place(kit, rect, scene)


@dataclass
class _Marks(Element):
    """A mark for each of ``count`` steps, filled up to ``done``: on every surface, the light of the focus too."""

    count: int
    done: int

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, kit.px("height_bar")

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        high = kit.px("height_bar")
        for index, place in enumerate(_parts(kit, rect, self.count)):
            if index < self.done:
                scene.ops.append(FillOp(place, scene.owner, scene.clip, "text", high // 2))
            else:
                scene.ops.append(FrameOp(place, scene.owner, scene.clip, "quiet", high // 2, kit.px(3)))


@dataclass
class Steps(Element):
    """Where one is in ``names``, ``current`` counted from 0; ``position`` says it ("2 of 5"). What was done and what
    is being done are filled; the name is that of the step that is being done.
    """

    names: Sequence[str]
    current: int
    position: str
    style: str = "card_title"
    id: str = "steps"
    grow: int = 0

    def _child(self, kit: Kit) -> Element:
        words = Row(
            [Text(self.names[self.current], self.style, grow=1), Text(self.position, "body", "explain", tabular=True)],
            gap="medium",
            align="baseline",
        )
        if kit.theme.one_column:
            return words
        return Column([words, _Marks(len(self.names), self.current + 1)], gap="small")

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, self._child(kit).measure(kit, width)[1]

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        name = self.names[self.current]
        if not scene.speaks:
            self._child(kit).place(kit, rect, scene)
            return
        with scene.group(Node(scene.unique(self.id), "progress", name, self.position, rect=rect)), scene.silent():
            self._child(kit).place(kit, rect, scene)
