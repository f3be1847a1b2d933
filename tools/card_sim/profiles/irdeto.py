"""An Irdeto card, as it speaks over T=14 and, dressed up as APDUs, over T=0."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import xor

from tools.card_sim.core import SimulatedCard
from tools.card_sim.profiles.t0_card import WRONG_DATA, WRONG_P1_P2, T0Card

T14_ATR = bytes.fromhex("3B9F210E49524445544F204143532056342E319D")
"""T=14 alone, TA1 21; historical bytes "IRDETO ACS V4.1"; TCK."""
T0_ATR = bytes.fromhex("3B9F11406049524445544F204143532056352E30")
"""T=0 alone, WI 96; historical bytes "IRDETO ACS V5.0"."""

DONE, UNKNOWN, MALFORMED = bytes(2), bytes.fromhex("0D00"), bytes.fromhex("0700")
"""Status of a frame. The table has 0000 for success; the other two are this card's own."""
FRAME_CHECK = 0x3F
"""The exclusive-or of a whole frame."""


@dataclass(frozen=True)
class IrdetoFacts:
    """What the card is; ``serial`` is 10 ASCII characters, ``hex_serial`` 3 bytes."""

    serial: str = "3200000017"
    hex_serial: bytes = bytes.fromhex("1A2B3C")
    base: int = 0x10
    providers: int = 2
    caid: int = 0x0624
    country: str = "SVK"

    def ascii_block(self) -> bytes:
        return self.serial.encode("ascii").ljust(20, b"\x00")

    def hex_block(self) -> bytes:
        return bytes(10) + bytes((self.providers, 0)) + self.hex_serial + bytes((self.base,))

    def country_block(self) -> bytes:
        return bytes.fromhex("0041000000") + self.caid.to_bytes(2, "big") + bytes(6) + self.country.encode("ascii")


class IrdetoCard(SimulatedCard):
    """T=14: ``process`` takes the bytes between a frame's 01 and its check, and answers data and status."""

    def __init__(self, facts: IrdetoFacts | None = None) -> None:
        self.atr = T14_ATR
        facts = facts or IrdetoFacts()
        self._blocks = {
            bytes.fromhex("02000300"): facts.ascii_block(),
            bytes.fromhex("02010000"): facts.hex_block(),
            bytes.fromhex("02020300"): facts.country_block(),
        }

    def reset(self) -> bytes:
        return self.atr

    def process(self, apdu: bytes) -> bytes:
        if len(apdu) < 5 or len(apdu) != 5 + apdu[4]:
            return MALFORMED
        return self._blocks.get(apdu[:4], b"") + (DONE if apdu[:4] in self._blocks else UNKNOWN)


class IrdetoAcsCard(T0Card):
    """T=0: the instruction is the frame's command doubled, the data its check, and a frame is what is fetched."""

    classes = frozenset({0xD2})
    taking = frozenset({0x00, 0x02, 0x04})
    giving = frozenset({0xFE})

    def __init__(self, facts: IrdetoFacts | None = None) -> None:
        super().__init__(T0_ATR)
        facts = facts or IrdetoFacts()
        self._blocks = {
            bytes.fromhex("000300"): facts.ascii_block(),
            bytes.fromhex("020300"): facts.hex_block(),
            bytes.fromhex("040000"): facts.country_block(),
        }

    def _take(self, header: bytes, data: bytes) -> bytes:
        block = self._blocks.get(header[1:])
        if block is None:
            return WRONG_P1_P2
        command = bytes((0x01, 0x02, header[1] // 2)) + header[2:]
        if data != bytes((_check(command),)):
            return WRONG_DATA
        return self._announce(0x90, _frame(command, block))

    def _give(self, header: bytes, count: int) -> bytes:
        return self._hand_over(count) if header[2:] == bytes(2) else WRONG_P1_P2


def _frame(command: bytes, block: bytes) -> bytes:
    """A T=14 answer: 8 bytes of header (status at 2, length at 7), data, check."""
    frame = command[:2] + DONE + command[2:] + bytes((len(block),)) + block
    return frame + bytes((_check(frame),))


def _check(frame: bytes) -> int:
    return reduce(xor, frame, FRAME_CHECK)
