"""Receiving an answer to reset, of which the length is known only while it comes (ISO/IEC 7816-3:2006 8.1, 8.2)."""

from __future__ import annotations

from smartcard.atr import DIRECT, INVERSE, RAW_INVERSE, missing
from smartcard.convention import turned
from smartcard.machine import Machine, Read
from smartcard.timing import ATR_FIRST_CLOCKS, ATR_NEXT_ETU, DEFAULT_F

FIRST_ETU = ATR_FIRST_CLOCKS / DEFAULT_F


def receive(first_etu: float = FIRST_ETU) -> Machine[bytes]:
    """The raw answer as the port shows it, as far as it came: b"" for a card that says nothing.

    Ends with the first character where that begins no answer to reset.
    """
    raw = yield Read(1, first_etu, ATR_NEXT_ETU)
    if raw not in (bytes((DIRECT,)), bytes((INVERSE,)), bytes((RAW_INVERSE,))):
        return raw
    while count := missing(logical(raw)):
        came = yield Read(count, ATR_NEXT_ETU, ATR_NEXT_ETU)
        raw += came
        if len(came) < count:
            break
    return raw


def logical(raw: bytes) -> bytes:
    """The answer in the card's own convention; one of direct convention, or turned by the port already, as it is."""
    return turned(raw) if raw[:1] == bytes((RAW_INVERSE,)) else raw
