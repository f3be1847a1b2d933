"""PPS, the card's side (ISO/IEC 7816-3:2006 clause 9)."""

from __future__ import annotations

from smartcard.atr import ATR, D_OF_DI, F_OF_FI

PPSS = 0xFF
DEFAULT = (372, 1)


def length(pps0: int) -> int:
    """Characters behind PPS0: PPS1, PPS2, PPS3 as announced, and PCK."""
    return (pps0 >> 4 & 0x07).bit_count() + 1


def answer(request: bytes, atr: ATR) -> tuple[bytes, int, tuple[int, int]] | None:
    """To a whole request: the answer, and T, F and D that hold from its last character on.

    PPS1 is echoed where its F is the default or TA1's and its D not above TA1's, else left out, which leaves 372/1
    (9.2, 9.3); PPS2 and PPS3 are always left out. None, no answer, for a wrong PCK or a T that was not offered.
    """
    if xor(request) or request[1] & 0x0F not in atr.protocols:
        return None
    protocol = request[1] & 0x0F
    wanted = _rate(request[2]) if request[1] & 0x10 else None
    best = (atr.f or DEFAULT[0], atr.d or DEFAULT[1])
    if wanted is None or wanted[0] not in (DEFAULT[0], best[0]) or wanted[1] > best[1]:
        reply = bytes((PPSS, protocol))
        return reply + bytes((xor(reply),)), protocol, DEFAULT
    reply = bytes((PPSS, protocol | 0x10, request[2]))
    return reply + bytes((xor(reply),)), protocol, wanted


def _rate(pps1: int) -> tuple[int, int] | None:
    f, d = F_OF_FI.get(pps1 >> 4), D_OF_DI.get(pps1 & 0x0F)
    return None if f is None or d is None else (f, d)


def xor(data: bytes) -> int:
    """0 over a request with its PCK."""
    value = 0
    for byte in data:
        value ^= byte
    return value
