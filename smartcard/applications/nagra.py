"""Nagravision: commands inside A0CA, ``command length data wanted``; the answer begins with the command's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from smartcard.applications.answer import AnswerError, number, sized
from smartcard.applications.application import CaApplication, CaCard
from smartcard.processors import interindustry

if TYPE_CHECKING:
    from smartcard.atr import ATR
    from smartcard.connection import CardConnection

SIGN = b"DNASP"
READ_NUMBER = bytes.fromhex("A0CA000002120006")
"""Command 12 with no data (length 00); 06 bytes are wanted."""
NUMBER_ANSWER = 0x92
NUMBER_SIZE = 6


def decode_number(data: bytes) -> str:
    """6 bytes: 92, length, [2:6] the number of 4 bytes."""
    if sized(data, NUMBER_SIZE, "the card's number")[0] != NUMBER_ANSWER:
        raise AnswerError(f"the answer's code is {data[0]:02X}, not {NUMBER_ANSWER:02X}")
    return number(data[2:6], "the card's number")


class Nagra(CaApplication):
    """One command; the older cards speak T=1, the newer ones T=0."""

    kind: ClassVar[str] = "nagra"
    protocols: ClassVar[frozenset[int]] = frozenset({0, 1})

    def __init__(self, connection: CardConnection) -> None:
        super().__init__(interindustry(connection))  # an ordinary case 4 command: T=0 makes 61LL of it

    @classmethod
    def recognizes(cls, atr: ATR) -> bool:
        return SIGN in atr.historical

    def read(self) -> CaCard:
        return CaCard(decode_number(self._ask(READ_NUMBER)))
