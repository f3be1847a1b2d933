"""What the service does by itself beside answering: threads that do one thing again and again."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from sqlalchemy.exc import DBAPIError

from tools.headend.logs import NAME
from tools.headend.storage.database import DatabaseBusy

logger = logging.getLogger(NAME)
K = TypeVar("K", bound=Hashable)


class Periodic:
    """Does ``work`` every ``every`` seconds until it is stopped; a database that refuses is tried the next time."""

    def __init__(self, name: str, every: float, work: Callable[[], object]) -> None:
        self._name = name
        self._every = every
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def begin_to_stop(self) -> None:
        """Begin nothing more; so that many are told before the first is waited for."""
        self._stop.set()

    def stop(self) -> None:
        """What runs gets a second to end."""
        self.begin_to_stop()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._work()
            except (DBAPIError, DatabaseBusy) as error:
                logger.warning("%s failed: %s", self._name, type(error).__name__)
            except Exception:
                logger.exception("%s failed", self._name)


class Crew(Generic[K]):
    """Threads that do ``work`` with what they are given, each thing once while it waits or runs. They end with the
    process: what a peer keeps waiting never holds up its end."""

    def __init__(self, name: str, count: int, work: Callable[[K], object]) -> None:
        self._name = name
        self._work = work
        self._waiting: queue.SimpleQueue[K | None] = queue.SimpleQueue()
        self._known: set[K] = set()
        self._idle = threading.Condition()
        self._threads = [threading.Thread(target=self._run, name=name, daemon=True) for _ in range(count)]
        self._started = self._stopping = False

    def give(self, thing: K) -> None:
        with self._idle:
            if thing in self._known:
                return
            self._known.add(thing)
            if not self._started:
                self._started = True
                for thread in self._threads:
                    thread.start()
        self._waiting.put(thing)

    def wait_idle(self, limit: float = 30.0) -> bool:
        """Until everything that was given is done; False where that takes too long."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._known, limit)

    def stop(self) -> None:
        """Begin nothing more; what runs gets a second to end."""
        self._stopping = True
        if not self._started:
            return
        for _ in self._threads:
            self._waiting.put(None)
        deadline = time.monotonic() + 1
        for thread in self._threads:
            thread.join(timeout=max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        while (thing := self._waiting.get()) is not None and not self._stopping:
            try:
                self._work(thing)
            except (DBAPIError, DatabaseBusy) as error:
                logger.warning("%s failed: %s", self._name, type(error).__name__)
            except Exception:
                logger.exception("%s failed", self._name)
            finally:
                with self._idle:
                    self._known.discard(thing)
                    self._idle.notify_all()
