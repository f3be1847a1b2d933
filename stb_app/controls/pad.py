"""Digits typed by the keys of the remote, or by arrows and OK on a pad that stands on the screen below the field.

Remotes without digit keys are common; so whatever takes digits has the pad too. One cursor is either on the field or
on a key of the pad, and the whole is one control: a screen hears of one value, wherever it was typed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from stb_app.controls.port import Cancelled, Changed, Ignored, Outcome, Phase, Press
from stb_app.input.keys import Key

DELETE, DONE = "delete", "done"
DIGITS = {key: key.value for key in Key if key.value.isdecimal()}

Keys = tuple[tuple[str, ...], ...]
"""Rows of a pad: a digit, ``DELETE`` or ``DONE`` each; one that stands in both rows is a tall key."""

WITH_DONE: Keys = (("1", "2", "3", "4", "5", DELETE), ("6", "7", "8", "9", "0", DONE))
SENDS_ITSELF: Keys = (("1", "2", "3", "4", "5", DELETE), ("6", "7", "8", "9", "0", DELETE))

_ARROWS = {Key.UP: (-1, 0), Key.DOWN: (1, 0), Key.LEFT: (0, -1), Key.RIGHT: (0, 1)}


class PadControl(ABC):
    """What the kinds of numbers share: digits type, BACK takes the last one back, and gives up where nothing is left;
    held down it empties the field and stops there.
    """

    context: ClassVar[str] = ""
    keys: Keys = WITH_DONE

    def __init__(self) -> None:
        self.cursor: tuple[int, int] | None = None
        """Row and column on the pad; None on the field."""
        self._column = 0

    @property
    @abstractmethod
    def empty(self) -> bool:
        """Whether BACK finds nothing to take back."""

    @abstractmethod
    def _type(self, digit: str) -> Outcome: ...

    @abstractmethod
    def _delete(self) -> None: ...

    @abstractmethod
    def _finish(self) -> Outcome:
        """OK on the field, or on the pad's last key."""

    def _sideways(self, step: int) -> Outcome:
        """LEFT (-1) or RIGHT (1) on the field."""
        if step < 0 and not self.empty:
            self._delete()
            return Changed()
        return Ignored()

    def handle(self, press: Press) -> Outcome:
        key, fresh = press.key, press.phase is Phase.MAKE
        if fresh and key in DIGITS:
            return self._type(DIGITS[key])
        if press.phase not in (Phase.MAKE, Phase.REPEAT):
            return Ignored()
        if key is Key.BACK:
            if self.empty:
                return Cancelled() if fresh else Changed()
            self._delete()
            return Changed()
        if key in _ARROWS:
            return self._arrow(*_ARROWS[key])
        if key is Key.OK and fresh:
            return self._finish() if self.cursor is None else self._press(self.keys[self.cursor[0]][self.cursor[1]])
        return Ignored()

    def _arrow(self, down: int, right: int) -> Outcome:
        if self.cursor is None:
            if right:
                return self._sideways(right)
            if down < 0:
                return Ignored()
            self.cursor = (0, self._column)
            return Changed()
        row, column = self.cursor
        tall = self.keys[0][column] == self.keys[1][column]
        if down > 0 and (row == 1 or tall):
            return Ignored()
        if down < 0 and (row == 0 or tall):
            self.cursor = None
        else:
            self._column = min(len(self.keys[0]) - 1, max(0, column + right))
            self.cursor = (row + down, self._column)
        return Changed()

    def _press(self, key: str) -> Outcome:
        if key == DONE:
            return self._finish()
        if key != DELETE:
            return self._type(key)
        if not self.empty:
            self._delete()
        return Changed()
