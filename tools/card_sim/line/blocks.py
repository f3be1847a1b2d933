"""T=1 blocks (ISO/IEC 7816-3:2006 11.3, 11.6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

MORE = 0x20
MAX_INF = 254


class Supervisory(IntEnum):
    """PCB of S-block requests; a response has ``RESPONSE`` added."""

    RESYNCH = 0xC0
    IFS = 0xC1
    ABORT = 0xC2
    WTX = 0xC3


RESPONSE = 0x20
EDC_ERROR, OTHER_ERROR = 1, 2
"""Low bits of an R-block's PCB (11.6.2.2, table 12)."""


@dataclass(frozen=True)
class Block:
    """NAD, PCB, INF; LEN and the check follow from them."""

    nad: int
    pcb: int
    inf: bytes = b""

    @property
    def is_information(self) -> bool:
        return not self.pcb & 0x80

    @property
    def is_ready(self) -> bool:
        return self.pcb & 0xC0 == 0x80

    @property
    def number(self) -> int:
        """N(S) of an I-block, N(R) of an R-block."""
        return self.pcb >> 6 & 1 if self.is_information else self.pcb >> 4 & 1

    def encode(self, *, crc: bool) -> bytes:
        body = bytes((self.nad, self.pcb, len(self.inf))) + self.inf
        return body + check(body, crc=crc)


def check(body: bytes, *, crc: bool) -> bytes:
    """LRC: the exclusive-or, 1 byte. CRC: of ISO/IEC 13239, 2 bytes, the high one first (11.4.4).

    Polynomial 1021 with the bits mirrored, FFFF at the start and nothing turned over at the end: the standard leaves
    that open, and the drivers that meet cards with a CRC (OpenCT's, pcscd's CCID) compute it so.
    """
    if not crc:
        value = 0
        for byte in body:
            value ^= byte
        return bytes((value,))
    register = 0xFFFF
    for byte in body:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ 0x8408 if register & 1 else register >> 1
    return register.to_bytes(2, "big")
