"""Seca (Mediaguard) over T=0."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from smartcard.applications.answer import number, sized
from smartcard.applications.application import CaApplication, CaCard

if TYPE_CHECKING:
    from smartcard.atr import ATR

SIGN = bytes.fromhex("0E6CB6D6")
SIGN_AT = 10
READ_NUMBER = bytes.fromhex("C10E000008")
NUMBER_SIZE = 8


def decode_number(data: bytes) -> str:
    """8 bytes: [2:8] is the unique number, 6 bytes."""
    return number(sized(data, NUMBER_SIZE, "the unique number")[2:8], "the unique number")


class Seca(CaApplication):
    """One command."""

    kind: ClassVar[str] = "seca"
    protocols: ClassVar[frozenset[int]] = frozenset({0})

    @classmethod
    def recognizes(cls, atr: ATR) -> bool:
        return atr.raw.startswith(SIGN, SIGN_AT)

    def read(self) -> CaCard:
        return CaCard(decode_number(self._ask(READ_NUMBER)))
