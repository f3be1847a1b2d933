"""Timing."""

from __future__ import annotations

import time
from collections.abc import Callable


def seconds_of(call: Callable[[], object]) -> float:
    """How long one call took."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
