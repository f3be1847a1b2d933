"""The service's last known time on flash: after a power cut the box at 1970 still knows that it is later."""

from __future__ import annotations

import logging

from device.api.state_file import StateFile

logger = logging.getLogger(__name__)

VERSION = 1
STEP_S = 3600.0
"""Written once an hour at most: a floor that is an hour old refuses what an exact one would."""


class SavedTime:
    """Seconds since the epoch. Used by one thread at a time; both methods touch the disk."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        self._saved: float | None = None
        self._failing = False

    def load(self) -> float | None:
        value = (self._file.read() or {}).get("service_time")
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._saved = float(value)
        return self._saved

    def save(self, moment: float) -> None:
        """A disk that does not take it is said once; the session goes on."""
        if self._saved is not None and moment < self._saved + STEP_S:
            return
        try:
            self._file.write({"service_time": int(moment)})
        except OSError as error:
            if not self._failing:
                logger.error("%s: the time cannot be kept: %s", self._file.path, error.strerror)
            self._failing = True
            return
        self._saved = moment
        self._failing = False
