"""Watching the slot of a PC/SC reader in one thread, whatever happens to the reader, pcscd or the worker."""

from __future__ import annotations

import logging
import struct
import threading
import time
from collections.abc import Callable

from smartcard.errors import ReaderError, ReaderGone, ReaderUnavailable
from smartcard.pcsc.connection import Limits
from smartcard.pcsc.failures import reader_failure
from smartcard.pcsc.process import Worker, WorkerEnded
from smartcard.pcsc.wire import Operation, State
from smartcard.presence import Presence

logger = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds that one wait for a change lasts in the worker, at most."""
FIRST_PAUSE, LAST_PAUSE = 0.2, 1.0
"""Seconds between two tries while the reader, its service or the worker is not there; doubled from try to try."""


class SlotMonitor:
    """Feeds ``presence`` from the first reader whose name begins with ``wanted``, else the first that contains it."""

    def __init__(
        self,
        wanted: str,
        presence: Presence,
        limits: Limits,
        *,
        start_worker: Callable[[], Worker] = Worker,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.looked = threading.Event()
        """Set when the slot, or that there is none, was seen for the first time."""
        self.name = wanted or "PC/SC"
        self.reader = b""
        """The name of the reader that was found, as PC/SC writes it."""
        self._wanted = wanted
        self._presence = presence
        self._limits = limits
        self._start_worker = start_worker
        self._clock = clock
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._doubted: float | None = None
        self._seen = False
        self._thread = threading.Thread(target=self._run, name="PC/SC monitor", daemon=True)
        self._thread.start()

    @property
    def worker(self) -> Worker:
        """The one that runs; ReaderGone where none does."""
        with self._lock:
            if self._worker is None:
                raise ReaderGone("the PC/SC worker ended")
            return self._worker

    def doubt(self, generation: int) -> None:
        """The card of ``generation`` failed: it counts as out until a whole look later shows one in.

        A swap between two looks of pcscd shows in nothing else than one failed command.
        """
        if self._presence.removed(generation):
            self._doubted = self._clock()

    def close(self) -> None:
        """Everybody who waits gets ReaderGone at once; nothing runs any more on return."""
        self._closed.set()
        self._presence.fail(_closed)
        with self._lock:
            worker = self._worker
        if worker is not None:
            worker.kill()
        self._thread.join()
        self._presence.fail(_closed)  # for good: the thread's last look may have said otherwise
        self.looked.set()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._closed.is_set():
            self._seen = False
            try:
                self._watch(self._started())
            except ReaderError as error:
                self._fail(error)
            except WorkerEnded as error:
                self._end_worker()
                self._fail(ReaderGone(f"PC/SC: {error}"))
            except OSError as error:
                self._fail(ReaderUnavailable(f"the PC/SC worker cannot be started: {error.strerror}"))
            pause = FIRST_PAUSE if self._seen else min(pause * 2, LAST_PAUSE)
            self._closed.wait(pause)
        self._end_worker()

    def _started(self) -> Worker:
        with self._lock:
            if self._closed.is_set():
                raise _closed()
            if self._worker is None:
                self._worker = self._start_worker()
            return self._worker

    def _end_worker(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()

    def _fail(self, error: ReaderError) -> None:
        if self._closed.is_set():
            return
        if self._seen or not self.looked.is_set():
            logger.warning("%s: %s", self.name, error.message)
        kind, message = type(error), error.message
        self._presence.fail(lambda: kind(message))
        self.looked.set()

    def _watch(self, worker: Worker) -> None:
        """Look at the slot again and again; ends by the error that ends it, or when the reader is closed."""
        self.reader = reader = self._find(worker)
        self.name = reader.decode("utf-8", "replace")
        current: int | None = None
        self._doubted = None
        while not self._closed.is_set():
            began = self._clock()
            wait = 0 if current is None else int(LOOK * 1000)
            request = struct.pack("<II", current or State.UNAWARE, wait) + reader
            code, answer = worker.monitor.ask(Operation.STATUS, request, limit=wait / 1000 + self._limits.status)
            if code:
                raise reader_failure(code)
            state: int = struct.unpack_from("<I", answer)[0] & ~State.CHANGED
            if state & (State.UNKNOWN | State.UNAVAILABLE):
                raise ReaderGone("the reader was unplugged")
            if current is None:
                self._begin(state)
            else:
                self._note(current, state, began)
            current = state

    def _find(self, worker: Worker) -> bytes:
        code, answer = worker.monitor.ask(Operation.LIST, limit=self._limits.status)
        if code:
            raise reader_failure(code)
        wanted = self._wanted.encode()
        names = [name for name in answer.split(b"\x00") if name]
        matching = [name for name in names if name.startswith(wanted)] or [name for name in names if wanted in name]
        if not matching:
            known = ", ".join(name.decode("utf-8", "replace") for name in names) or "no reader at all"
            raise ReaderUnavailable(f"no PC/SC reader '{self._wanted}'; there is: {known}")
        return matching[0]

    def _begin(self, state: int) -> None:
        """The first look at the slot since the reader is there."""
        self._seen = True
        self._presence.recover()
        if state & State.PRESENT:
            self._presence.inserted()
        self.looked.set()

    def _note(self, before: int, now: int, began: float) -> None:
        """What a later look shows. The upper half of the state counts every insertion and removal that pcscd saw."""
        changes = ((now >> 16) - (before >> 16)) & 0xFFFF
        if not now & State.PRESENT:
            if changes > 1 and not before & State.PRESENT:
                self._presence.inserted()
            self._presence.removed()
            self._doubted = None
        elif changes or self._is_settled(began):
            self._presence.inserted()
            self._doubted = None

    def _is_settled(self, began: float) -> bool:
        """The slot was looked at for a whole look after its card failed, and there still is one."""
        return self._doubted is not None and began >= self._doubted and self._clock() - began >= LOOK / 2


def _closed() -> ReaderGone:
    return ReaderGone("the reader was closed")
