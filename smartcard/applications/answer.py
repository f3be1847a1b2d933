"""What the decoders of card answers share."""

from __future__ import annotations

from smartcard.errors import ProtocolError


class AnswerError(ProtocolError):
    """An answer that is not what its application lets a card say: another application, or a broken card."""

    kind = "card_answer"


def sized(data: bytes, size: int, what: str) -> bytes:
    """``data`` where it has exactly ``size`` bytes."""
    if len(data) != size:
        raise AnswerError(f"{what} has {size} bytes, here are {len(data)}")
    return data


def number(field: bytes, what: str) -> str:
    """A binary card number in hex, upper case. A field that was never written (all 00 or all FF) is none."""
    if not any(field) or set(field) == {0xFF}:
        raise AnswerError(f"{what} was never written")
    return field.hex().upper()


def text(field: bytes, what: str) -> str:
    """An ASCII field of letters and digits, filled up on the right with spaces or zero bytes."""
    written = field.rstrip(b" \x00")
    if not written.isalnum():  # of bytes: ASCII alone
        raise AnswerError(f"{what} is not made of letters and digits")
    return written.decode("ascii")
