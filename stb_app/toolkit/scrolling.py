"""Where a list that may be longer than its place stands: at the top of which row, for which focus, a page further.

A list is asked for the heights of the rows that are in sight and of their neighbours only, so a thousand rows cost as
much as a dozen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pygame


@dataclass
class ScrollArea:
    """A list on its place; lengths are canvas pixels.

    ``held``: focusable id -> index of its row, in reading order; ``order``: which one of those that are counted it is,
    from 1; ``names``: the ids of a row, by its index, none where nothing in it can have the focus; ``height`` of a
    row, by its index; ``make`` has it made before it is needed.
    """

    id: str
    viewport: pygame.Rect
    count: int
    held: Mapping[str, int]
    order: Mapping[str, int]
    names: Callable[[int], Sequence[str]]
    height: Callable[[int], int]
    make: Callable[[int], None]
    gap: int
    first: int = 0
    """The row at whose top the list stands."""
    peek: int = 0
    """So much of the next row is seen where the list goes on."""
    ring: int = 0
    """Room that the focus ring of the last row needs below it."""

    def rows_from(self, first: int) -> Iterator[tuple[int, int, int]]:
        """Index, top and bottom of the row ``first`` and those behind it, measured from its top."""
        y = 0
        for index in range(first, self.count):
            high = self.height(index)
            yield index, y, y + high
            y += high + self.gap

    def first_for(self, focus: str | None) -> int:
        """The first row at which the focused row is whole and the next one peeks in; the nearest such one."""
        index = self.held.get(focus or "")
        if not self.count or self.all_fit():
            return 0
        if index is None:
            return self._filled(self.first)
        top, last = self._shown_with(index)
        first = min(self.first, top)
        more = self.peek if last < self.count - 1 else self.ring
        return self._filled(max(first, min(top, self._highest(last, more, first))))

    def _shown_with(self, index: int) -> tuple[int, int]:
        """First and last row to show with the focused one: rows that cannot have the focus belong to the next one
        that can, those at the end to the last; where all of them do not fit, the focused row goes first.
        """
        first = index
        while first > 0 and not self.names(first - 1):
            first -= 1
        last = index if any(self.names(row) for row in range(index + 1, self.count)) else self.count - 1
        if self._extent(first, last) > self.viewport.height:
            last = index
        if self._extent(first, last) > self.viewport.height:
            first = index
        return first, last

    def _extent(self, first: int, last: int) -> int:
        """From the top of one row to the bottom of another, or more than the viewport where it is more than that."""
        bottom = 0
        for index, _, bottom in self.rows_from(first):
            if index == last or bottom > self.viewport.height:
                break
        return bottom

    def _highest(self, last: int, more: int, least: int) -> int:
        """The smallest row, not under ``least``, from which the row ``last`` and ``more`` pixels below it are seen."""
        first, used = last, self.height(last) + more
        while first > least:
            used += self.height(first - 1) + self.gap
            if used > self.viewport.height:
                break
            first -= 1
        return first

    def all_fit(self) -> bool:
        """Whether the list is no longer than its place; those in sight are asked first, they are known anyway."""
        used = -self.gap
        first = max(0, min(self.first, self.count - 1))
        for index in (*range(first, self.count), *range(first - 1, -1, -1)):
            used += self.height(index) + self.gap
            if used > self.viewport.height:
                return False
        return True

    def _filled(self, first: int) -> int:
        """``first``, or a row before it where the list would end above the end of its place."""
        first = min(first, self.count - 1)
        if self._extent(first, self.count - 1) + self.ring >= self.viewport.height:
            return first
        return min(first, self._highest(self.count - 1, self.ring, 0))

    def near_end(self, focus: str) -> bool:
        """Whether the focused row is no more than two pages from the last one."""
        return self.held[focus] + 2 * sum(1 for _ in self._in_sight()) >= self.count

    def paged(self, focus: str, down: bool) -> tuple[int, str]:
        """First row and focus a page further: a page less the row that ties the two, the focus as high as it was; at
        the end of the list the last row that can have it.
        """
        index = self.held[focus]
        first = self._a_page_down(index) if down else self._a_page_up()
        ahead = [row for row in (range(index + 1, self.count) if down else range(index)) if self.names(row)]
        if not ahead:
            return self.first, focus
        if first == self.first:
            return first, self._beside(focus, ahead[-1] if down else ahead[0])
        height = next((top for row, top, _ in self.rows_from(min(self.first, index)) if row == index), 0)
        there = replace(self, first=first)
        tops = {row: top for row, top, _ in there._in_sight() if row != index and (row > index) == down}
        kept = [row for row in tops if self.names(row) and there.first_for(self.names(row)[0]) == first]
        nearest = ahead[0] if down else ahead[-1]
        return first, self._beside(focus, min(kept, key=lambda row: abs(tops[row] - height), default=nearest))

    def get_ready(self) -> None:
        """Have the rows made that come into sight next, and their neighbours, by which they are placed."""
        last = max((row for row, _, _ in self._in_sight()), default=self.first)
        for row in (self.first - 1, self.first - 2, last + 1, last + 2):
            if 0 <= row < self.count:
                self.make(row)

    def _in_sight(self) -> Iterator[tuple[int, int, int]]:
        for row in self.rows_from(self.first):
            if row[1] >= self.viewport.height:
                return
            yield row

    def _a_page_down(self, index: int) -> int:
        whole = [row for row, _, bottom in self._in_sight() if bottom <= self.viewport.height]
        return self._filled(max(whole[-1] if len(whole) > 1 else index + 1, self.first))

    def _a_page_up(self) -> int:
        return min(self._highest(self.first, 0, 0), max(0, self.first - 1))

    def _beside(self, focus: str, row: int) -> str:
        """What stands in ``row`` where ``focus`` stands in its own: the column is kept."""
        names = self.names(row)
        column = list(self.names(self.held[focus])).index(focus)
        return names[min(column, len(names) - 1)]
