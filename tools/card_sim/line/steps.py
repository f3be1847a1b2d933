"""What a card-side machine does: it says characters, or takes them. It knows etu, not seconds, and no port.

A machine is a generator of these steps; for a ``Take`` it is sent a ``Heard``.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import NoReturn

CHARACTER = 12
"""Etu from one leading edge to the next: 10 of the character and 2 of guard time (7.2)."""
TURN = 16
"""Etu from a character of the reader's to one of the card's, T=0 (10.2)."""
BLOCK_GUARD = 22
"""BGT of T=1, likewise (11.3)."""


@dataclass(frozen=True)
class Say:
    """The card sends ``data``, its first leading edge ``after`` etu behind the last one on the line."""

    data: bytes
    after: float = TURN
    gap: float = CHARACTER
    """From leading edge to leading edge, in etu."""
    linger: float = 0
    """Etu that the card takes its time beforehand, on a line that is not paced too: what a fault does."""
    damaged: int | None = None
    """Index of the character that has a bit turned over, so that its parity bit does not fit it."""


@dataclass(frozen=True)
class Take:
    """The card listens for ``count`` characters: for ever, or until ``within`` etu passed since the last one."""

    count: int
    within: float | None = None
    keep: bool = False
    """Look only: the next ``Take`` gets them again."""


@dataclass(frozen=True)
class Heard:
    """What a ``Take`` got: fewer characters than asked for when its time passed."""

    data: bytes
    garbled: bool = False
    """One of them had the wrong parity."""


Machine = Generator[Say | Take, Heard, None]


def deaf() -> Generator[Say | Take, Heard, NoReturn]:
    """The card has lost the thread: it takes everything and says nothing until it is reset."""
    while True:
        yield Take(1)
