"""A DRE Crypt card: T=0, commands and answers in an envelope with a check of its own."""

from __future__ import annotations

from functools import reduce
from operator import xor

from tools.card_sim.profiles.t0_card import WRONG_P1_P2, T0Card

ATR = bytes.fromhex("3B151112CA0711CA")
"""T=0, TA1 11; historical bytes 12 CA 07, provider 11, a check."""
PROVIDER = ATR[6]
READY = 0x61
TELL_NUMBER = 0x43
WRONG_CHECK, WRONG_PROVIDER, NO_SUCH_COMMAND = 0xE1, 0xE2, 0xE3


class DreCard(T0Card):
    """Tells its number, 4 bytes, to who asks for its provider; refuses inside the envelope."""

    classes = frozenset({0x80, 0x00})
    taking = frozenset({0xFF})
    giving = frozenset({0xC0})

    def __init__(self, number: bytes = bytes.fromhex("1C2B3A49")) -> None:
        super().__init__(ATR)
        self._number = number

    def _take(self, header: bytes, data: bytes) -> bytes:
        if header != bytes.fromhex("80FF1001"):
            return WRONG_P1_P2
        return self._announce(READY, _sealed(self._answer(data)))

    def _give(self, header: bytes, count: int) -> bytes:
        return self._hand_over(count) if header == bytes.fromhex("00C00000") else WRONG_P1_P2

    def _answer(self, data: bytes) -> bytes:
        if len(data) < 4 or data != _sealed(data[2:-1]):
            return bytes((0xE2, WRONG_CHECK))
        if data[2] != TELL_NUMBER or len(data) != 5:
            return bytes((0xE2, NO_SUCH_COMMAND))
        if data[3] != PROVIDER:
            return bytes((0xE2, WRONG_PROVIDER))
        return bytes((TELL_NUMBER + 0x60,)) + self._number


def _sealed(body: bytes) -> bytes:
    return bytes((0x59, len(body) + 1)) + body + bytes((~reduce(xor, body, 0) & 0xFF,))
