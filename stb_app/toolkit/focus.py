"""Where an arrow leads: by geometry, with memory of the way back and of the column that one travels in.

A candidate lies in the direction of the arrow; those that overlap across it (at least 20 % of the smaller one) come
before all others, then the nearest wins. Going back the way one came returns to where one was; going on and on in one
direction keeps to the column (or row) in which that began. Zones and single ways override what geometry says.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pygame

Direction = Literal["UP", "DOWN", "LEFT", "RIGHT"]
OPPOSITE: dict[Direction, Direction] = {"UP": "DOWN", "DOWN": "UP", "LEFT": "RIGHT", "RIGHT": "LEFT"}
OVERLAP = 0.2
LONGEST_TRAIL = 64


@dataclass
class Zone:
    """Focusables that belong together: a row of tabs, a list beside its details, the buttons of a form."""

    id: str
    members: list[str] = field(default_factory=list)
    """In reading order; those of zones inside too."""
    closed: frozenset[Direction] = frozenset()
    """Where the focus cannot leave it."""
    entry: str | None = None
    """Who gets the focus first when it comes from outside."""
    keeps: bool = False
    """Coming back from outside leads to the member that had the focus last."""
    aligned: bool = False
    """Coming from another aligned zone leads to the member of the same number, or the last one."""


class FocusMemory:
    """Remembers the way that the focus came, for the way back, and the line that it travels along."""

    def __init__(self) -> None:
        self._trail: list[tuple[str, Direction, str]] = []
        self._last: dict[str, str] = {}
        self._line: pygame.Rect | None = None
        self._travels: Direction | None = None

    def moved(self, origin: str, direction: Direction, target: str, line: pygame.Rect | None = None) -> None:
        """The focus went from ``origin`` to ``target``; ``line``: the place in whose column or row it goes on."""
        if self.back(origin, direction) == target:
            self._trail.pop()
        else:
            self._trail.append((origin, direction, target))
            del self._trail[:-LONGEST_TRAIL]
        self._line, self._travels = line, direction

    def back(self, current: str, direction: Direction) -> str | None:
        """From where one came to ``current``, where ``direction`` is the way back. It is walked once: a way that
        always led back to where one once was could shut others for good.
        """
        if self._trail and self._trail[-1][1:] == (OPPOSITE[direction], current):
            return self._trail[-1][0]
        return None

    def line(self, here: pygame.Rect, direction: Direction) -> pygame.Rect:
        """The place that stands for ``here`` across ``direction``: where the run along this axis began."""
        if self._line is None or self._travels is None or direction not in (self._travels, OPPOSITE[self._travels]):
            return here
        return self._line

    def stood(self, zone: str, member: str) -> None:
        self._last[zone] = member

    def last(self, zone: str) -> str | None:
        return self._last.get(zone)

    def settle(self) -> None:
        """The focus went elsewhere by no arrow: the way back and a run along a line are over."""
        self._trail.clear()
        self._line = self._travels = None

    def clear(self) -> None:
        self._last.clear()
        self.settle()


@dataclass
class FocusMap:
    """All that can have the focus on a page, and what leads from one to another."""

    places: dict[str, pygame.Rect] = field(default_factory=dict)
    ways: dict[str, dict[Direction, str]] = field(default_factory=dict)
    """Where single arrows are made to lead; the own id shuts the way, an id that is not there does nothing."""
    zones: list[Zone] = field(default_factory=list)
    """An outer one before those inside it."""
    lists: dict[str, Container[str]] = field(default_factory=dict)
    """What can have the focus in each list, whether it has a place here or is too far away for one."""
    views: dict[str, pygame.Rect] = field(default_factory=dict)
    """The place of each list."""
    unseen: dict[str, str] = field(default_factory=dict)
    """Of places that their list hides now: id -> list. An arrow leads there from inside that list only: what lies
    above or below a list is nearer to who is outside than the rows that would lie there."""

    def __contains__(self, name: object) -> bool:
        return name in self.places or any(name in held for held in self.lists.values())

    def _from_hidden(self, current: str, direction: Direction) -> str | None:
        """From what a list hides the way leads along the list, and at its end from the place of the list: where the
        hidden thing would lie, other things are.
        """
        of = self.unseen[current]
        mine = {name: rect for name, rect in self.places.items() if name in self.lists[of]}
        others = {name: rect for name, rect in self._open_to("").items() if name not in mine}
        along = neighbour(mine, current, direction)
        return along or neighbour({**others, current: self.views[of]}, current, direction)

    def _further(self, current: str, direction: Direction) -> str | None:
        """The hidden row that a list goes on with: what stands beyond its place waits until it is through."""
        for held in self.lists.values():
            if current in held:
                mine = {name: rect for name, rect in self.places.items() if name in held}
                along = neighbour(mine, current, direction, overlapping=True)
                if along in self.unseen:
                    return along
        return None

    def _open_to(self, current: str) -> dict[str, pygame.Rect]:
        shut = {name for name, of in self.unseen.items() if current not in self.lists[of]}
        return {name: rect for name, rect in self.places.items() if name not in shut} if shut else self.places

    def step(self, current: str, direction: Direction, memory: FocusMemory | None = None) -> str | None:
        """The id that ``direction`` leads to from ``current``, or None where the focus stays."""
        made = self.ways.get(current, {}).get(direction)
        if made == current:
            return None
        if made is not None and made in self:
            return made
        if current in self.unseen:
            return self._from_hidden(current, direction)
        further = self._further(current, direction)
        if further is not None:
            return further
        zones, places = self._around(current), self._open_to(current)
        shut = next((zone for zone in reversed(zones) if direction in zone.closed), None)
        for zone in reversed(zones):
            mine = {name: places[name] for name in zone.members if name in places}
            inside = neighbour(mine, current, direction, memory, overlapping=zone is not shut)
            if inside is not None or zone is shut:
                return self._entered(current, direction, inside, memory)
        return self._entered(current, direction, neighbour(places, current, direction, memory), memory)

    def moved(self, origin: str, direction: Direction, target: str, memory: FocusMemory) -> None:
        """Tell ``memory`` that an arrow led from ``origin`` to ``target``."""
        led = self.ways.get(origin, {}).get(direction) == target
        memory.moved(origin, direction, target, None if led else memory.line(self.places[origin], direction))
        self.stand(target, memory)

    def stand(self, name: str, memory: FocusMemory) -> None:
        """Tell ``memory`` that ``name`` has the focus."""
        for zone in self._around(name):
            memory.stood(zone.id, name)

    def _around(self, name: str) -> list[Zone]:
        return [zone for zone in self.zones if name in zone.members]

    def _entered(
        self, current: str, direction: Direction, target: str | None, memory: FocusMemory | None
    ) -> str | None:
        """Who gets the focus where an arrow leads from outside into a zone; the way back leads back exactly."""
        if target is None or (memory is not None and memory.back(current, direction) == target):
            return target
        for zone in self._around(target):
            if current in zone.members:
                continue
            kept = memory.last(zone.id) if zone.keeps and memory is not None else None
            if kept in zone.members:
                return kept
            if zone.aligned:
                for left in self._around(current):
                    if left.aligned and target not in left.members:
                        return zone.members[min(left.members.index(current), len(zone.members) - 1)]
            if zone.entry in zone.members:
                return zone.entry
        return target


def neighbour(
    places: dict[str, pygame.Rect],
    current: str,
    direction: Direction,
    memory: FocusMemory | None = None,
    *,
    overlapping: bool = False,
) -> str | None:
    """The id that ``direction`` leads to from ``current``, or None at the edge.

    ``overlapping``: only those that overlap across the direction count.
    """
    here = line = places[current]
    if memory is not None:
        remembered = memory.back(current, direction)
        if remembered != current and remembered in places and _is_ahead(here, places[remembered], direction):
            return remembered
        line = memory.line(here, direction)
    found: str | None = None
    least = (True, 0, 0)
    for name, rect in places.items():
        if name != current and _is_ahead(here, rect, direction):
            cost = _cost(here, line, rect, direction)
            if not (overlapping and cost[0]) and (found is None or cost < least):
                found, least = name, cost
    return found


def nearest(places: dict[str, pygame.Rect], rect: pygame.Rect) -> str | None:
    """The focusable whose place is closest to ``rect``: who takes over when the focused one is gone."""
    if not places:
        return None
    x, y = rect.center
    return min(places, key=lambda name: (places[name].centerx - x) ** 2 + (places[name].centery - y) ** 2)


def next_of_kin(order: Sequence[str], gone: str, left: Container[str]) -> str | None:
    """Of ``order``, in which ``gone`` stood, the one behind it that is still there, else the one before it."""
    if gone not in order:
        return None
    place = order.index(gone)
    return next((name for name in [*order[place + 1 :], *reversed(order[:place])] if name in left), None)


def _is_ahead(here: pygame.Rect, there: pygame.Rect, direction: Direction) -> bool:
    """Whether ``there`` lies on that side; the two may share half of the smaller one along the way."""
    match direction:
        case "UP":
            return there.centery < here.centery and there.bottom <= here.top + min(here.height, there.height) // 2
        case "DOWN":
            return there.centery > here.centery and there.top >= here.bottom - min(here.height, there.height) // 2
        case "LEFT":
            return there.centerx < here.centerx and there.right <= here.left + min(here.width, there.width) // 2
        case "RIGHT":
            return there.centerx > here.centerx and there.left >= here.right - min(here.width, there.width) // 2


def _cost(here: pygame.Rect, line: pygame.Rect, there: pygame.Rect, direction: Direction) -> tuple[bool, int, int]:
    """Along the direction as seen from ``here``, across it as seen from ``line``."""
    if direction in ("UP", "DOWN"):
        common = min(line.right, there.right) - max(line.left, there.left)
        smaller = min(line.width, there.width)
        along = here.top - there.bottom if direction == "UP" else there.top - here.bottom
        across = abs(there.centerx - line.centerx)
    else:
        common = min(line.bottom, there.bottom) - max(line.top, there.top)
        smaller = min(line.height, there.height)
        along = here.left - there.right if direction == "LEFT" else there.left - here.right
        across = abs(there.centery - line.centery)
    apart = common < smaller * OVERLAP
    return apart, max(0, along) + (across if apart else 0), across
