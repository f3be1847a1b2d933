"""The service's clock: a port, so that tests move time instead of waiting for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the wall time; the service's word on it is what boxes go by."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock, kept right by NTP."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def milliseconds(at: datetime) -> int:
    """An instant as it is stored: whole milliseconds since 1970-01-01T00:00:00Z."""
    return int(at.timestamp() * 1000)


def from_milliseconds(value: int) -> datetime:
    return datetime.fromtimestamp(value / 1000, UTC)


def rfc3339(at: datetime) -> str:
    """``2026-11-21T19:41:07Z`` (RFC 3339), whole seconds, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
