"""A listening stream socket; a Unix one is this user's alone, and never stolen from a process that lives."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from pathlib import Path

from smartcard.errors import ReaderBusy, ReaderUnavailable
from tools.card_sim.address import Address


class Listener:
    """Listens from the start; ``address`` is the real one where port 0 was asked for."""

    def __init__(self, address: Address) -> None:
        """ReaderBusy where somebody listens there already, ReaderUnavailable where nobody can."""
        self._lock = _lock(address.path) if address.path is not None else None
        self._socket = socket.socket(address.family, socket.SOCK_STREAM)
        try:
            if address.path is not None:
                address.path.unlink(missing_ok=True)
                self._socket.bind(address.target)
                address.path.chmod(0o600)
                self.address = address
            else:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                self._socket.bind(address.target)
                self.address = Address(host=address.host, port=self._socket.getsockname()[1])
            self._socket.listen(8)
        except OSError as error:
            self._socket.close()
            self._unlock()
            raise ReaderUnavailable(f"cannot listen at {address}: {error.strerror or error}") from error

    def fileno(self) -> int:
        """Readable when ``accept`` has a line at once."""
        return self._socket.fileno()

    def accept(self) -> socket.socket | None:
        """The next line; None once ``close`` was called."""
        try:
            return self._socket.accept()[0]
        except OSError:
            return None

    def stop(self) -> None:
        """Wake up ``accept`` for good, from another thread."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """After ``stop``, when nobody accepts any more: leave nothing behind."""
        self._socket.close()
        if self.address.path is not None:
            self.address.path.unlink(missing_ok=True)
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            descriptor, path = self._lock
            path.unlink(missing_ok=True)
            os.close(descriptor)


def _lock(path: Path) -> tuple[int, Path]:
    """Binding over a socket file that lives would steal it: a lock beside it says whether it does."""
    lock = path.with_name(path.name + ".lock")
    while True:
        try:
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ReaderUnavailable(f"cannot listen at unix:{path}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise ReaderBusy(f"another reader listens at unix:{path}") from None
        with contextlib.suppress(FileNotFoundError):
            if lock.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor, lock
        os.close(descriptor)  # its last holder removed this file between our open and our lock
