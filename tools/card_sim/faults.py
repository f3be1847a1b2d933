"""What can be wrong with a simulated card, by name. Each ends at a reader that is right in the right data, or in a
typed error within its waiting time.

A fault strikes a number of times, at the first opportunities, and then the card is a good one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from device.api.errors import ApiError

APDU, T0, T1, T14 = "an APDU face (vpcd)", "T=0", "T=1", "T=14"
LINES = frozenset((T0, T1, T14))
EVERYWHERE = LINES | {APDU}
ALWAYS = "always"


class FaultUnknown(ApiError):
    """No fault of that name, or not one of this card on this face."""

    code = "unknown_fault"


@dataclass(frozen=True)
class FaultKind:
    """One name. ``times``: how often it strikes unless told, None for ever; ``where`` it can be seen."""

    summary: str
    times: int | None
    where: frozenset[str]


FAULTS = {
    "mute": FaultKind("no answer to a reset", None, EVERYWHERE),
    "tck-wrong": FaultKind("the ATR's check byte is wrong", None, EVERYWHERE),
    "6c-after-61": FaultKind(
        "61XX announces a wrong length, GET RESPONSE is told the right one", 1, EVERYWHERE - {T14}
    ),
    "removal-in-apdu": FaultKind("the card is pulled out in the middle of a command", 1, EVERYWHERE),
    "swap": FaultKind("likewise, and another card is in at once", 1, EVERYWHERE),
    "slow": FaultKind("an answer begins after three quarters of the waiting time", 2, LINES),
    "parity": FaultKind("a bit of an answer is turned over, so that its parity is wrong", 1, LINES),
    "null-flood": FaultKind("NULL after NULL, each a tenth of the default waiting time", None, frozenset((T0,))),
    "wrong-lrc": FaultKind("a block's check is wrong", 1, frozenset((T1,))),
    "lost-block": FaultKind("a block is not sent", 1, frozenset((T1,))),
    "duplicate-block": FaultKind("the block before comes once more, ahead of an answer", 1, frozenset((T1,))),
    "wtx": FaultKind("more time is asked for, and used", 1, frozenset((T1,))),
    "resynch": FaultKind("nothing is understood until RESYNCH", 1, frozenset((T1,))),
    "abort": FaultKind("the answer is aborted", 1, frozenset((T1,))),
}


class Faults:
    """The faults of one card; shared by whatever of it can show them. ``NAME``, ``NAME:TIMES`` or ``NAME:always``."""

    def __init__(self, wanted: Iterable[str] = ()) -> None:
        """FaultUnknown for what is none."""
        self._left: dict[str, int | None] = {}
        for text in wanted:
            name, _, times = text.partition(":")
            kind = FAULTS.get(name)
            if kind is None:
                raise FaultUnknown(f"no fault '{name}'", remedy=f"known: {', '.join(FAULTS)}")
            self._left[name] = _times(text, times) if times else kind.times

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._left)

    def strikes(self, name: str) -> bool:
        """Now is an opportunity for ``name``; True where it happens, which uses up one time."""
        left = self._left.get(name, 0)
        if left is not None:
            if left <= 0:
                return False
            self._left[name] = left - 1
        return True

    def check(self, places: Iterable[str]) -> None:
        """FaultUnknown for a fault that nobody could ever see at any of ``places``."""
        places = list(places)
        for name in self._left:
            if not FAULTS[name].where.intersection(places):
                raise FaultUnknown(f"fault '{name}' cannot happen over {' or '.join(places)}")


def _times(text: str, times: str) -> int | None:
    if times == ALWAYS:
        return None
    if not times.isdecimal() or not 1 <= int(times) <= 1_000_000:
        raise FaultUnknown(f"'{text}': a fault strikes 1 to 1000000 times, or '{ALWAYS}'")
    return int(times)
