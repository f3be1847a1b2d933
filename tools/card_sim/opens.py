"""Tells every open and close of a file by anybody (Linux inotify), in order and without a look missed."""

from __future__ import annotations

import ctypes
import os
import struct

IN_CLOSE_WRITE, IN_CLOSE_NOWRITE, IN_OPEN = 0x08, 0x10, 0x20
_HEADER = struct.Struct("iIII")
"""struct inotify_event: watch, mask, cookie, length of the name behind it."""


class Opens:
    """Readable (``fileno``) when somebody opened or closed ``path``; from its making on."""

    def __init__(self, path: str) -> None:
        """OSError where the kernel does not watch it."""
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor: int = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        mask = IN_OPEN | IN_CLOSE_WRITE | IN_CLOSE_NOWRITE
        if libc.inotify_add_watch(self._descriptor, os.fsencode(path), mask) < 0:
            error = ctypes.get_errno()
            os.close(self._descriptor)
            raise OSError(error, os.strerror(error), path)

    def fileno(self) -> int:
        return self._descriptor

    def read(self) -> list[bool]:
        """Since the last look: True for an open, False for a close."""
        try:
            raw = os.read(self._descriptor, 65536)
        except BlockingIOError:
            return []
        seen = []
        while raw:
            _, mask, _, length = _HEADER.unpack_from(raw)
            seen.append(bool(mask & IN_OPEN))
            raw = raw[_HEADER.size + length :]
        return seen

    def close(self) -> None:
        os.close(self._descriptor)
