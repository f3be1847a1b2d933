"""DRE Crypt over T=0: commands and answers in an envelope ``59 length body check``, check = not (xor of the body).

A command is answered 61LL and its answer is fetched by 00C00000LL, in class 00 whatever the class of the command was.
"""

from __future__ import annotations

from functools import reduce
from operator import xor
from typing import TYPE_CHECKING, ClassVar

from smartcard.applications.answer import AnswerError, number, sized
from smartcard.applications.application import CaApplication, CaCard

if TYPE_CHECKING:
    from smartcard.atr import ATR

SIGN = bytes.fromhex("3B151112")
PROVIDER_AT = 6
"""Of the ATR: the provider that the card is for, and the one that each command names."""

HEADER = bytes.fromhex("80FF1001")
ENVELOPE = 0x59
GET_NUMBER = 0x43
FETCH = bytes.fromhex("00C00000")
READY = 0x61
REFUSAL = 0xE2
MAX_NUMBER = 8

_REFUSALS = {0xE1: "wrong check", 0xE2: "another provider", 0xE3: "no such command", 0xEC: "wrong signature"}


def check(body: bytes) -> int:
    """Not the exclusive-or of ``body``."""
    return reduce(xor, body, 0) ^ 0xFF


def envelope(body: bytes) -> bytes:
    """``body`` as the card wants it: kind, length with the check, body, check."""
    return bytes((ENVELOPE, len(body) + 1)) + body + bytes((check(body),))


def decode_envelope(data: bytes) -> bytes:
    """The body of an answer; AnswerError for a wrong check, length or kind, and for a refusal of the card."""
    if len(data) < 4 or data[0] != ENVELOPE:
        raise AnswerError("the answer is in no envelope")
    body = sized(data, data[1] + 2, "the envelope")[2:-1]
    if data[-1] != check(body):
        raise AnswerError("the envelope's check does not fit")
    if len(body) == 2 and body[0] == REFUSAL:
        raise AnswerError(f"the card refuses: {_REFUSALS.get(body[1], f'{body[1]:02X}')}")
    return body


def decode_number(data: bytes) -> str:
    """The answer in its envelope: its [3:] up to the check is the number, 1 to 8 bytes."""
    field = decode_envelope(data)[1:]
    if not 1 <= len(field) <= MAX_NUMBER:
        raise AnswerError(f"the card's number has {len(field)} bytes, 1 to {MAX_NUMBER} are taken")
    return number(field, "the card's number")


class Dre(CaApplication):
    """One command, for the provider of the ATR."""

    kind: ClassVar[str] = "dre"
    protocols: ClassVar[frozenset[int]] = frozenset({0})

    @classmethod
    def recognizes(cls, atr: ATR) -> bool:
        return atr.raw.startswith(SIGN)

    def read(self) -> CaCard:
        provider = self._connection.atr.raw[PROVIDER_AT : PROVIDER_AT + 1]
        if not provider:
            raise AnswerError("the ATR is too short to name a provider")
        command = envelope(bytes((GET_NUMBER,)) + provider)
        count = self._announced(HEADER + bytes((len(command),)) + command, READY)
        return CaCard(decode_number(self._fetch(FETCH, count)), (("provider", provider.hex().upper()),))
