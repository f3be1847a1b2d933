"""Load: several clients that ask again as soon as they were answered, in slices that alternate with a reference's.

What else runs on the machine changes from second to second, so every figure is made of many short slices, each
beside one of its reference.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

Ask = Callable[[], object]
Client = Callable[[], AbstractContextManager[Ask]]
"""Connects, and gives what is asked again and again."""

CLIENTS = 8
"""Enough to keep one service process busy on the machine's other processor."""


@dataclass
class Measured:
    """What was seen of one kind of request."""

    count: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """A second."""
        return self.count / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        return sorted(self.latencies)[int(len(self.latencies) * share)] * 1000


def ask_for(seconds: float, client: Client, measured: Measured, clients: int = CLIENTS) -> None:
    """One slice: each client asks once to warm up, then all begin together."""
    deadline = [0.0]
    errors: list[BaseException] = []

    def begin() -> None:
        deadline[0] = time.perf_counter() + seconds

    barrier = threading.Barrier(clients, action=begin, timeout=30)
    latencies: list[list[float]] = [[] for _ in range(clients)]

    def run(mine: list[float]) -> None:
        try:
            with client() as ask:
                ask()
                barrier.wait()
                while (began := time.perf_counter()) < deadline[0]:
                    ask()
                    mine.append(time.perf_counter() - began)
        except BaseException as error:  # noqa: BLE001 - it is raised again where the slice was asked for
            errors.append(error)
            barrier.abort()

    threads = [threading.Thread(target=run, args=(mine,)) for mine in latencies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        if not isinstance(error, threading.BrokenBarrierError):
            raise error
    measured.count += sum(map(len, latencies))
    measured.seconds += seconds
    for each in latencies:
        measured.latencies += each


def repeat_for(seconds: float, call: Ask, measured: Measured) -> None:
    """One slice of what needs no client: ``call`` in this thread."""
    began = time.perf_counter()
    while (now := time.perf_counter()) - began < seconds:
        call()
        measured.count += 1
    measured.seconds += now - began
