"""Direct and inverse convention (ISO/IEC 7816-3:2006 8.1).

A card of inverse convention sends the most significant bit first and a low line for a one, so a port shows every byte
with its bits reversed and complemented, and its even parity as odd.
"""

from __future__ import annotations

_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) ^ 0xFF for byte in range(256))


def turned(data: bytes) -> bytes:
    """Each byte bit-reversed and complemented: from the card's inverse convention to the port's, or back."""
    return data.translate(_TURNED)
