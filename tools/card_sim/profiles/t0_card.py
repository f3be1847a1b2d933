"""What the simulated T=0 cards share: five bytes of header, and data in one direction only (ISO/IEC 7816-3 10.3)."""

from __future__ import annotations

from abc import abstractmethod

from tools.card_sim.core import SimulatedCard

SUCCESS = bytes.fromhex("9000")
WRONG_LENGTH = bytes.fromhex("6700")
NOTHING_READY = bytes.fromhex("6985")
WRONG_DATA = bytes.fromhex("6A80")
WRONG_P1_P2 = bytes.fromhex("6B00")
INSTRUCTION_UNKNOWN = bytes.fromhex("6D00")
CLASS_UNKNOWN = bytes.fromhex("6E00")


class T0Card(SimulatedCard):
    """A card of classes ``classes`` that knows the instructions ``taking`` (data comes in) and ``giving`` (data goes
    out)."""

    classes: frozenset[int]
    taking: frozenset[int]
    giving: frozenset[int]

    def __init__(self, atr: bytes) -> None:
        self.atr = atr
        self._ready = b""

    def reset(self) -> bytes:
        self._ready = b""
        return self.atr

    def takes_body(self, header: bytes) -> bool:
        return header[0] in self.classes and header[1] in self.taking

    def process(self, apdu: bytes) -> bytes:
        if len(apdu) < 4:
            return WRONG_LENGTH
        header, rest = apdu[:4], apdu[4:]
        if header[0] not in self.classes:
            return CLASS_UNKNOWN
        if header[1] not in self.taking | self.giving:
            return INSTRUCTION_UNKNOWN
        if self.takes_body(header):
            whole = rest[1:] if rest and len(rest) == rest[0] + 1 else None
            return WRONG_LENGTH if whole is None else self._take(header, whole)
        return self._give(header, rest[0] if rest else 0) if len(rest) <= 1 else WRONG_LENGTH

    @abstractmethod
    def _take(self, header: bytes, data: bytes) -> bytes:
        """The status word of a command that brings ``data``."""

    @abstractmethod
    def _give(self, header: bytes, count: int) -> bytes:
        """The answer to a command that wants ``count`` bytes."""

    def _announce(self, sw1: int, data: bytes) -> bytes:
        """``data`` is ready to be fetched; ``sw1`` and its length say so."""
        self._ready = data
        return bytes((sw1, len(data)))

    def _hand_over(self, count: int) -> bytes:
        """What is ready, once, to whoever asks for all of it."""
        if not self._ready:
            return NOTHING_READY
        if count != len(self._ready):
            return WRONG_LENGTH
        data, self._ready = self._ready, b""
        return data + SUCCESS
