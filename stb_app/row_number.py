"""A number that is typed in a list leads to the row of that number."""

from __future__ import annotations

from collections.abc import Callable

from stb_app.companions import Companion
from stb_app.input.keys import Key
from stb_app.input.press import Phase, Press

COMPLETE_S = 1.5
"""So long the next digit may take."""


class RowNumber(Companion):
    """It goes there when no further digit could follow, with OK, or when none has followed for a while; BACK and every
    other key give it up. ``go`` gets the number, from 1 to the count; ``changed`` is called when ``typed`` differs.
    """

    def __init__(self, go: Callable[[int], None], changed: Callable[[], None]) -> None:
        self._go = go
        self._changed = changed
        self._until: float | None = None
        self.typed: tuple[int, int] | None = None
        """The number so far, and how many rows there are; None while nothing is typed."""

    def type(self, digit: int, count: int, now: float) -> None:
        """A digit was pressed in a list of ``count`` rows."""
        number = (self.typed[0] if self.typed is not None else 0) * 10 + digit
        if not number or not count:
            return
        self.typed, self._until = (min(number, count), count), now + COMPLETE_S
        self._changed()
        if 10 * number > count:
            self._finish()

    def drop(self) -> None:
        """Nothing is typed any more."""
        if self.typed is not None:
            self.typed = self._until = None
            self._changed()

    def _finish(self) -> None:
        typed = self.typed
        self.drop()
        if typed is not None:
            self._go(typed[0])

    @property
    def deadline(self) -> float | None:
        return self._until

    def attend(self, press: Press, now: float) -> bool:  # noqa: ARG002
        if self.typed is None or press.phase is not Phase.MAKE or press.key.isdecimal():
            return False
        if press.key is Key.OK:
            self._finish()
            return True
        self.drop()
        return press.key is Key.BACK

    def tick(self, now: float) -> bool:
        if self._until is None or now < self._until:
            return False
        self._finish()
        return True
