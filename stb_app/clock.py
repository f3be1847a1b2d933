"""The app's clock port: wall time of the box, and a monotonic one for repeats and limits."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime


class Clock(ABC):
    """Two times; neither is ever set by the app."""

    @abstractmethod
    def wall(self) -> datetime:
        """What the box believes, aware, UTC; may be wrong by years."""

    @abstractmethod
    def monotonic(self) -> float:
        """Seconds that only grow."""


class SystemClock(Clock):
    """The kernel's."""

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
