"""Same-key debounce, for worn buttons and for receivers that see one press twice (libcec#346). Off by default.

A release counts only when the key has stayed up for the window; a press of the same key inside it means that the
key never really left. So a bouncing press stays one press, and a hold that bounces stays one hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stb_app.input.keys import Key, KeyEvent


class Debouncer:
    """``window`` in seconds, 0 for none. Every event that comes out has its time in ``at``."""

    def __init__(self, window: float = 0.0) -> None:
        self.window = window
        self._ending: dict[Key, KeyEvent] = {}

    @property
    def deadline(self) -> float | None:
        """When the next release counts, unless its key is pressed before."""
        return min((self._counts(each) for each in self._ending.values()), default=None)

    def ending(self, key: Key | None) -> bool:
        """Whether ``key`` may be up already."""
        return key in self._ending

    def feed(self, event: KeyEvent, at: float) -> Iterator[KeyEvent]:
        """What counts now, in order: releases whose time has come, then the event, if it is not a bounce."""
        yield from self.due(at)
        event = replace(event, at=at)
        if event.pressed:
            bounce = self._ending.pop(event.key, None)
            # Another key means that the fingers have left the first one
            yield from self._ended(list(self._ending))
            if bounce is None:
                yield event
        elif event.lost or self.window <= 0:
            self._ending.pop(event.key, None)
            yield event
        else:
            self._ending.setdefault(event.key, event)

    def due(self, now: float) -> Iterator[KeyEvent]:
        """Releases whose key has stayed up, each with the time at which it was let go."""
        yield from self._ended([key for key, each in self._ending.items() if self._counts(each) <= now])

    def _ended(self, keys: list[Key]) -> Iterator[KeyEvent]:
        for key in keys:
            yield self._ending.pop(key)

    def _counts(self, released: KeyEvent) -> float:
        return (released.at or 0.0) + self.window
