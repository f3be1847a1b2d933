"""The one way to wait for something outside the process: a condition with a limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from device.api.errors import ApiError

T = TypeVar("T")


class WaitTimeout(ApiError):
    """The condition did not come true within its limit."""

    code = "timeout"


def wait_until(probe: Callable[[], T], *, limit: float, what: str, every: float = 0.02) -> T:
    """Call ``probe`` until it answers something true, and return that; WaitTimeout after ``limit`` seconds."""
    deadline = time.monotonic() + limit
    while True:
        answer = probe()
        if answer:
            return answer
        left = deadline - time.monotonic()
        if left <= 0:
            raise WaitTimeout(f"waited {limit:g} s for {what}")
        time.sleep(min(every, left))
