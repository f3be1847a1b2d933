"""Time as the service needs it: the box's wall clock, which may say anything, and a clock that only runs on."""

from __future__ import annotations

from abc import ABC, abstractmethod


class Clock(ABC):
    """Both in seconds. Durations and deadlines are taken from `boottime` alone."""

    @abstractmethod
    def system_time(self) -> float:
        """The box's wall clock, seconds since 1970-01-01T00:00Z; 1970 and 2100 both happen."""

    @abstractmethod
    def boottime(self) -> float:
        """CLOCK_BOOTTIME: never goes back, runs on in suspend."""
