"""Reads the remotes of a box: every input device that is one, grabbed, as they come and go, on a thread of its own.

It waits in poll(2) for events, for device nodes that appear (inotify) and for the end; nothing is asked in turns,
but for a device that somebody else holds or that may not be read yet, as long as there is one.
"""

from __future__ import annotations

import errno
import logging
import os
import select
import stat
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from device.api.errors import ConfigError
from stb_app.input.decoder import KeyDecoder
from stb_app.input.devices import Devices, code_name
from stb_app.input.hotplug import FolderWatch
from stb_app.input.kernel import EventReader, Identity, InputEvent, Kernel, LinuxKernel
from stb_app.input.keys import KeyEvent
from stb_app.input.recording import Recorder

logger = logging.getLogger(__name__)

FOLDER = Path("/dev/input")
COMPLAIN_AFTER_S = 1.0
"""udev makes a node first and lets its group read it a moment later: until then a refusal means nothing."""
RETRY_S = 5.0

_READ_BYTES = 24 * 64
_GONE = (errno.ENODEV, errno.ENOENT, errno.ENXIO, errno.EIO)


@dataclass
class _Open:
    """A remote that is read."""

    path: Path
    fd: int
    identity: Identity
    decoder: KeyDecoder
    reader: EventReader


@dataclass
class _Refused:
    """A device that cannot be read now."""

    why: str
    retry_at: float
    complained: bool = False


class Remotes:
    """``source``: a folder of event devices, or one of them (a FIFO with the same bytes will do). ``feed`` is called on
    the reading thread."""

    def __init__(
        self,
        source: Path,
        devices: Devices,
        feed: Callable[[KeyEvent], None],
        *,
        kernel: Kernel | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        self._single = source if source.exists() and not source.is_dir() else None
        self._folder = source if self._single is None else source.parent
        self._devices = devices
        self._feed = feed
        self._kernel = kernel or LinuxKernel()
        self._recorder = recorder
        self._open: dict[int, _Open] = {}
        self._refused: dict[Path, _Refused] = {}
        self._others: dict[Path, tuple[int, int]] = {}
        """Path -> inode and change time of the devices that are no remotes."""
        try:
            self._watch = FolderWatch(self._folder)
        except OSError as error:
            raise ConfigError(f"{self._folder}: cannot be watched: {error.strerror}") from None
        self._ended, self._end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._poll = select.poll()
        for fd in (self._watch.fileno(), self._ended):
            self._poll.register(fd, select.POLLIN)
        self._thread = threading.Thread(target=self._run, name="remotes", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Give every remote back."""
        os.write(self._end, b"\0")
        self._thread.join()
        for each in self._open.values():
            os.close(each.fd)
        self._watch.close()
        os.close(self._ended)
        os.close(self._end)

    # On the thread

    def _run(self) -> None:
        self._scan()
        if not self._open:
            logger.warning("no remote control in %s yet; it is taken as soon as it is there", self._folder)
        while True:
            ready = dict(self._poll.poll(self._timeout_ms()))
            if self._ended in ready:
                return
            for fd in ready.keys() & self._open.keys():
                self._read(self._open[fd])
            if self._watch.fileno() in ready:
                self._watch.drain()
                self._scan()
            elif self._refused:
                self._scan()

    def _timeout_ms(self) -> float | None:
        if not self._refused:
            return None
        first = min(each.retry_at for each in self._refused.values())
        return max(0.0, first - time.monotonic()) * 1000 + 1

    def _scan(self) -> None:
        self._watch.renew()
        found = [path for path in (self._single,) if path is not None and path.exists()]
        if self._single is None:
            found = sorted(self._folder.glob("event*"), key=lambda path: (len(path.name), path.name))
        self._refused = {path: each for path, each in self._refused.items() if path in found}
        self._others = {path: each for path, each in self._others.items() if path in found}
        taken = {each.path for each in self._open.values()}
        for path in found:
            if path not in taken:
                self._try(path)

    def _try(self, path: Path) -> None:
        try:
            status = path.stat()
            seen = status.st_ino, status.st_ctime_ns
            if self._others.get(path) == seen or not self._take(path):
                self._others[path] = seen
            self._refused.pop(path, None)
        except OSError as error:
            if error.errno in _GONE:
                self._refused.pop(path, None)
            else:
                self._refuse(path, error)

    def _take(self, path: Path) -> bool:
        """Open and grab the device; False where it is no remote, OSError where it cannot be read."""
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            remote = self._opened(path, fd)
        except OSError:
            os.close(fd)
            raise
        if remote is None:
            os.close(fd)
            return False
        self._open[fd] = remote
        self._poll.register(fd, select.POLLIN)
        return True

    def _opened(self, path: Path, fd: int) -> _Open | None:
        kernel, timed = self._kernel, True
        try:
            identity = kernel.identity(fd)
            keys = self._devices.map_for(identity)
            if not keys.serves(kernel.codes(fd)):
                return None
            kernel.grab(fd)
        except OSError as error:
            if error.errno not in (errno.ENOTTY, errno.EINVAL) or not stat.S_ISFIFO(os.fstat(fd).st_mode):
                raise
            identity, timed = Identity(path.name), False
            keys = self._devices.map_for(identity)
        if timed:
            try:
                kernel.use_monotonic_clock(fd)
            except OSError:
                # Kernels before 3.4: the time of a key is that at which it is read
                timed = False

        def unknown(code: int) -> None:
            logger.info("%s (%s): key %s is not in %s.yaml", identity.name, path, code_name(code), keys.name)

        def held() -> frozenset[int]:
            try:
                return kernel.held(fd)
            except OSError:
                return frozenset()

        logger.info("remote control: %s (%s), keys of %s.yaml", identity.name, path, keys.name)
        return _Open(path, fd, identity, KeyDecoder(keys, timed=timed, held=held, unknown=unknown), EventReader())

    def _refuse(self, path: Path, error: OSError) -> None:
        now = time.monotonic()
        before = self._refused.get(path)
        if before is None or before.why != error.strerror:
            self._refused[path] = _Refused(error.strerror or "unknown error", now + COMPLAIN_AFTER_S)
        elif now >= before.retry_at:
            before.retry_at = now + RETRY_S
            if not before.complained:
                before.complained = True
                logger.warning("%s cannot be read: %s; %s", path, before.why, _remedy(error))

    def _read(self, remote: _Open) -> None:
        try:
            data = os.read(remote.fd, _READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            logger.info("remote control %s (%s) is gone: %s", remote.identity.name, remote.path, error.strerror)
            data = b""
        if not data:
            self._lose(remote)
            return
        for event in remote.reader.feed(data):
            self._record(remote, event)
            for key in remote.decoder.feed(event):
                self._feed(key)

    def _lose(self, remote: _Open) -> None:
        del self._open[remote.fd]
        self._poll.unregister(remote.fd)
        os.close(remote.fd)
        for key in remote.decoder.leave():
            self._feed(key)
        self._scan()

    def _record(self, remote: _Open, event: InputEvent) -> None:
        if self._recorder is None:
            return
        try:
            self._recorder.write(remote.identity, event)
        except OSError as error:
            logger.warning("the recording ends: %s", error.strerror)
            self._recorder = None


def _remedy(error: OSError) -> str:
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return "let the app's user into the group that owns it (input)"
        case errno.EBUSY:
            return "another program holds it; its keys come when that program lets go"
        case _:
            return "its keys do not arrive"
