"""A laid-out screen: paint operations in order, focusable places, and the semantic tree that dump and speech read.

A scene is made when the state changes; moving the focus only repaints the two things that it touches. Rectangles are
canvas pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, ClassVar, Protocol, Self

import pygame

from stb_app.controls.port import Control
from stb_app.toolkit.cache import Cache
from stb_app.toolkit.focus import Direction, FocusMap, Zone
from stb_app.toolkit.fonts import Family
from stb_app.toolkit.icons import Icons
from stb_app.toolkit.scrolling import ScrollArea
from stb_app.toolkit.shapes import Shapes
from stb_app.toolkit.text import TextRenderer
from stb_app.toolkit.theme import Theme


@dataclass
class Kit:
    """What layout and painting need: one bundle a canvas and text size."""

    theme: Theme
    text: TextRenderer
    shapes: Shapes
    icons: Icons
    size: tuple[int, int]
    cache: Cache
    """Behind the three of them."""

    @classmethod
    def of(cls, theme: Theme, family: Family, size: tuple[int, int]) -> Kit:
        """Everything for a theme, a font and a canvas."""
        cache = Cache.for_canvas(size)
        return cls(theme, TextRenderer(theme, family, cache), Shapes(cache), Icons(cache), size, cache)

    def px(self, length: int | str) -> int:
        return self.theme.px(length)


class Op:
    """One thing to paint. ``owner`` is the focusable that it belongs to, ``clip`` what may be touched.

    Who changes one that was painted has it ``forget`` what it has said of itself.
    """

    __slots__ = ("clip", "looks", "owner", "parts", "rect", "touched")
    all_slots: ClassVar[tuple[str, ...]] = __slots__
    all_values: ClassVar[attrgetter[tuple[Any, ...]]] = attrgetter(*__slots__)

    def __init_subclass__(cls) -> None:
        cls.all_slots = tuple(name for each in cls.__mro__ for name in vars(each).get("__slots__", ()))
        cls.all_values = attrgetter(*cls.all_slots)

    def __init__(self, rect: pygame.Rect, owner: str | None, clip: pygame.Rect | None) -> None:
        self.rect = rect
        self.owner = owner
        self.clip = clip
        self.forget()

    def forget(self) -> None:
        self.touched: pygame.Rect | None = None
        self.parts: tuple[pygame.Rect, ...] | None = None
        self.looks: tuple[object, ...] | None = None

    def moved(self, x: int, y: int, clip: pygame.Rect | None) -> Self:
        """The same elsewhere."""
        made = object.__new__(type(self))
        for name, value in zip(self.all_slots, self.all_values(self), strict=True):
            setattr(made, name, value)
        made.rect = self.rect.move(x, y)
        made.clip = clip
        made.forget()
        if self.looks is not None and clip == self.clip:
            made.looks = (self.looks[0], tuple(made.rect), *self.looks[2:])
        return made

    def get_ready(self, kit: Kit) -> None:
        """Draw what painting without the focus will take from the cache."""

    def touches(self, kit: Kit) -> pygame.Rect:
        """What of the canvas it paints on itself."""
        if self.touched is None:
            bounds = self.bounds(kit)
            self.touched = bounds.clip(self.clip) if self.clip is not None else bounds
        return self.touched

    def covers(self) -> tuple[pygame.Rect, ...]:
        """Parts of the canvas where nothing that was painted before can be seen any more."""
        return ()

    def look(self) -> tuple[object, ...]:
        """What is equal for operations that paint the same pixels while both have the focus, or none has."""
        if self.looks is None:
            kind, rect, _, *others = self.signature()
            self.looks = (kind, rect, *others)
        return self.looks

    def bounds(self, kit: Kit) -> pygame.Rect:  # noqa: ARG002 - a ring reaches further than its rect
        return self.rect

    def paint(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:
        raise NotImplementedError

    def signature(self) -> tuple[object, ...]:
        """All that it paints by: its kind, its place, its owner, its clip, and what is its kind's own."""
        raise NotImplementedError

    def _place(self) -> tuple[object, ...]:
        clip = tuple(self.clip) if self.clip else None
        return (type(self).__name__, tuple(self.rect), self.owner, clip)


@dataclass
class Node:
    """What a place of the screen says: contracts.md, "Simulator scripts", dump."""

    id: str
    role: str
    label: str
    value: str = ""
    state: list[str] = field(default_factory=list)
    rect: pygame.Rect = field(default_factory=lambda: pygame.Rect(0, 0, 0, 0))
    focusable: bool = False
    children: list[Node] = field(default_factory=list)
    viewport: pygame.Rect | None = None
    position: tuple[int, int] | None = None
    """Of a list's row that can have the focus: which one, from 1, of how many, those out of sight too."""
    answers: bool = False
    """In the largest type of its screen: speech says it when the screen opens."""

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def to_json(self, focus: str | None) -> dict[str, Any]:
        return {
            "id": self.id,
            "role": self.role,
            "label": self.label,
            "value": self.value,
            "state": [*self.state, *(["focused"] if self.focusable and self.id == focus else [])],
            "rect": list(self.rect),
            "focusable": self.focusable,
            "position": list(self.position) if self.position else None,
            "children": [child.to_json(focus) for child in self.children],
        }


class Follower(Protocol):
    """Something that says what has the focus."""

    def follow(self, kit: Kit, focus: str | None) -> pygame.Rect | None:
        """Take the new focus; the place to paint anew, None where nothing changes."""


@dataclass
class Stretch:
    """What a list has put on a scene, and where, so that it can go on without the rest of the page."""

    place: Callable[[Scene], None]
    first: int
    """The first of its operations, and the one behind the last."""
    end: int
    siblings: list[Node]
    at: int
    """Its node among them."""


class Scene:
    """The result of layout. ``map`` serves navigation, ``ops`` the painter, ``root`` the dump."""

    def __init__(
        self, focus: str | None = None, offsets: dict[str, int] | None = None, root: Node | None = None
    ) -> None:
        self.focus = focus
        self.offsets = offsets or {}
        """The row at which each list stood, by its id: it keeps its place when its rows change."""
        self.ops: list[Op] = []
        self.root = root or Node("screen", "screen", "")
        self.map = FocusMap()
        self.controls: dict[str, Control] = {}
        """Focusable id -> what gets its keys first."""
        self.confirming: dict[str, Node] = {}
        """Focusable id -> what it says, for those that spend or change something."""
        self.does: dict[str, str] = {}
        """Focusable id -> the action that OK does there."""
        self.passing: set[str] = set()
        """Focusables in the place of what is awaited: when it comes, the page begins at its beginning."""
        self.disabled: set[str] = set()
        """Focusables that do nothing now."""
        self.scrolls: list[ScrollArea] = []
        self.stretches: dict[str, Stretch] = {}
        """List id -> what it has put here; of lists that lie open on the page only."""
        self.followers: list[Follower] = []
        self._owners: list[str] = []
        self._zones: list[Zone] = []
        self._clips: list[pygame.Rect] = []
        self._parents: list[Node] = [self.root]
        self._names: dict[str, int] = {}
        self._silent = 0

    @property
    def focusables(self) -> dict[str, pygame.Rect]:
        """Id -> place, in reading order; of a list what is in sight and a page around."""
        return self.map.places

    def __contains__(self, name: object) -> bool:
        """Whether ``name`` can have the focus, far away in a list too."""
        return name in self.map

    @property
    def order(self) -> tuple[str, ...]:
        """All that can have the focus, in reading order."""
        lists = {name: area for area in self.scrolls for name in area.held}
        order: dict[str, None] = {}
        for name in self.map.places:
            order.update(dict.fromkeys(lists[name].held if name in lists else (name,)))
        return tuple(order)

    @property
    def owner(self) -> str | None:
        return self._owners[-1] if self._owners else None

    @property
    def clip(self) -> pygame.Rect | None:
        return self._clips[-1] if self._clips else None

    def unique(self, name: str) -> str:
        """``name``, with a number behind it where it is taken."""
        count = self._names.get(name, 0) + 1
        self._names[name] = count
        return name if count == 1 else f"{name}.{count}"

    @property
    def speaks(self) -> bool:
        """Whether a text makes a node of its own: not where something around it speaks for it."""
        return not self._silent and not self._owners

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Texts inside say nothing of their own."""
        self._silent += 1
        try:
            yield
        finally:
            self._silent -= 1

    def say(self, node: Node) -> Node:
        """Put a node into the tree, under the group that is open."""
        node.viewport = self.clip
        self._parents[-1].children.append(node)
        return node

    @contextmanager
    def group(self, node: Node) -> Iterator[Node]:
        self.say(node)
        self._parents.append(node)
        try:
            yield node
        finally:
            self._parents.pop()

    def focusable(
        self,
        node: Node,
        control: Control | None = None,
        ways: dict[Direction, str] | None = None,
        *,
        confirms: bool = False,
        does: str = "",
    ) -> AbstractContextManager[None]:
        """``node`` can have the focus; what is placed inside of what comes back belongs to it and is painted as focused
        with it.
        """
        self._reach(node.id, node.rect, ways)
        self.say(node)
        if control is not None:
            self.controls[node.id] = control
        if "disabled" in node.state:
            self.disabled.add(node.id)
        else:
            self._takes(node, does, confirms=confirms)
        return self._inside(node)

    @contextmanager
    def _inside(self, node: Node) -> Iterator[None]:
        self._owners.append(node.id)
        self._parents.append(node)
        try:
            yield
        finally:
            self._parents.pop()
            self._owners.pop()

    def _takes(self, node: Node, does: str, *, confirms: bool) -> None:
        if confirms:
            self.confirming[node.id] = node
        if does:
            self.does[node.id] = does

    @contextmanager
    def clipped(self, rect: pygame.Rect) -> Iterator[None]:
        self._clips.append(rect)
        try:
            yield
        finally:
            self._clips.pop()

    @contextmanager
    def stretch(self, name: str, place: Callable[[Scene], None]) -> Iterator[None]:
        """The list ``name`` is placed inside; ``place`` would do it anew, on another scene."""
        first, siblings = len(self.ops), self._parents[-1].children
        at = len(siblings)
        yield
        if not (self._owners or self._zones or self._clips or self._silent):
            self.stretches[name] = Stretch(place, first, len(self.ops), siblings, at)

    def begin_list(self, area: ScrollArea) -> None:
        """There is a list, which may hold more than is placed."""
        self.scrolls.append(area)
        self.map.lists[area.id], self.map.views[area.id] = area.held, area.viewport

    def out_of_sight(
        self, name: str, rect: pygame.Rect, area: ScrollArea, ways: dict[Direction, str] | None = None
    ) -> None:
        """A focusable that the arrows may lead to inside its list, where nothing is painted now: it scrolls there."""
        self._reach(name, rect, ways)
        self.map.unseen[name] = area.id

    def _reach(self, name: str, rect: pygame.Rect, ways: dict[Direction, str] | None) -> None:
        if name in self.focusables:
            raise ValueError(f"two focusable things are called {name!r}")
        self.focusables[name] = rect
        if ways:
            self.map.ways[name] = ways
        for zone in self._zones:
            zone.members.append(name)

    @contextmanager
    def zone(self, zone: Zone) -> Iterator[None]:
        """What can have the focus inside belongs to ``zone``."""
        self.map.zones.append(zone)
        self._zones.append(zone)
        try:
            yield
        finally:
            self._zones.pop()

    def visible_tree(self) -> Node:
        """The tree without what cannot be seen; what is cut by its list's end says ``peek``."""
        return _visible(self.root) or Node("screen", "screen", "")


def _visible(node: Node) -> Node | None:
    if node.viewport is not None and node.rect.height and not node.viewport.colliderect(node.rect):
        return None
    kept = [each for each in map(_visible, node.children) if each is not None]
    state = list(node.state)
    rect = node.rect
    if node.viewport is not None and not node.viewport.contains(rect):
        state.append("peek")
        rect = rect.clip(node.viewport)
    return replace(node, state=state, rect=rect, children=kept, viewport=None)
