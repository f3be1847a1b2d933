"""The app's own key repeat: at most one pending, only for a key whose press was seen here, dropped at a screen change.

The usual rate is that of the kernel's rc-core (500 ms, then every 125 ms), which a remote's own repeat resembles.
Viewers whose fingers stay on a key choose the slow one, or none (EN 301 549, 5.7).
"""

from __future__ import annotations

from dataclasses import dataclass

from stb_app.input.keys import Key, KeyEvent


@dataclass(frozen=True, slots=True)
class Rate:
    """Seconds until the first repeat and between repeats."""

    delay: float
    period: float


NORMAL = Rate(0.5, 0.125)
SLOW = Rate(2.0, 2.0)
RATES: dict[str, Rate | None] = {"normal": NORMAL, "slow": SLOW, "off": None}
"""What a viewer may choose, by its name in options and preferences."""


class Repeater:
    """Feed it make and break; ask ``due`` when its ``deadline`` has come. Times are seconds of a monotonic clock."""

    def __init__(self, rate: Rate | None = NORMAL) -> None:
        self.rate = rate
        """None: nothing repeats. A change counts from the next press on."""
        self._held: Key | None = None
        self.deadline: float | None = None
        """When the next repeat is due; None while nothing repeats."""

    @property
    def held(self) -> Key | None:
        """The key that repeats while it is held."""
        return self._held

    def feed(self, event: KeyEvent, now: float) -> None:
        """The key that was pressed last is the one that repeats."""
        if event.pressed:
            self.drop()
            if self.rate is not None:
                self._held = event.key
                self.deadline = now + self.rate.delay
        elif event.key == self._held:
            self.drop()

    def due(self, now: float) -> Key | None:
        """The held key, where a repeat is due; missed ones are not made up for, so a queue never builds."""
        if self._held is None or self.rate is None or self.deadline is None or now < self.deadline:
            return None
        self.deadline = now + self.rate.period
        return self._held

    def drop(self) -> None:
        """Forget what is held: released, or the screen under it changed."""
        self._held = None
        self.deadline = None
