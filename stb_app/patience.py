"""How long an answer is awaited: the picture says more about it as time goes by, never the same without an end."""

from __future__ import annotations

from stb_app.account.store import Store
from stb_app.companions import Companion

SOON_S = 0.3
"""An answer that comes sooner is not announced: nothing flickers."""
SLOW_S = 5.0
"""From now on the picture says what is waited for."""
TOO_LONG_S = 15.0
"""From now on it says what the viewer can do."""
MARKS_S = (SOON_S, SLOW_S, TOO_LONG_S)


class Patience(Companion):
    """Has the picture made anew whenever an awaited answer passes one of the marks."""

    def __init__(self, store: Store, now: float) -> None:
        self._store = store
        self._seen = now

    @property
    def deadline(self) -> float | None:
        return min(self._ahead(), default=None)

    def tick(self, now: float) -> bool:
        passed = any(mark <= now for mark in self._ahead())
        self._seen = now
        return passed

    def _ahead(self) -> list[float]:
        marks = (since + mark for since in self._store.awaited_since for mark in MARKS_S)
        return [mark for mark in marks if mark > self._seen]
