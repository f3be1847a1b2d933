"""Characters as they are on the line: convention and parity (ISO/IEC 7816-3 7.2, 7.3, 8.1), and a port's settings.

A port is an ordinary UART: least significant bit first, a high line is a one.
"""

from __future__ import annotations

from dataclasses import dataclass

RATE_TOLERANCE = 0.03
"""How far two rates may lie apart: the tenth bit is still sampled within itself with 5 %, less what edges cost."""


def _mirror(byte: int) -> int:
    return sum(1 << (7 - bit) for bit in range(8) if not byte >> bit & 1)


_MIRROR = bytes(_mirror(byte) for byte in range(256))


def mirrored(data: bytes) -> bytes:
    """A card of inverse convention against an ordinary port, either way: bits reversed and complemented."""
    return data.translate(_MIRROR)


def parity_moment(raw: int, parity: str) -> int:
    """The line at the tenth moment of a character: its parity bit, or the stop bit, a one, where there is none."""
    ones = raw.bit_count()
    return {"E": ones & 1, "O": ~ones & 1, "S": 0}.get(parity, 1)


@dataclass(frozen=True)
class PortSettings:
    """Of the reader's port. ``parity`` is pyserial's letter: N none, E even, O odd, M mark (1), S space (0)."""

    baudrate: int = 9600
    bytesize: int = 8
    parity: str = "N"
    stopbits: float = 1

    @property
    def character(self) -> float:
        """Seconds that one character takes: start, data, parity if any, stop."""
        return (1 + self.bytesize + (self.parity != "N") + self.stopbits) / self.baudrate

    def fits(self, baud: float) -> bool:
        """Do the port and a card at ``baud`` understand each other's bits at all?"""
        return self.bytesize == 8 and abs(self.baudrate - baud) <= RATE_TOLERANCE * baud

    def suits(self, raw: int, parity: str) -> bool:
        """Does a card of ``parity`` take this character of the port's? N: it does not look."""
        return parity == "N" or parity_moment(raw, self.parity) == parity_moment(raw, parity)

    def notices(self, raw: int, moment: int) -> bool:
        """Is a character that came with ``moment`` at the place of its parity bit a parity error to the port?"""
        return self.parity != "N" and moment != parity_moment(raw, self.parity)
