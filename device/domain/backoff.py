"""How long to wait before the next try: full jitter below a cap that grows (contracts.md: 1 to 60 s)."""

from __future__ import annotations

from collections.abc import Callable


class Backoff:
    """``delay()`` is between ``least`` x cap and cap seconds; the cap grows by half with each, from ``first``."""

    def __init__(
        self, random: Callable[[], float], *, first: float = 1.0, last: float = 60.0, least: float = 0.0
    ) -> None:
        self._random = random
        self._first = first
        self._last = last
        self._least = least
        self._cap = first

    def delay(self) -> float:
        cap = self._cap
        self._cap = min(self._last, cap * 1.5)
        return cap * (self._least + (1 - self._least) * self._random())

    def reset(self) -> None:
        self._cap = self._first
