"""How often something may fail (contracts.md: limits count failures only)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``failures`` in ``seconds``; for a lock: so many in a row lock for so long."""

    failures: int
    seconds: int
