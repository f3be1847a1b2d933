"""Tells when device nodes come, go or become readable: inotify(7), so that waiting for a remote costs nothing."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

_IN_ATTRIB, _IN_MOVED_TO, _IN_CREATE, _IN_DELETE = 0x4, 0x80, 0x100, 0x200
_MASK = _IN_ATTRIB | _IN_MOVED_TO | _IN_CREATE | _IN_DELETE
"""ATTRIB: udev makes a node first and lets its group read it a moment later."""


class FolderWatch:
    """Readable (``fileno``) when something changed in ``folder``; also while the folder itself is still to come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd: int = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self.renew()

    def fileno(self) -> int:
        return self._fd

    def renew(self) -> None:
        """Watch what exists now; look into the folder after this, not before."""
        self._libc.inotify_add_watch(self._fd, os.fsencode(self._folder.parent), _IN_CREATE | _IN_MOVED_TO)
        self._libc.inotify_add_watch(self._fd, os.fsencode(self._folder), _MASK)

    def drain(self) -> None:
        """Forget what was told: the caller looks for itself."""
        try:
            while os.read(self._fd, 4096):
                pass
        except BlockingIOError:
            pass

    def close(self) -> None:
        os.close(self._fd)
