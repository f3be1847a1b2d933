"""Where an arrow leads: by geometry, with memory of the way back.

A candidate lies in the direction of the arrow; those that overlap across it (at least 20 % of the smaller one) come
before all others, then the nearest wins. Going back the way one came returns to where one was.
"""

from __future__ import annotations

from typing import Literal

import pygame

Direction = Literal["UP", "DOWN", "LEFT", "RIGHT"]
OPPOSITE: dict[Direction, Direction] = {"UP": "DOWN", "DOWN": "UP", "LEFT": "RIGHT", "RIGHT": "LEFT"}
OVERLAP = 0.2


class FocusMemory:
    """Remembers from where each focusable was entered, for the way back."""

    def __init__(self) -> None:
        self._from: dict[tuple[str, Direction], str] = {}

    def moved(self, origin: str, direction: Direction, target: str) -> None:
        self._from[(target, OPPOSITE[direction])] = origin

    def back(self, current: str, direction: Direction) -> str | None:
        return self._from.get((current, direction))

    def clear(self) -> None:
        self._from.clear()


def neighbour(
    places: dict[str, pygame.Rect], current: str, direction: Direction, memory: FocusMemory | None = None
) -> str | None:
    """The id that ``direction`` leads to from ``current``, or None at the edge."""
    here = places[current]
    ahead = {name: rect for name, rect in places.items() if name != current and _is_ahead(here, rect, direction)}
    if not ahead:
        return None
    if memory is not None:
        remembered = memory.back(current, direction)
        if remembered in ahead:
            return remembered
    return min(ahead, key=lambda name: _cost(here, ahead[name], direction))


def nearest(places: dict[str, pygame.Rect], rect: pygame.Rect) -> str | None:
    """The focusable whose place is closest to ``rect``: who takes over when the focused one is gone."""
    if not places:
        return None
    x, y = rect.center
    return min(places, key=lambda name: (places[name].centerx - x) ** 2 + (places[name].centery - y) ** 2)


def _is_ahead(here: pygame.Rect, there: pygame.Rect, direction: Direction) -> bool:
    """Whether ``there`` lies on that side; the two may share half of the smaller one along the way."""
    shared = min(here.height, there.height) // 2 if direction in ("UP", "DOWN") else min(here.width, there.width) // 2
    match direction:
        case "UP":
            return there.bottom <= here.top + shared and there.centery < here.centery
        case "DOWN":
            return there.top >= here.bottom - shared and there.centery > here.centery
        case "LEFT":
            return there.right <= here.left + shared and there.centerx < here.centerx
        case "RIGHT":
            return there.left >= here.right - shared and there.centerx > here.centerx


def _cost(here: pygame.Rect, there: pygame.Rect, direction: Direction) -> tuple[bool, int, int]:
    if direction in ("UP", "DOWN"):
        common = min(here.right, there.right) - max(here.left, there.left)
        smaller = min(here.width, there.width)
        along = here.top - there.bottom if direction == "UP" else there.top - here.bottom
        across = abs(there.centerx - here.centerx)
    else:
        common = min(here.bottom, there.bottom) - max(here.top, there.top)
        smaller = min(here.height, there.height)
        along = here.left - there.right if direction == "LEFT" else there.left - here.right
        across = abs(there.centery - here.centery)
    apart = common < smaller * OVERLAP
    return apart, max(0, along) + (across if apart else 0), across
