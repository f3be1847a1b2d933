"""A Nagravision card: T=1 in specific mode, inverse convention."""

from __future__ import annotations

from tools.card_sim.core import SimulatedCard
from tools.card_sim.piv_card import with_tck

ATR = with_tck(bytes.fromhex("3FFF9500FF918171FE4700") + b"DNASP142 RevG04")
"""Inverse convention; TA2 81: T=1 at once, at TA1 95; IFSC FE, BWI/CWI 4/7; TCK."""


class NagraCard(SimulatedCard):
    """Tells its number, 4 bytes, by command 12."""

    def __init__(self, number: bytes = bytes.fromhex("0A1B2C3D")) -> None:
        self.atr = ATR
        self._number = number

    def reset(self) -> bytes:
        return self.atr

    def takes_body(self, header: bytes) -> bool:
        return header.startswith(bytes.fromhex("A0CA"))

    def process(self, apdu: bytes) -> bytes:
        if len(apdu) < 4:
            return bytes.fromhex("6700")
        if apdu[0] != 0xA0:
            return bytes.fromhex("6E00")
        if apdu[1] != 0xCA:
            return bytes.fromhex("6D00")
        if apdu[2:] != bytes.fromhex("000002120006"):
            return bytes.fromhex("6F00")
        return bytes((0x92, len(self._number))) + self._number + bytes.fromhex("9000")
