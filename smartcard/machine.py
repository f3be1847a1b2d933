"""What a protocol machine asks of the line: bytes to write, bytes to read, and by when, in etu.

A machine is a generator. It yields actions and is sent, for a ``Read``, the bytes that came: fewer than asked for
says that a deadline passed. It knows no port, no clock and no seconds; whoever carries its actions out
(``smartcard.serial.line``) does, and raises ``LineError`` into it for a character that came damaged.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Write:
    """Send ``data``; not before ``guard_etu`` after the leading edge of the last character that came."""

    data: bytes
    guard_etu: float = 16


@dataclass(frozen=True)
class Read:
    """Receive ``count`` characters: the first begins within ``first_etu`` of the end of what was sent or received
    last, each other within ``next_etu`` of the one before it."""

    count: int
    first_etu: float
    next_etu: float


@dataclass(frozen=True)
class Drain:
    """Drop what comes until nothing came for ``quiet_etu``; bounded by the line, which calls noise an error."""

    quiet_etu: float


Action = Write | Read | Drain
Machine = Generator[Action, bytes, _Result]


class Speaker(Protocol):
    """One card's transmission protocol, with what it remembers from command to command."""

    def transmit(self, command: bytes) -> Machine[tuple[bytes, int]]:
        """One command and its answer: data and status word."""
