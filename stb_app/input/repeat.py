"""The app's own key repeat: at most one pending, only for a key whose press was seen here, dropped at a screen change.

Defaults are those of the kernel's rc-core (500 ms, then every 125 ms), which a remote's own repeat resembles.
"""

from __future__ import annotations

from stb_app.input.keys import Key, KeyEvent

DELAY_S = 0.5
PERIOD_S = 0.125


class Repeater:
    """Feed it make and break; ask ``due`` when its ``deadline`` has come. Times are seconds of a monotonic clock."""

    def __init__(self, repeats: frozenset[Key], delay: float = DELAY_S, period: float = PERIOD_S) -> None:
        self._repeats = repeats
        self._delay = delay
        self._period = period
        self._held: Key | None = None
        self.deadline: float | None = None
        """When the next repeat is due; None while nothing repeats."""

    def feed(self, event: KeyEvent, now: float) -> None:
        if event.pressed:
            self._held = event.key if event.key in self._repeats else None
            self.deadline = now + self._delay if self._held else None
        elif event.key == self._held:
            self.drop()

    def due(self, now: float) -> Key | None:
        """The held key, where a repeat is due; missed ones are not made up for, so a queue never builds."""
        if self._held is None or self.deadline is None or now < self.deadline:
            return None
        self.deadline = now + self._period
        return self._held

    def drop(self) -> None:
        """Forget what is held: released, or the screen under it changed."""
        self._held = None
        self.deadline = None
