"""Stands between a piece of code and the operating system, without a line of that code being replaced.

CPython tells a profile function of every call of a C function before it is made; an exception raised there takes the
call's place. So the n-th system call can fail, or be the last thing that the process ever does.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

CALLS = frozenset({"open", "fchmod", "write", "fsync", "close", "stat", "mkdir", "link", "unlink", "replace", "rename"})


def _watch(work: Callable[[], object], seen: Callable[[str], None]) -> None:
    def profile(_: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and function.__module__ == os.name and function.__name__ in CALLS:
            seen(function.__name__)

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)


def calls_of(work: Callable[[], object]) -> list[str]:
    """The names of the system calls that ``work`` makes, in order."""
    names: list[str] = []
    _watch(work, names.append)
    return names


def fail_at(number: int, error: OSError, work: Callable[[], object]) -> bool:
    """``work``, whose system call ``number`` (from 0) fails with ``error``; False where it makes fewer calls."""
    names: list[str] = []

    def seen(name: str) -> None:
        names.append(name)
        if len(names) == number + 1:
            raise error

    _watch(work, seen)
    return len(names) > number


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """``work`` in a forked process that SIGKILL ends before its system call ``number``; False where it has fewer."""
    child = os.fork()
    if child == 0:
        names: list[str] = []

        def seen(name: str) -> None:
            names.append(name)
            if len(names) == number + 1:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            _watch(work, seen)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)
