"""The folder in which one simulator lives: its own, so that many run side by side, and gone with it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from device.api.waiting import WaitTimeout, wait_until
from tools.simulator import keeper
from tools.simulator.errors import StartError

_LOCK_WAIT_S = 3.0
"""For the keeper of a killed simulator to finish with the same folder."""

_SOCKET_PATH_MAX = 107
"""sockaddr_un.sun_path without its end mark (unix(7))."""


class StateFolder:
    """``given`` is used and kept, keys and database with it; None: a new folder that ``close`` removes.

    A keeper process clears away what a killed simulator leaves: the new folder, or the sockets in the given one.
    """

    def __init__(self, given: Path | None = None, *, lock_wait_s: float = _LOCK_WAIT_S) -> None:
        self._kept = given is not None
        self.path = _make(given) if given is not None else Path(tempfile.mkdtemp(prefix="stb-simulator-"))
        try:
            if len(os.fsencode(self.tv_socket)) > _SOCKET_PATH_MAX:
                raise StartError(
                    f"--state {self.path}: too long a path for the sockets in it", remedy="take a shorter one"
                )
            self._lock = self._locked(lock_wait_s)
        except StartError:
            if not self._kept:
                shutil.rmtree(self.path)
            raise
        what = "sockets" if self._kept else "folder"
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", keeper.__file__, what, str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[self._lock],  # nobody else takes the folder before the keeper is done with it
            start_new_session=True,
        )
        for folder in (self.logs, self.run):
            folder.mkdir(mode=0o750, exist_ok=True)

    def _locked(self, limit: float) -> int:
        path = self.path / "simulator.lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

        def taken() -> bool:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        try:
            wait_until(taken, limit=limit, what="the folder")
        except WaitTimeout:
            owner = os.read(descriptor, 20).decode("ascii", errors="replace").strip()
            os.close(descriptor)
            raise StartError(f"--state {self.path}: the simulator with process id {owner} works there") from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        return descriptor

    def close(self) -> None:
        """Remove the folder, or the sockets in one that was given; end the keeper."""
        os.close(self._lock)
        if self._keeper.stdin is not None:
            self._keeper.stdin.close()  # does the keeper's work in both cases, so there is one way to clear away
        self._keeper.wait()

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def database(self) -> Path:
        return self.path / "headend.db"

    @property
    def shop_secret(self) -> Path:
        """The secret key of the shop at the payment stand-in."""
        return self.path / "shop.key"

    @property
    def device_socket(self) -> Path:
        return self.run / "device.sock"

    @property
    def device_config(self) -> Path:
        return self.path / "device.yaml"

    @property
    def card_socket(self) -> Path:
        return self.path / "card.sock"

    @property
    def tv_socket(self) -> Path:
        return self.path / "tv.sock"

    @property
    def clock(self) -> Path:
        return self.path / "clock.json"

    @property
    def identity_root(self) -> Path:
        """What stands for ``/`` where the box looks for its Chip ID."""
        return self.path / "root"


def _make(folder: Path) -> Path:
    folder = folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise StartError(f"--state {folder}: cannot be written")
    except OSError as error:
        raise StartError(f"--state {folder}: cannot be made: {error.strerror}") from None
    return folder
