"""A short text about what has the focus, "3 of 12": it changes with the focus, and nothing is laid out anew for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pygame

from stb_app.toolkit.elements import Element
from stb_app.toolkit.ops import TextOp
from stb_app.toolkit.scene import Kit, Node, Scene


class FollowingOp(TextOp):
    """The text in its place; ``follow`` changes it and its node."""

    __slots__ = ("_area", "_node", "_texts")

    def __init__(self, place: pygame.Rect, texts: Mapping[str, str], style: str, colour: str, node: Node) -> None:
        super().__init__(pygame.Rect(place), None, None, "", style, colour, True)
        self._area = place
        self._texts = texts
        self._node = node

    def follow(self, kit: Kit, focus: str | None) -> pygame.Rect | None:
        """Say what belongs to ``focus``; the place to paint anew, None where it says the same."""
        text = self._texts.get(focus or "") or next(iter(self._texts.values()))
        if text == self.text:
            return None
        width = kit.text.width(text, self.style, True)
        self.text = text
        self.rect = pygame.Rect(self._area.right - width, self._area.y, width, self._area.height)
        self._node.label, self._node.rect = text, self.rect
        return self._area.inflate(0, 2 * max(0, kit.text.lift(self.style)))


@dataclass
class Following(Element):
    """``texts`` by focusable id, not empty; as wide as the widest, to the right. The first where none belongs."""

    texts: Mapping[str, str]
    style: str = "footer"
    colour: str = "explain"
    id: str = "position"
    role: str = "position"

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        widest = max(kit.text.width(text, self.style, True) for text in self.texts.values())
        return min(width, widest), kit.text.line_height(self.style)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        node = scene.say(Node(scene.unique(self.id), self.role, ""))
        op = FollowingOp(rect, self.texts, self.style, self.colour, node)
        op.follow(kit, scene.focus)
        scene.ops.append(op)
        scene.followers.append(op)
