"""Layout that flows: texts, columns, rows, boxes. Lengths are theme tokens or design pixels.

An element is measured for a width and then placed into a rectangle; it holds no state, so a screen makes a new tree
whenever what it shows changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pygame

from stb_app.controls.port import Control
from stb_app.toolkit.focus import Direction
from stb_app.toolkit.icons import SCENE_SIZE
from stb_app.toolkit.ops import FillOp, IconOp, PlainFillOp, SceneryOp, TextOp
from stb_app.toolkit.scene import Kit, Node, Op, Scene
from stb_app.toolkit.text import Span

ANSWERS = frozenset({"hero", "hero_small", "state_title", "title", "subtitle", "lead"})
"""Styles in which a screen answers its question (design.md): what speech says first, but for a caption, which only
stands over the answer."""
GROWING_SHARE = 0.4
"""Of a row's width: so much its growing children keep where they want it and their neighbours are wide."""

Length = int | str
Align = Literal["start", "center", "end", "stretch", "baseline"]


class Element:
    """Something with a size that flows. ``grow`` > 0 takes a share of what is left in its row or column."""

    grow: int = 0

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        """Width and height wanted, at most ``width`` wide."""
        raise NotImplementedError

    def extent(self, kit: Kit, width: int) -> tuple[int, int]:
        """What ``measure`` says, asked once a width: neighbours ask for it again and again."""
        sizes: dict[int, tuple[int, int]] = self.__dict__.setdefault("_sizes", {})
        found = sizes.get(width)
        if found is None:
            found = sizes[width] = self.measure(kit, width)
        return found

    def baseline(self, kit: Kit, width: int) -> int:
        """From the top to the line that neighbours in a row share; the bottom where there is no text."""
        return self.measure(kit, width)[1]

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        raise NotImplementedError


@dataclass
class Text(Element):
    """Words that wrap; ``**strong**`` parts are heavier. ``say`` is what the node says where it differs.

    A text inside a focusable makes no node of its own: the focusable speaks for it.
    """

    text: str
    style: str = "body"
    colour: str = "text"
    tabular: bool = False
    align: Align = "start"
    id: str = "text"
    role: str = "text"
    say: str | None = None
    value: str = ""
    state: tuple[str, ...] = ()
    smaller: tuple[str, ...] = ()
    """Styles to fall back to, in this order, where the text does not fit into one line: a sum is never broken."""
    grow: int = 0

    def _style(self, kit: Kit, width: int) -> str:
        for style in (self.style, *self.smaller[:-1]):
            if not self.smaller or kit.text.width(self.text, style, self.tabular) <= width:
                return style
        return self.smaller[-1]

    def _lines(self, kit: Kit, width: int, style: str) -> list[list[Span]]:
        return kit.text.lines(self.text, style, max(1, width), self.tabular)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        style = self._style(kit, width)
        lines = self._lines(kit, width, style)
        widest = max((sum(kit.text.width(s.text, s.style, self.tabular) for s in line) for line in lines), default=0)
        return min(widest, width), kit.text.line_height(style) * max(1, len(lines))

    def baseline(self, kit: Kit, width: int) -> int:
        return kit.text.baseline(self._style(kit, width))

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        style = self._style(kit, rect.width)
        height = kit.text.line_height(style)
        y = rect.y
        bounds: pygame.Rect | None = None
        for line in self._lines(kit, rect.width, style):
            widths = [kit.text.width(span.text, span.style, self.tabular) for span in line]
            spare = rect.width - sum(widths)
            x = rect.x + (spare if self.align == "end" else spare // 2 if self.align == "center" else 0)
            for span, width in zip(line, widths, strict=True):
                place = pygame.Rect(x, y, width, height)
                scene.ops.append(
                    TextOp(place, scene.owner, scene.clip, span.text, span.style, self.colour, self.tabular)
                )
                bounds = place if bounds is None else bounds.union(place)
                x += width
            y += height
        if scene.speaks and bounds is not None:
            label = self.say if self.say is not None else self.text.replace("**", "")
            node = Node(scene.unique(self.id), self.role, label, self.value, list(self.state), bounds)
            node.answers = self.style in ANSWERS and self.role != "caption"
            scene.say(node)


@dataclass
class Icon(Element):
    """A drawn icon; ``size`` a length, or as high as ``ems`` of a text style says."""

    name: str
    size: Length = "icon_box"
    colour: str = "explain"
    ems: float = 0
    style: str = "body"

    def _side(self, kit: Kit) -> int:
        return round(self.ems * kit.theme.font_px(self.style)) if self.ems else kit.px(self.size)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:  # noqa: ARG002
        return self._side(kit), self._side(kit)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        size = self._side(kit)
        scene.ops.append(
            IconOp(pygame.Rect(rect.x, rect.y, size, size), scene.owner, scene.clip, self.name, self.colour)
        )


@dataclass
class Scenery(Element):
    """The large picture of a state screen, ``width`` a length."""

    name: str
    width: int = 480

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:  # noqa: ARG002
        wide = kit.px(self.width)
        return wide, round(wide * SCENE_SIZE[1] / SCENE_SIZE[0])

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        size = self.measure(kit, rect.width)
        place = pygame.Rect(rect.topleft, size)
        scene.ops.append(SceneryOp(place, scene.owner, scene.clip, self.name, size[0] / SCENE_SIZE[0]))


@dataclass
class Space(Element):
    """Nothing, of a length; or, growing, all that is left."""

    length: Length = 0
    grow: int = 0

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        size = kit.px(self.length)
        return min(size, width), size

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        """Nothing is there."""


@dataclass
class Sized(Element):
    """A child of a fixed width: a length, or ``ems`` of a text style, which grows with the text size."""

    child: Element
    width: Length = 0
    ems: float = 0
    style: str = "body"
    min_ems: float = 0
    """A height kept even while the child is lower, so that what comes later moves nothing."""
    grow: int = 0

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        em = kit.theme.font_px(self.style)
        wide = min(width, kit.px(self.width) + round(self.ems * em)) if self.width or self.ems else width
        return wide, max(self.child.extent(kit, wide)[1], round(self.min_ems * em))

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        self.child.place(kit, rect, scene)


@dataclass
class Column(Element):
    """Children below each other."""

    children: Sequence[Element]
    gap: Length = "small"
    align: Align = "stretch"
    justify: Align = "start"
    grow: int = 0

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        sizes = [child.extent(kit, width) for child in self.children]
        gaps = kit.px(self.gap) * max(0, len(sizes) - 1)
        return max((w for w, _ in sizes), default=0), sum(h for _, h in sizes) + gaps

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        gap = kit.px(self.gap)
        sizes = [child.extent(kit, rect.width) for child in self.children]
        spare = rect.height - sum(h for _, h in sizes) - gap * max(0, len(sizes) - 1)
        shares = sum(child.grow for child in self.children)
        y = rect.y
        if not shares and spare > 0:
            y += spare if self.justify == "end" else spare // 2 if self.justify == "center" else 0
        for child, (wide, high) in zip(self.children, sizes, strict=True):
            if child.grow:
                # Where there is too little room, what grows gives way: header and footer stay whole
                high = max(0, high + spare * child.grow // shares)
            if self.align == "stretch":
                wide = rect.width
            x = rect.x + (rect.width - wide) // 2 if self.align == "center" else rect.x
            child.place(kit, pygame.Rect(x, y, wide, high), scene)
            y += high + gap


@dataclass
class Shedding(Element):
    """A column that gives up its last children where they do not fit whole: the first ones matter most."""

    children: Sequence[Element]
    gap: Length = "small"
    grow: int = 0

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return Column(self.children, self.gap).measure(kit, width)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        y = rect.y
        for child in self.children:
            high = child.extent(kit, rect.width)[1]
            if y + high > rect.bottom:
                return
            child.place(kit, pygame.Rect(rect.x, y, rect.width, high), scene)
            y += high + kit.px(self.gap)


@dataclass
class Row(Element):
    """Children beside each other; growing ones share what is left, and wrap there.

    Where all do not fit, the widest of the others give way and wrap: a row never passes its width.
    """

    children: Sequence[Element]
    gap: Length = "small"
    align: Align = "center"
    grow: int = 0

    def _widths(self, kit: Kit, width: int) -> list[int]:
        gaps = kit.px(self.gap) * max(0, len(self.children) - 1)
        left = max(0, width - gaps)
        fixed = [0 if child.grow else child.extent(kit, left)[0] for child in self.children]
        kept = 0
        if left - sum(fixed) < left * GROWING_SHARE:
            wanted = sum(child.extent(kit, left)[0] for child in self.children if child.grow)
            kept = min(wanted, round(left * GROWING_SHARE))
        fixed = _narrowed(fixed, left - kept)
        spare = left - sum(fixed)
        shares = sum(child.grow for child in self.children)
        return [
            spare * child.grow // shares if child.grow else wide
            for child, wide in zip(self.children, fixed, strict=True)
        ]

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        widths = self._widths(kit, width)
        high = max((c.extent(kit, w)[1] for c, w in zip(self.children, widths, strict=True)), default=0)
        if any(child.grow for child in self.children):
            return width, high
        return min(width, sum(widths) + kit.px(self.gap) * max(0, len(widths) - 1)), high

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        x = rect.x
        widths = self._widths(kit, rect.width)
        shared = 0
        if self.align == "baseline":
            shared = max(c.baseline(kit, w) for c, w in zip(self.children, widths, strict=True))
        for child, wide in zip(self.children, widths, strict=True):
            high = child.extent(kit, wide)[1]
            if self.align == "stretch":
                high = rect.height
            y = rect.y
            if self.align == "center":
                y += (rect.height - high) // 2
            elif self.align == "end":
                y += rect.height - high
            elif self.align == "baseline":
                y += shared - child.baseline(kit, wide)
            child.place(kit, pygame.Rect(x, y, wide, high), scene)
            x += wide + kit.px(self.gap)


@dataclass
class Wrap(Element):
    """Two things in a row, the second at its end; below each other where they do not fit beside each other."""

    first: Element
    second: Element
    gap: Length = "medium"
    align: Align = "baseline"
    """How they stand in the row."""
    grow: int = 0

    def _chosen(self, kit: Kit, width: int) -> Element:
        wide = sum(child.extent(kit, 10 * width)[0] for child in (self.first, self.second)) + kit.px(self.gap)
        if wide <= width:
            return Row([self.first, Space(grow=1), self.second], gap=0, align=self.align)
        return Column([self.first, self.second], gap=0)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return self._chosen(kit, width).extent(kit, width)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        self._chosen(kit, rect.width).place(kit, rect, scene)


def _narrowed(widths: list[int], room: int) -> list[int]:
    """``widths`` that fit into ``room``: the widest are cut to one measure, the others stay."""
    left, cap = room, 0
    for place, wide in enumerate(sorted(widths)):
        cap = left // (len(widths) - place)
        if wide > cap:
            return [min(wide, cap) for wide in widths]
        left -= wide
    return widths


@dataclass
class Box(Element):
    """A child with padding on a surface (``fill`` a colour token, None for padding alone)."""

    child: Element
    fill: str | None = None
    radius: Length = "radius_card"
    pad_x: Length = "medium"
    pad_y: Length = "medium"
    min_height: Length = 0
    keep: bool = False
    """Keeps its colour when the focusable around it has the focus."""
    grow: int = 0

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        pad_x, pad_y = kit.px(self.pad_x), kit.px(self.pad_y)
        wide, high = self.child.extent(kit, max(1, width - 2 * pad_x))
        return min(width, wide + 2 * pad_x), max(high + 2 * pad_y, kit.px(self.min_height))

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        if self.fill is not None:
            kind = PlainFillOp if self.keep else FillOp
            scene.ops.append(kind(rect, scene.owner, scene.clip, self.fill, kit.px(self.radius)))
        inner = rect.inflate(-2 * kit.px(self.pad_x), -2 * kit.px(self.pad_y))
        high = self.child.extent(kit, inner.width)[1]
        if not self.child.grow and high < inner.height:
            inner = pygame.Rect(inner.x, inner.y + (inner.height - high) // 2, inner.width, high)
        self.child.place(kit, inner, scene)


@dataclass
class Focusable(Element):
    """A thing that the arrows reach and OK opens: its box is the light when it has the focus.

    ``label`` and ``value`` are what it says; ids are unique on a screen. ``control`` gets its keys first. ``up``,
    ``down``, ``left`` and ``right`` name where an arrow leads, in place of what lies there; its own id shuts the way.
    ``confirms``: OK spends or changes something, so it acts on the release of a press that began on it. ``does``: an
    action of the keymap that OK does, whatever the screen. One whose ``state`` says ``disabled`` does
    nothing of these; a control knows for itself.
    """

    id: str
    role: str
    label: str
    child: Element
    value: str = ""
    fill: str = "surface"
    radius: Length = "radius_row"
    pad_x: Length = "medium"
    pad_y: Length = "small"
    min_height: Length = 0
    state: tuple[str, ...] = ()
    grow: int = 0
    control: Control | None = None
    confirms: bool = False
    does: str = ""
    up: str = ""
    down: str = ""
    left: str = ""
    right: str = ""

    def ways(self) -> dict[Direction, str]:
        """Where the arrows are made to lead."""
        if not (self.up or self.down or self.left or self.right):
            return {}
        given: dict[Direction, str] = {"UP": self.up, "DOWN": self.down, "LEFT": self.left, "RIGHT": self.right}
        return {direction: target for direction, target in given.items() if target}

    def _box(self) -> Box:
        return Box(self.child, None, self.radius, self.pad_x, self.pad_y, self.min_height)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return self._box().measure(kit, width)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        node = Node(self.id, self.role, self.label, self.value, list(self.state), rect, True)
        inside = scene.focusable(node, self.control, self.ways(), confirms=self.confirms, does=self.does)
        again: Placed | None = self.__dict__.get("_placed")
        if again is not None and again.kit is kit and again.rect.size == rect.size:
            scene.ops += again.at(rect, scene.clip)
            return
        with inside:
            first = len(scene.ops)
            followers = len(scene.followers)
            scene.ops.append(FillOp(rect, self.id, scene.clip, self.fill, kit.px(self.radius), ring=True))
            self._box().place(kit, rect, scene)
            if not node.children and len(scene.followers) == followers:
                self.__dict__["_placed"] = Placed(kit, pygame.Rect(rect), scene.clip, scene.ops[first:])


@dataclass(frozen=True)
class Placed:
    """What a focusable has put on a scene: a list that goes on by a row puts it somewhere else, not together anew."""

    kit: Kit
    rect: pygame.Rect
    clip: pygame.Rect | None
    ops: list[Op]

    def at(self, rect: pygame.Rect, clip: pygame.Rect | None) -> list[Op]:
        """The same with its upper left corner at that of ``rect``."""
        x, y = rect.x - self.rect.x, rect.y - self.rect.y
        return self.ops if not (x or y) and clip == self.clip else [op.moved(x, y, clip) for op in self.ops]
