"""The box's wall clock as a file: the simulator sets it, box and TV read it, and a restart of either changes nothing.

The file keeps how far the box is off the machine's clock, so that a clock that was set goes on ticking.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from device.api.state_file import StateFile

_VERSION = 1


class ClockFile:
    """``now()`` is what the box believes; without a file, the machine's own time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = StateFile(path, _VERSION)
        self._seen: tuple[int, int] | None = None
        self._offset_s = 0.0

    def set(self, moment: datetime) -> None:
        """From now on the box's clock goes on from ``moment`` (with a time zone)."""
        self._state.write({"offset_s": moment.timestamp() - time.time()})

    def reset(self) -> None:
        """The box's clock is right again."""
        if self._path.exists():
            self._state.remove()

    def now(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z by the box's clock."""
        return time.time() + self._offset()

    def _offset(self) -> float:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return 0.0
        seen = (status.st_ino, status.st_mtime_ns)
        if seen != self._seen:
            data = self._state.read() or {}
            offset = data.get("offset_s")
            self._offset_s = float(offset) if isinstance(offset, int | float) else 0.0
            self._seen = seen
        return self._offset_s
