"""One thread that waits for descriptors and moments, and does what other threads ask of it in between."""

from __future__ import annotations

import contextlib
import queue
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable


class Loop:
    """Repeats ``step`` until ``stop``. ``start``, ``post`` and ``stop`` are the owner's; ``wait`` is the step's."""

    def __init__(self, name: str, step: Callable[[], None]) -> None:
        self._near, self._far = socket.socketpair()
        self._far.setblocking(False)
        self._tasks: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._step = step
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._running = False

    def start(self) -> None:
        """A second call does nothing."""
        if not self._running:
            self._running = True
            self._thread.start()

    def post(self, task: Callable[[], None]) -> None:
        """Have ``task`` done between two steps, and return when it is; at once while no step is taken."""
        if not self._running:
            task()
            return
        done = threading.Event()

        def run() -> None:
            task()
            done.set()

        self._tasks.put(run)
        with contextlib.suppress(BlockingIOError):  # so many wake-ups are on their way that it will wake up
            self._far.send(b"\0")
        done.wait()

    def stop(self) -> None:
        """Returns when the last step is over. The loop is of no use any more."""
        if self._running:
            self.post(self._end)
            self._thread.join()
            self._running = False
        self._near.close()
        self._far.close()

    def wait(self, descriptors: Iterable[int], until: float | None) -> list[int]:
        """Those of ``descriptors`` that can be read, at the monotonic time ``until`` at the latest; does the tasks."""
        seconds = None if until is None else max(0.0, until - time.monotonic())
        ready, _, _ = select.select([self._near.fileno(), *descriptors], [], [], seconds)
        if self._near.fileno() in ready:
            ready.remove(self._near.fileno())
            self._near.recv(4096)
            while not self._tasks.empty():
                self._tasks.get()()
        return list(ready)

    def _run(self) -> None:
        while not self._ended:
            self._step()

    def _end(self) -> None:
        self._ended = True
