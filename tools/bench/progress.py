"""How far something long has come, on stderr: stdout is for the rows alone."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

EVERY_S = 2.0


class Progress:
    """Says every two seconds how many of ``total`` are done, nothing of what is over before."""

    def __init__(
        self,
        what: str,
        total: int,
        clock: Callable[[], float] = time.monotonic,
        write: Callable[[str], object] = sys.stderr.write,
    ) -> None:
        self._what = what
        self._total = total
        self._clock = clock
        self._write = write
        self._said = clock()

    def __call__(self, done: int) -> None:
        now = self._clock()
        if done < self._total and now - self._said >= EVERY_S:
            self._said = now
            self._write(f"  {self._what}: {done:,} of {self._total:,}\n")
