"""Blocks of T=1 (ISO/IEC 7816-3:2006 11.3): NAD PCB LEN, information field, error detection code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from smartcard.errors import EdcError, FramingError

HEADER = 3
MAX_INF = 254
RESPONSE_BIT, MORE_BIT = 0x20, 0x20
_R, _S = 0x80, 0xC0


class RCode(IntEnum):
    """Low nibble of an R-block's PCB (11.3.2.2)."""

    FREE = 0
    EDC = 1
    OTHER = 2


class SKind(IntEnum):
    """Low bits of an S-block's PCB (11.3.2.2)."""

    RESYNCH = 0
    IFS = 1
    ABORT = 2
    WTX = 3


_S_INF = {SKind.RESYNCH: 0, SKind.IFS: 1, SKind.ABORT: 0, SKind.WTX: 1}
"""Length of the information field."""


@dataclass(frozen=True)
class Block:
    """One block with NAD 00, the only address used here."""

    pcb: int
    inf: bytes = b""

    @classmethod
    def information(cls, sequence: int, inf: bytes, *, more: bool) -> Block:
        return cls(sequence << 6 | (MORE_BIT if more else 0), inf)

    @classmethod
    def receive_ready(cls, expected: int, code: RCode = RCode.FREE) -> Block:
        return cls(_R | expected << 4 | code)

    @classmethod
    def supervisory(cls, kind: SKind, inf: bytes = b"", *, response: bool) -> Block:
        return cls(_S | (RESPONSE_BIT if response else 0) | kind, inf)

    @property
    def is_information(self) -> bool:
        return not self.pcb & 0x80

    @property
    def is_ready(self) -> bool:
        return self.pcb & 0xC0 == _R

    @property
    def request(self) -> SKind | None:
        """What an S-request asks for; None for every other block."""
        return SKind(self.pcb & 0x1F) if self.pcb & 0xE0 == _S else None

    @property
    def sequence(self) -> int:
        """N(S) of an I-block, N(R) of an R-block."""
        return self.pcb >> 6 & 1 if self.is_information else self.pcb >> 4 & 1

    @property
    def more(self) -> bool:
        """More of the chain follows this I-block."""
        return self.is_information and bool(self.pcb & MORE_BIT)

    def encode(self, *, crc: bool = False) -> bytes:
        raw = bytes((0, self.pcb, len(self.inf))) + self.inf
        return raw + check(raw, crc=crc)

    @classmethod
    def decode(cls, raw: bytes, *, crc: bool = False) -> Block:
        """EdcError where the check does not fit, FramingError where it fits and these bytes are no block to us."""
        size = 2 if crc else 1
        if len(raw) < HEADER + size:
            raise FramingError(f"a block has {HEADER + size} bytes or more, here are {len(raw)}")
        body, edc = raw[:-size], raw[-size:]
        if check(body, crc=crc) != edc:
            raise EdcError(f"the {'CRC' if crc else 'LRC'} of the card's block is wrong")
        nad, pcb, length = body[:HEADER]
        inf = body[HEADER:]
        if nad or length != len(inf) or length > MAX_INF:
            raise FramingError(f"a block with NAD {nad:02X} and LEN {length:02X} around {len(inf)} bytes")
        if not _is_pcb(pcb, length):
            raise FramingError(f"a block with PCB {pcb:02X} and {length} bytes")
        return cls(pcb, inf)


def _is_pcb(pcb: int, length: int) -> bool:
    if not pcb & 0x80:
        return not pcb & 0x1F
    if pcb & 0xC0 == _R:
        return not pcb & 0x20 and pcb & 0x0F in (0, 1, 2) and not length
    kind = pcb & 0x1F
    return kind in _S_INF and length == _S_INF[SKind(kind)]


def check(data: bytes, *, crc: bool) -> bytes:
    """The error detection code over ``data``: exclusive-or, or the CRC of ISO/IEC 13239 as T=1 uses it (11.3.4)."""
    if crc:
        return _crc(data).to_bytes(2, "big")
    total = 0
    for byte in data:
        total ^= byte
    return bytes((total,))


def _crc(data: bytes) -> int:
    """x^16 + x^12 + x^5 + 1 (ISO/IEC 13239), least significant bit first, from FFFF, not complemented at the end.

    So (CRC-16/MCRF4XX, high byte first) compute it the drivers of OpenCT and pcscd's CCID, which meet such cards.
    """
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value
