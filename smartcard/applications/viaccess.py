"""Viaccess over T=0, inverse convention."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from smartcard.applications.answer import number, sized
from smartcard.applications.application import CaApplication, CaCard

if TYPE_CHECKING:
    from smartcard.atr import ATR

SIGNS = tuple(bytes.fromhex(f"3F77{ta1}") for ta1 in ("11", "18", "19"))
BEGIN = bytes.fromhex("8702000003000028")
SELECT_NUMBER = bytes.fromhex("CAACA40000")
READ_NUMBER = bytes.fromhex("CAB8000007")
NUMBER_SIZE = 7


def decode_number(data: bytes) -> str:
    """7 bytes: [2:7] is the unique number, 5 bytes."""
    return number(sized(data, NUMBER_SIZE, "the unique number")[2:7], "the unique number")


class Viaccess(CaApplication):
    """Open, point at the number, read it."""

    kind: ClassVar[str] = "viaccess"
    protocols: ClassVar[frozenset[int]] = frozenset({0})

    @classmethod
    def recognizes(cls, atr: ATR) -> bool:
        return atr.raw.startswith(SIGNS)

    def read(self) -> CaCard:
        self._ask(BEGIN)
        self._ask(SELECT_NUMBER)
        return CaCard(decode_number(self._ask(READ_NUMBER)))
