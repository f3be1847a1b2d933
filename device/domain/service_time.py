"""What time it is, for certificates and for the service: the box's own clock is a hint and never decides.

The service's time comes in the answer to a challenge and runs on by CLOCK_BOOTTIME. Before the first one there is
only a floor: time cannot be earlier than this software's release, nor than what the service said in an earlier run.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from device.ports.clock import Clock

RELEASE_TIME = 1_793_491_200.0
"""2026-11-01T00:00:00Z; moved with each release. No certificate that ended before it is ever accepted."""


@dataclass(frozen=True)
class ChainDates:
    """When every certificate of a verified chain holds, seconds since the epoch."""

    not_before: float
    not_after: float

    def hold_at(self, moment: float) -> bool:
        return self.not_before <= moment <= self.not_after


class Verdict(Enum):
    """``provisional``: good for asking the time, which then decides, and for nothing else."""

    trusted = "trusted"
    provisional = "provisional"
    expired = "expired"
    not_yet = "not valid yet"


class ServiceTime:
    """Read from several threads; what changes is swapped as a whole."""

    def __init__(self, clock: Clock, *, release: float = RELEASE_TIME, saved: float | None = None) -> None:
        self._clock = clock
        self._least = release if saved is None else max(release, saved)
        self._known: tuple[float, float] | None = None

    def now(self) -> float | None:
        """The service's time by now, None before it said any in this process."""
        known = self._known
        return None if known is None else known[0] + self._clock.boottime() - known[1]

    def best(self) -> float:
        """The service's time by now; before it said any, the box's own, but never before the floor."""
        now = self.now()
        return max(self._least, self._clock.system_time()) if now is None else now

    def floor(self) -> float:
        """It is this late at least."""
        now = self.now()
        return self._least if now is None else max(self._least, now)

    def offset(self) -> float | None:
        """By how many seconds the box's clock is ahead of the service's."""
        now = self.now()
        return None if now is None else self._clock.system_time() - now

    def verdict(self, dates: ChainDates) -> Verdict:
        """Whether a chain may be used now.

        Where the service's time is known it decides. Before that the box's clock is taken at its word only when it
        makes sense and says that the chain holds; otherwise the connection may ask the service for the time.
        """
        floor = self.floor()
        if dates.not_after < floor:
            return Verdict.expired
        if self._known is not None:
            return Verdict.trusted if dates.hold_at(floor) else Verdict.not_yet
        system = self._clock.system_time()
        return Verdict.trusted if system >= floor and dates.hold_at(system) else Verdict.provisional

    def confirm(self, dates: ChainDates, server_time: float) -> Verdict:
        """Whether the chain that brought ``server_time`` holds by it: the check that no box clock can spoil."""
        moment = max(self._least, server_time)
        if moment > dates.not_after:
            return Verdict.expired
        return Verdict.trusted if moment >= dates.not_before else Verdict.not_yet

    def adopt(self, server_time: float, received: float) -> None:
        """``server_time`` was true at boottime ``received``."""
        self._known = (server_time, received)
