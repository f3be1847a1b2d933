"""Many things of one kind: grids that fill a place, and lists that may be longer than theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import pygame

from stb_app.toolkit.elements import Element, Focusable, Length
from stb_app.toolkit.ops import FadeOp
from stb_app.toolkit.rows import Given, Rows
from stb_app.toolkit.scene import Kit, Node, Scene
from stb_app.toolkit.scrolling import ScrollArea


@dataclass
class Grid(Element):
    """Cells of one width in ``columns``; a growing grid gives its rows the same height where that is enough."""

    children: Sequence[Element]
    columns: int
    gap: Length = "medium"
    row_height: Length = 0
    grow: int = 0

    def _cell(self, kit: Kit, width: int) -> int:
        return (width - kit.px(self.gap) * (self.columns - 1)) // self.columns

    def _heights(self, kit: Kit, width: int) -> list[int]:
        cell = self._cell(kit, width)
        highs = [max(kit.px(self.row_height), child.extent(kit, cell)[1]) for child in self.children]
        return [max(highs[start : start + self.columns]) for start in range(0, len(highs), self.columns)]

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        heights = self._heights(kit, width)
        return width, sum(heights) + max(0, len(heights) - 1) * kit.px(self.gap)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        gap, cell, heights = kit.px(self.gap), self._cell(kit, rect.width), self._heights(kit, rect.width)
        if self.grow:
            heights = _raised(heights, rect.height - gap * (len(heights) - 1))
        y = rect.y
        for row, high in enumerate(heights):
            for column, child in enumerate(self.children[row * self.columns : (row + 1) * self.columns]):
                child.place(kit, pygame.Rect(rect.x + column * (cell + gap), y, cell, high), scene)
            y += high + gap


def _raised(heights: list[int], room: int) -> list[int]:
    """``heights`` that fill ``room``: the lowest are raised to one measure, those above it stay."""
    left = room
    for place, high in enumerate(sorted(heights, reverse=True)):
        level = left // (len(heights) - place)
        if high <= level:
            return [max(high, level) for high in heights]
        left -= high
    return heights


@dataclass
class Scroll(Element):
    """Rows in a viewport: stands at a row's top, lets the next row peek in below, and fades it.

    Only what is in sight is laid out; a page of what lies around is known to the arrows.
    """

    id: str
    rows: Sequence[Element] | Rows
    gap: Length = "small"
    grow: int = 1
    peek: Length = "peek"
    ground: str = "background_bottom"
    """The colour of what the list lies on, into which its end sinks."""
    _all: Rows = field(init=False, repr=False)
    _made: set[int] = field(init=False, repr=False, default_factory=set)
    """Rows that were made before they came into sight."""

    def __post_init__(self) -> None:
        self._all = self.rows if isinstance(self.rows, Rows) else Given(self.rows)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:  # noqa: ARG002
        return width, 0

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        with scene.stretch(self.id, partial(self._put, kit, rect)):
            self._put(kit, rect, scene)

    def _put(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        area = self._area(kit, rect, scene)
        view = rect.inflate(2 * area.ring, 2 * area.ring)
        if not area.all_fit():
            view.height -= area.ring
        seen = self._in_view(area, view)
        scene.begin_list(area)
        listed = Node(scene.unique(self.id), "list", "", "", [], rect)
        with scene.group(listed), scene.clipped(view):
            above, below = self._around(area, seen)
            self._out_of_sight(kit, scene, area, above)
            for index, place in seen.items():
                self._all.row(index).place(kit, place, scene)
            self._out_of_sight(kit, scene, area, below)
        self._number(listed)
        for place in seen.values():
            if place.y < rect.bottom < place.bottom:
                cut = pygame.Rect(view.x, place.y, view.width, rect.bottom - place.y)
                scene.ops.append(FadeOp(cut, None, view, self.ground))

    def _area(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> ScrollArea:
        """Where the list stands for the focus that the scene is for."""
        rows = self._all
        heights: dict[int, int] = {}

        def height(index: int) -> int:
            # the same few are asked for again and again
            found = heights.get(index)
            if found is None:
                found = heights[index] = rows.row(index).extent(kit, rect.width)[1]
            return found

        first, peek, ring = scene.offsets.get(self.id, 0), kit.px(self.peek), kit.px("ring_width") + kit.px("ring_gap")
        area = ScrollArea(
            self.id, rect, len(rows), rows.held, rows.order, rows.names, height, partial(self._make, kit, rect.width),
            kit.px(self.gap), first, peek, ring,
        )  # fmt: skip
        area.first = area.first_for(scene.focus)
        return area

    def _make(self, kit: Kit, width: int, index: int) -> None:
        """Put a row together that is not seen yet; it is only moved to its place then."""
        if index in self._made:
            return
        self._made.add(index)
        row, aside = self._all.row(index), Scene()
        row.place(kit, pygame.Rect(0, 0, width, row.extent(kit, width)[1]), aside)
        for op in aside.ops:
            op.get_ready(kit)

    @staticmethod
    def _in_view(area: ScrollArea, view: pygame.Rect) -> dict[int, pygame.Rect]:
        """The rows that are seen, or parts of them, with their places; at least the first one."""
        place = area.viewport
        seen: dict[int, pygame.Rect] = {}
        for index, top, bottom in area.rows_from(area.first):
            if place.y + top >= view.bottom and seen:
                break
            seen[index] = pygame.Rect(place.x, place.y + top, place.width, bottom - top)
        first, y = area.first, place.y - area.gap
        above: dict[int, pygame.Rect] = {}
        while first > 0 and y > view.top:
            first -= 1
            high = area.height(first)
            above[first] = pygame.Rect(place.x, y - high, place.width, high)
            y -= high + area.gap
        return {**dict(reversed(above.items())), **seen}

    @staticmethod
    def _around(
        area: ScrollArea, seen: dict[int, pygame.Rect]
    ) -> tuple[dict[int, pygame.Rect], dict[int, pygame.Rect]]:
        """A page of rows before and one behind what is seen, each as high as the first one that is: nothing is made
        to know more.
        """
        above: dict[int, pygame.Rect] = {}
        below: dict[int, pygame.Rect] = {}
        if seen:
            first, last = min(seen), max(seen)
            step = max(1, seen[first].height) + area.gap
            count = max(1, area.viewport.height // step)
            for index in range(max(0, first - count), first):
                above[index] = seen[first].move(0, (index - first) * step)
            for index in range(last + 1, min(area.count, last + 1 + count)):
                below[index] = pygame.Rect(
                    seen[last].x, seen[last].bottom + area.gap, seen[last].width, step - area.gap
                )
                below[index].y += (index - last - 1) * step
        return above, below

    def _out_of_sight(self, kit: Kit, scene: Scene, area: ScrollArea, places: dict[int, pygame.Rect]) -> None:
        for index, place in places.items():
            for name, rect in self._all.places(kit, index, place):
                scene.out_of_sight(name, rect, area, self._all.ways(index))

    def _number(self, listed: Node) -> None:
        """Tell each thing that can have the focus which one of all it is; a single one need not know."""
        order = self._all.order
        for child in listed.children:
            if len(order) > 1 and child.id in order:
                child.position = (order[child.id], len(order))


class LazyGrid(Rows):
    """Cells in ``columns``, made a row at a time: ``names[index]`` is the id of the cell that ``make(index)`` makes."""

    def __init__(
        self, names: Sequence[str], make: Callable[[int], Focusable], columns: int, *, gap: Length = "medium"
    ) -> None:
        self._names = names
        self._make = make
        self._columns = columns
        self._gap = gap
        self._made: dict[int, Grid] = {}

    def __len__(self) -> int:
        return -(-len(self._names) // self._columns)

    def row(self, index: int) -> Element:
        found = self._made.get(index)
        if found is None:
            start = index * self._columns
            cells = [self._known(self._make(start + at), name) for at, name in enumerate(self.names(index))]
            found = self._made[index] = Grid(cells, self._columns, self._gap, grow=1)
        return found

    def names(self, index: int) -> Sequence[str]:
        return self._names[index * self._columns : (index + 1) * self._columns]

    def places(self, kit: Kit, index: int, rect: pygame.Rect) -> Iterator[tuple[str, pygame.Rect]]:
        gap = kit.px(self._gap)
        wide = (rect.width - gap * (self._columns - 1)) // self._columns
        for at, name in enumerate(self.names(index)):
            yield name, pygame.Rect(rect.x + at * (wide + gap), rect.y, wide, rect.height)
