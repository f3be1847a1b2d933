"""Forgets what has expired: sessions, used-up values, answers kept for repetitions."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.exc import DBAPIError

from tools.headend.clock import Clock
from tools.headend.logs import NAME
from tools.headend.storage.changes import Changes
from tools.headend.storage.database import DatabaseBusy
from tools.headend.storage.registry import Registry

logger = logging.getLogger(NAME)

EVERY_S = 60.0


class Housekeeper:
    """A thread that tidies up once a minute; a database that refuses is tried again the next time."""

    def __init__(self, registry: Registry, changes: Changes, clock: Clock, every: float = EVERY_S) -> None:
        self._registry = registry
        self._changes = changes
        self._clock = clock
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def tidy(self) -> int:
        """Forget now; returns how many rows went."""
        now = self._clock.now()
        return self._registry.forget_expired(now) + self._changes.forget_old(now)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self.tidy()
            except (DBAPIError, DatabaseBusy) as error:
                logger.warning("tidying up failed: %s", type(error).__name__)
