"""The kernel's clocks."""

from __future__ import annotations

import time

from device.ports.clock import Clock


class SystemClock(Clock):
    """CLOCK_REALTIME and CLOCK_BOOTTIME."""

    def system_time(self) -> float:
        return time.time()

    def boottime(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)
