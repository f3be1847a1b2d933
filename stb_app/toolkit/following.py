"""A short text about what has the focus, "3 of 12": it changes with the focus, and nothing is laid out anew for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pygame

from stb_app.toolkit.elements import Element
from stb_app.toolkit.ops import TextOp
from stb_app.toolkit.scene import Kit, Node, Scene


class Says(ABC):
    """What is said for each focus."""

    @abstractmethod
    def of(self, focus: str | None) -> str:
        """The text that belongs to ``focus``; some text where none does."""

    @abstractmethod
    def widest(self) -> Sequence[str]:
        """Texts none of which is narrower than any other that there is."""


class Counted(Says):
    """``3 из 12``: ``places`` are what is counted, from 0 on, and ``pattern`` has ``{position}`` and ``{count}``;
    ``mark`` stands behind the count.
    """

    def __init__(self, places: Mapping[str, int], pattern: str, mark: str = "") -> None:
        self._places = places
        self._pattern = pattern
        self._mark = mark

    def of(self, focus: str | None) -> str:
        return self._said(self._places.get(focus or "", 0) + 1)

    def widest(self) -> Sequence[str]:
        return (self._said(len(self._places)),)

    def _said(self, position: int) -> str:
        return self._pattern.format(position=position, count=f"{len(self._places)}{self._mark}")


class FollowingOp(TextOp):
    """The text in its place; ``follow`` changes it and its node."""

    __slots__ = ("_area", "_node", "_says")

    def __init__(self, place: pygame.Rect, says: Says, style: str, colour: str, node: Node) -> None:
        super().__init__(pygame.Rect(place), None, None, "", style, colour, True)
        self._area = place
        self._says = says
        self._node = node

    def follow(self, kit: Kit, focus: str | None) -> pygame.Rect | None:
        """Say what belongs to ``focus``; the place to paint anew, None where it says the same."""
        text = self._says.of(focus)
        if text == self.text:
            return None
        width = kit.text.width(text, self.style, True)
        self.text = text
        self.rect = pygame.Rect(self._area.right - width, self._area.y, width, self._area.height)
        self.forget()
        self._node.label, self._node.rect = text, self.rect
        return self._area.inflate(0, 2 * max(0, kit.text.lift(self.style)))


@dataclass
class Following(Element):
    """What ``says`` has to say, as wide as the widest of it, to the right."""

    says: Says
    style: str = "footer"
    colour: str = "explain"
    id: str = "position"
    role: str = "position"

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        widest = max(kit.text.width(text, self.style, True) for text in self.says.widest())
        return min(width, widest), kit.text.line_height(self.style)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        node = scene.say(Node(scene.unique(self.id), self.role, ""))
        op = FollowingOp(rect, self.says, self.style, self.colour, node)
        op.follow(kit, scene.focus)
        scene.ops.append(op)
        scene.followers.append(op)
