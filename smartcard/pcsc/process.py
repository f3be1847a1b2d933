"""Starting a worker, asking it, and ending it where it does not answer in time."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from pathlib import Path

import smartcard
from smartcard.pcsc import wire

_ROOT = str(Path(smartcard.__file__).resolve().parents[1])
_PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from smartcard.pcsc.worker import main; main(sys.argv[1:])"


class WorkerEnded(Exception):
    """The worker is not there any more; ``hung`` where it was ended because it did not answer in time."""

    def __init__(self, message: str, *, hung: bool) -> None:
        super().__init__(message)
        self.hung = hung


class Worker:
    """A process with two channels; ended for good by ``kill``, which any thread may call."""

    def __init__(self) -> None:
        """OSError where no process can be started."""
        ours, theirs = zip(socket.socketpair(), socket.socketpair(), strict=True)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _PROGRAM, _ROOT, *(str(end.fileno()) for end in theirs)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=[end.fileno() for end in theirs],
            )
        except OSError:
            for end in ours:
                end.close()
            raise
        finally:
            for end in theirs:
                end.close()
        self.monitor = Channel(ours[0], self)
        self.card = Channel(ours[1], self)
        self._lock = threading.Lock()

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End it whatever it is doing: everybody who waits for it gets WorkerEnded. A second call does nothing."""
        with self._lock:
            if self._process.returncode is not None:
                return
            self._process.kill()
            self._process.wait()
            if self._process.stdin is not None:
                with contextlib.suppress(OSError):
                    self._process.stdin.close()
        self.monitor.cut()
        self.card.cut()


class Channel:
    """One request at a time."""

    def __init__(self, line: socket.socket, worker: Worker) -> None:
        self._line = line
        self._worker = worker
        self._lock = threading.Lock()

    def ask(self, operation: wire.Operation, payload: bytes = b"", *, limit: float) -> tuple[int, bytes]:
        """PC/SC's return code and the answer. WorkerEnded after ``limit`` seconds, or where the worker is gone."""
        with self._lock:
            try:
                self._line.settimeout(limit)
                wire.send(self._line, operation, payload)
                return wire.receive(self._line)
            except TimeoutError:
                self._end()
                raise WorkerEnded(f"{operation.name} took longer than {limit:g} s", hung=True) from None
            except (OSError, EOFError, ValueError):
                self._end()
                raise WorkerEnded("the PC/SC worker ended", hung=False) from None

    def _end(self) -> None:
        self._line.close()
        self._worker.kill()

    def cut(self) -> None:
        """The worker is gone: wake up whoever waits for it, who closes the line then; else close it here."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        if self._lock.acquire(blocking=False):
            self._line.close()
            self._lock.release()
