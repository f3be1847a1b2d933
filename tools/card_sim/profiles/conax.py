"""A Conax card: T=0, records of tag, length, value."""

from __future__ import annotations

from tools.card_sim.profiles.t0_card import WRONG_DATA, WRONG_P1_P2, T0Card

ATR = bytes.fromhex("3B240030423030")
"""T=0; historical bytes "0B00"."""
READY = 0x98


class ConaxCard(T0Card):
    """Its CAID by DD26; a group address and its own number, 6 bytes, by DD82 to who knows the CAID; all by DDCA."""

    classes = frozenset({0xDD})
    taking = frozenset({0x26, 0x82})
    giving = frozenset({0xCA})

    def __init__(self, number: bytes = bytes.fromhex("000011223344"), *, caid: int = 0x0B02, version: int = 64) -> None:
        super().__init__(ATR)
        system = caid.to_bytes(2, "big")
        self._asked = bytes.fromhex("110F01B00FFFFFFB00000904") + system + bytes.fromhex("E0302B")
        self._system = bytes((0x20, 1, version, 0x28, 2)) + system
        addresses = b"".join(bytes((0x23, 7, 0)) + each for each in (bytes.fromhex("000000554433"), number))
        self._numbers = bytes((0x22, len(addresses))) + addresses

    def _take(self, header: bytes, data: bytes) -> bytes:
        if header[2:] != bytes(2):
            return WRONG_P1_P2
        if header[1] == 0x26:
            return self._announce(READY, self._system) if data == bytes.fromhex("100140") else WRONG_DATA
        return self._announce(READY, self._numbers) if data == self._asked else WRONG_DATA

    def _give(self, header: bytes, count: int) -> bytes:
        return self._hand_over(count) if header[2:] == bytes(2) else WRONG_P1_P2
