"""The screen rests when nobody has pressed a key for a while: dim, nothing private, nothing that burns in."""

from __future__ import annotations

from collections.abc import Callable

from stb_app.companions import Companion
from stb_app.input.press import Phase, Press

REST_AFTER_S = 180.0
"""quality.md, "Picture": dim after 3 min, private data hidden."""


class Rest(Companion):
    """``may_rest`` says whether the screen on top lets it: one that somebody watches without a key does not."""

    def __init__(self, may_rest: Callable[[], bool], now: float) -> None:
        self._may_rest = may_rest
        self._touched = now
        self.resting = False

    @property
    def deadline(self) -> float | None:
        return None if self.resting else self._touched + REST_AFTER_S

    def attend(self, press: Press, now: float) -> bool:
        """The press that wakes the screen does nothing else: nobody could see what it would do."""
        self._touched = now
        if not self.resting:
            return False
        if press.phase is Phase.MAKE:
            self.resting = False
        return True

    def tick(self, now: float) -> bool:
        if self.resting or now < self._touched + REST_AFTER_S:
            return False
        if not self._may_rest():
            self._touched = now
            return False
        self.resting = True
        return True
