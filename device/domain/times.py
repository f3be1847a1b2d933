"""Times on the wire: RFC 3339 in UTC, seconds since the epoch inside."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


def rfc3339(moment: float) -> str:
    """``2026-11-21T10:00:00Z``; fractions are cut off."""
    return _rfc3339(int(moment))


@lru_cache(maxsize=16)
def _rfc3339(second: int) -> str:
    """Many answers are made within one second, and this costs as much as the rest of one."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_rfc3339(text: str) -> float:
    """Seconds since the epoch; ValueError for anything but a time with its zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.timestamp()
