"""A line that comes by itself and goes by itself: what was done, what has come. It takes no focus and no key."""

from __future__ import annotations

from stb_app.companions import Companion
from stb_app.navigation import Tell

SHORTEST_S, LONGEST_S = 4.0, 10.0
"""N1: a line on the TV stands for at most 10 s."""
LETTER_S = 0.08
"""So long a slow reader takes for a letter."""


class Toasts(Companion):
    """One at a time: the newest is what counts."""

    def __init__(self) -> None:
        self.shown: Tell | None = None
        self._until: float | None = None

    def show(self, toast: Tell, now: float) -> None:
        self.shown = toast
        self._until = now + min(LONGEST_S, max(SHORTEST_S, LETTER_S * len(toast.text)))

    @property
    def deadline(self) -> float | None:
        return self._until

    def tick(self, now: float) -> bool:
        if self._until is None or now < self._until:
            return False
        self.shown = self._until = None
        return True
