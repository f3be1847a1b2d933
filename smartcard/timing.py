"""Times of a card's line in etu and in seconds (ISO/IEC 7816-3:2006 clauses 6 to 11).

An etu is F/D cycles of the card's clock f. Waiting times run from leading edge to leading edge of two characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartcard.atr import ATR

DEFAULT_F, DEFAULT_D = 372, 1

CLOCKS = {"3.57": 3_571_200, "6": 6_000_000}
"""Hz of a Phoenix reader's two clocks; the slow one as the multiple of 372 that makes 9600 baud, 0.2 % below its
crystal's 3.579545 MHz."""

ATR_FIRST_CLOCKS = 40_000
"""The answer to reset begins this many clock cycles after the reset ends, at the latest (6.2.2)."""
ATR_NEXT_ETU = 9600
"""Between two characters of the answer to reset (8.1), and of PPS (9.1)."""
CHARACTER_ETU = 12
"""Guard time GT with N = 0 (7.2)."""
TURN_ETU = 16
"""Between two characters in opposite directions, T=0 (10.2)."""
BLOCK_GUARD_ETU = 22
"""BGT, T=1 (11.3)."""


@dataclass(frozen=True)
class Rate:
    """How fast the line is: F and D in force, at a clock of ``clock`` Hz."""

    f: int
    d: int
    clock: int

    @classmethod
    def default(cls, clock: int) -> Rate:
        """That of every answer to reset, and of PPS."""
        return cls(DEFAULT_F, DEFAULT_D, clock)

    @property
    def etu(self) -> float:
        """Seconds."""
        return self.f / self.d / self.clock

    @property
    def baud(self) -> int:
        """What to set a port to."""
        return round(self.clock * self.d / self.f)


def extra_guard_etu(atr: ATR, protocol: int) -> float:
    """Etu from one character that we send to the next beyond 12: N of TC1; 255 is 0 for T=0, -1 for T=1 (8.3)."""
    if atr.n == 255:
        return -1 if protocol == 1 else 0
    return atr.n


def waiting_etu(atr: ATR, d: int) -> int:
    """WT of T=0: 960·D·WI (10.2). A WI of 0 is reserved, and read as the default."""
    from smartcard.atr import DEFAULT_WI

    return 960 * d * (atr.wi or DEFAULT_WI)


def character_waiting_etu(atr: ATR) -> int:
    """CWT of T=1: 11 + 2^CWI (11.4.3)."""
    return 11 + (1 << atr.cwi)


def block_waiting_etu(atr: ATR, rate: Rate) -> float:
    """BWT of T=1: 11 etu + 2^BWI · 960 · 372/f seconds (11.4.3), in etu of ``rate``. A BWI above 9 is reserved."""
    seconds = (1 << min(atr.bwi, 9)) * 960 * DEFAULT_F / rate.clock
    return 11 + seconds / rate.etu
