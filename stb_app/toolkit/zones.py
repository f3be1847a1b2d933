"""Parts of a page that are one: for the focus (what it enters first, what it remembers, where it may not leave), or for
speech and the dump.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pygame

from stb_app.toolkit.elements import Element
from stb_app.toolkit.focus import Direction, Zone
from stb_app.toolkit.scene import Kit, Node, Scene


@dataclass
class Together(Element):
    """``child`` as a zone of the focus (``focus.Zone`` tells what each setting does); looks like the child alone."""

    id: str
    child: Element
    entry: str | None = None
    keeps: bool = False
    aligned: bool = False
    closed: frozenset[Direction] = frozenset()
    grow: int = 0

    def __post_init__(self) -> None:
        self.grow = self.grow or self.child.grow

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return self.child.extent(kit, width)

    def baseline(self, kit: Kit, width: int) -> int:
        return self.child.baseline(kit, width)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        with scene.zone(Zone(self.id, [], self.closed, self.entry, self.keeps, self.aligned)):
            self.child.place(kit, rect, scene)


@dataclass
class Region(Element):
    """``child`` under a node of its own, a landmark of WAI-ARIA: header and footer say less than the body."""

    role: Literal["banner", "contentinfo"]
    child: Element
    grow: int = 0

    def __post_init__(self) -> None:
        self.grow = self.grow or self.child.grow

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return self.child.extent(kit, width)

    def baseline(self, kit: Kit, width: int) -> int:
        return self.child.baseline(kit, width)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        with scene.group(Node(scene.unique(self.role), self.role, "", rect=rect)):
            self.child.place(kit, rect, scene)
