"""What a list is made of: rows that are there, or rows that are made when they come into sight."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

import pygame

from stb_app.toolkit.elements import Element, Focusable
from stb_app.toolkit.focus import Direction
from stb_app.toolkit.scene import Kit


class Rows(ABC):
    """The rows of a list, by their index."""

    @abstractmethod
    def __len__(self) -> int:
        """How many there are."""

    @abstractmethod
    def row(self, index: int) -> Element:
        """The row, the same one each time."""

    @abstractmethod
    def names(self, index: int) -> Sequence[str]:
        """The focusable ids in the row, from the left; none where nothing in it can have the focus."""

    @cached_property
    def held(self) -> Mapping[str, int]:
        """Focusable id -> index of its row, in reading order; ValueError where two are called the same."""
        held: dict[str, int] = {}
        for index in range(len(self)):
            for name in self.names(index):
                if name in held:
                    raise ValueError(f"two focusable things are called {name!r}")
                held[name] = index
        return held

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Focusable id -> which one of all it is, from 1."""
        return {name: place for place, name in enumerate(self.held, 1)}

    def places(self, kit: Kit, index: int, rect: pygame.Rect) -> Iterator[tuple[str, pygame.Rect]]:  # noqa: ARG002
        """Where the focusables of a row lie that is not laid out."""
        for name in self.names(index):
            yield name, rect

    def ways(self, index: int) -> dict[Direction, str]:  # noqa: ARG002 - rows that are made later have none
        """Where single arrows are made to lead from a row that is not laid out."""
        return {}

    @staticmethod
    def _known(made: Focusable, name: str) -> Focusable:
        """``made``, whose id must be ``name``; ValueError where it is not."""
        if made.id != name:
            raise ValueError(f"the list knows this row as {name!r}, it is called {made.id!r}")
        return made


class Given(Rows):
    """Rows that are there: a row is a ``Focusable`` or holds nothing that can have the focus."""

    def __init__(self, rows: Sequence[Element]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, index: int) -> Element:
        return self._rows[index]

    def names(self, index: int) -> Sequence[str]:
        row = self._rows[index]
        return (row.id,) if isinstance(row, Focusable) else ()

    def ways(self, index: int) -> dict[Direction, str]:
        row = self._rows[index]
        return row.ways() if isinstance(row, Focusable) else {}


class Joined(Rows):
    """``parts`` one after the other; ``counted`` is the one whose rows are counted, where the others are not."""

    def __init__(self, *parts: Rows, counted: Rows | None = None) -> None:
        self._starts: list[int] = []
        self._parts = parts
        self._counted = counted
        self._count = 0
        for part in parts:
            self._starts.append(self._count)
            self._count += len(part)

    @cached_property
    def order(self) -> Mapping[str, int]:
        return self._counted.order if self._counted is not None else super().order

    def _at(self, index: int) -> tuple[Rows, int]:
        place = bisect_right(self._starts, index) - 1
        return self._parts[place], index - self._starts[place]

    def __len__(self) -> int:
        return self._count

    def row(self, index: int) -> Element:
        part, at = self._at(index)
        return part.row(at)

    def names(self, index: int) -> Sequence[str]:
        part, at = self._at(index)
        return part.names(at)

    def places(self, kit: Kit, index: int, rect: pygame.Rect) -> Iterator[tuple[str, pygame.Rect]]:
        part, at = self._at(index)
        return part.places(kit, at, rect)

    def ways(self, index: int) -> dict[Direction, str]:
        part, at = self._at(index)
        return part.ways(at)


class LazyRows(Rows):
    """``names[index]`` is the id of the row that ``make(index)`` makes when it comes into sight: a list may be as long
    as it likes.
    """

    def __init__(self, names: Sequence[str], make: Callable[[int], Focusable]) -> None:
        self._names = names
        self._make = make
        self._made: dict[int, Element] = {}

    def __len__(self) -> int:
        return len(self._names)

    def row(self, index: int) -> Element:
        found = self._made.get(index)
        if found is None:
            found = self._made[index] = self._known(self._make(index), self._names[index])
        return found

    def names(self, index: int) -> Sequence[str]:
        return (self._names[index],)
