"""Limits that count failures only (contracts.md): a box or address that fails too often has to wait."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict, deque
from datetime import datetime

from tools.headend.clock import Clock
from tools.headend.domain.limits import Limit
from tools.headend.identity.refusals import Refusal

_KEYS_MAX = 20_000


class FailureLimit:
    """At most ``limit.failures`` in any ``limit.seconds`` for each key; thread-safe, in bounded memory.

    Kept in memory: it slows guessing down and decides nothing that must outlive a restart. The keys that failed
    longest ago are forgotten first.
    """

    def __init__(self, limit: Limit, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, key: str) -> None:
        """Refusal rate_limited with ``retry_after`` where ``key`` has to wait."""
        with self._lock:
            failures = self._failures.get(key)
            if failures is None:
                return
            now = self._clock.now()
            self._drop_old(failures, now)
            if len(failures) < self._limit.failures:
                return
            left = self._limit.seconds - (now - failures[0]).total_seconds()
        raise Refusal("rate_limited", retry_after=max(1, math.ceil(left)))

    def failed(self, key: str) -> None:
        """Count a failure of ``key``."""
        with self._lock:
            failures = self._failures.setdefault(key, deque(maxlen=self._limit.failures))
            failures.append(self._clock.now())
            self._failures.move_to_end(key)
            while len(self._failures) > _KEYS_MAX:
                self._failures.popitem(last=False)

    def _drop_old(self, failures: deque[datetime], now: datetime) -> None:
        while failures and (now - failures[0]).total_seconds() >= self._limit.seconds:
            failures.popleft()
