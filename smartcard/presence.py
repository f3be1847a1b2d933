"""What is known of a slot, shared between the thread that sees the card and those that wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from smartcard.errors import ReaderError
from smartcard.reader import ReaderState


class Presence:
    """Counts insertions and removals. Every method may be called from any thread.

    The generation is odd while a card is in, so it is the number of insertions and removals seen since the slot
    was empty and new.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._generation = 0
        self._error: Callable[[], ReaderError] | None = None

    def inserted(self) -> int:
        """A card is in; the generation now. A card that was in already left unseen: that counts too."""
        with self._changed:
            self._step(2 if self._generation % 2 else 1)
            return self._generation

    def removed(self, generation: int | None = None) -> bool:
        """The slot is empty, or the card of ``generation`` left; False where that was known already."""
        with self._changed:
            if not self._generation % 2 or generation not in (None, self._generation):
                return False
            self._step(1)
            return True

    def fail(self, error: Callable[[], ReaderError]) -> None:
        """The reader is not there: its card counts as removed, and everybody who asks gets a fresh ``error()``."""
        with self._changed:
            if self._generation % 2:
                self._generation += 1
            self._error = error
            self._changed.notify_all()

    def recover(self) -> None:
        """The reader is there (again), its slot empty until ``inserted``."""
        with self._changed:
            self._error = None

    def state(self) -> ReaderState:
        with self._changed:
            return self._state()

    def wait(self, generation: int, timeout: float) -> ReaderState:
        """As ``CardReader.wait_for_change``."""
        with self._changed:
            self._changed.wait_for(lambda: self._error is not None or self._generation != generation, timeout)
            return self._state()

    def _state(self) -> ReaderState:
        if self._error is not None:
            raise self._error()
        return ReaderState(bool(self._generation % 2), self._generation)

    def _step(self, count: int) -> None:
        self._generation += count
        self._changed.notify_all()
