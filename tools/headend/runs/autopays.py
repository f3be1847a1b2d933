"""Autopayment after a day was settled: those whose own money it brought below their threshold (product.md P5)."""

from __future__ import annotations

from tools.headend.runs.settling import Settling
from tools.headend.storage import autopays, tables


def wake_autopays(settling: Settling) -> None:
    """Have the claimed accounts' autopayments looked at that are due by what the day took."""
    autopays.wake(settling.connection, settling.at, settling.claimed, settling.within(tables.autopays))
