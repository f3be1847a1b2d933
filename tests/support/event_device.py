"""The device's end of a FIFO that stands for an input device: what the kernel would write."""

from __future__ import annotations

import os
from pathlib import Path

from device.api.waiting import wait_until
from stb_app.input.kernel import CODES, EV_KEY, SYN_REPORT, InputEvent

LIMIT_S = 30.0


def writer(path: Path) -> int | None:
    """A file descriptor to write to; None as long as nobody reads."""
    try:
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None


def wait_for_writer(path: Path) -> int:
    """The same, as soon as somebody reads."""
    found = wait_until(lambda: writer(path), limit=LIMIT_S, what=f"a reader of {path.name}")
    assert found is not None
    return found


def events(*what: tuple[int, int, int], at: float = 1.0) -> bytes:
    """Type, code and value of each."""
    return b"".join(InputEvent(at, *each).to_bytes() for each in what)


def key(name: str, value: int, at: float = 1.0) -> bytes:
    return events((EV_KEY, CODES[name], value), (0, SYN_REPORT, 0), at=at)


def tap(name: str) -> bytes:
    return key(name, 1) + key(name, 0)
