"""Forgets what has expired: sessions, used-up values, answers kept for repetitions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tools.headend.background import Periodic
from tools.headend.clock import Clock
from tools.headend.storage.changes import Changes
from tools.headend.storage.registry import Registry

EVERY_S = 60.0


class Housekeeper:
    """A thread that tidies up once a minute. ``also``: further forgetting, as of an instant; each returns how many rows
    went. A database that refuses is tried again the next time."""

    def __init__(
        self,
        registry: Registry,
        changes: Changes,
        clock: Clock,
        every: float = EVERY_S,
        also: Sequence[Callable[[datetime], int]] = (),
    ) -> None:
        self._registry = registry
        self._changes = changes
        self._clock = clock
        self._also = also
        self._periodic = Periodic("housekeeper", every, self.tidy)

    def start(self) -> None:
        self._periodic.start()

    def begin_to_stop(self) -> None:
        self._periodic.begin_to_stop()

    def stop(self) -> None:
        self._periodic.stop()

    def tidy(self) -> int:
        """Forget now; returns how many rows went."""
        now = self._clock.now()
        gone = self._registry.forget_expired(now) + self._changes.forget_old(now)
        return gone + sum(forget(now) for forget in self._also)
