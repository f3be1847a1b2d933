"""A Viaccess card: T=0, inverse convention."""

from __future__ import annotations

from tools.card_sim.profiles.t0_card import NOTHING_READY, SUCCESS, WRONG_DATA, WRONG_LENGTH, WRONG_P1_P2, T0Card

ATR = bytes.fromhex("3F77180000C21400C1689000")
"""Inverse convention, T=0, TA1 18."""


class ViaccessCard(T0Card):
    """Tells its unique number, 5 bytes, after it was opened and the number pointed at."""

    classes = frozenset({0x87, 0xCA})
    taking = frozenset({0x02})
    giving = frozenset({0xAC, 0xB8})

    def __init__(self, number: bytes = bytes.fromhex("0102030405")) -> None:
        super().__init__(ATR)
        self._number = number
        self._open = False

    def reset(self) -> bytes:
        self._open = False
        return super().reset()

    def _take(self, header: bytes, data: bytes) -> bytes:
        if header != bytes.fromhex("87020000"):
            return WRONG_P1_P2
        if data != bytes.fromhex("000028"):
            return WRONG_DATA
        self._open = True
        return SUCCESS

    def _give(self, header: bytes, count: int) -> bytes:
        if not self._open:
            return NOTHING_READY
        if header == bytes.fromhex("CAACA400"):
            if count:
                return WRONG_LENGTH
            self._ready = bytes((header[2], len(self._number))) + self._number
            return SUCCESS
        return self._hand_over(count) if header == bytes.fromhex("CAB80000") else WRONG_P1_P2
