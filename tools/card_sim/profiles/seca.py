"""A Seca (Mediaguard) card: T=0."""

from __future__ import annotations

from tools.card_sim.profiles.t0_card import INSTRUCTION_UNKNOWN, SUCCESS, WRONG_LENGTH, WRONG_P1_P2, T0Card

ATR = bytes.fromhex("3BF711000140965430040E6CB6D6")
"""T=0, TA1 11, N 1, WI 150."""


class SecaCard(T0Card):
    """Tells its unique number, 6 bytes."""

    classes = frozenset({0xC1})
    taking = frozenset()
    giving = frozenset({0x0E})

    def __init__(self, number: bytes = bytes.fromhex("00F1E2D3C4B5")) -> None:
        super().__init__(ATR)
        self._number = number

    def _take(self, header: bytes, data: bytes) -> bytes:  # noqa: ARG002 - it takes none
        return INSTRUCTION_UNKNOWN

    def _give(self, header: bytes, count: int) -> bytes:
        if header[2:] != bytes(2):
            return WRONG_P1_P2
        return bytes(2) + self._number + SUCCESS if count == 8 else WRONG_LENGTH
