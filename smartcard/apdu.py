"""Command and response APDUs, cases 1 to 4, short and extended (ISO/IEC 7816-3:2006 12.1, 7816-4 5.3)."""

from __future__ import annotations

from dataclasses import dataclass

from smartcard.errors import ApduError, ProtocolError
from smartcard.status_word import StatusWord, describe

__all__ = ["CHAINING", "ApduFormatError", "CommandAPDU", "ResponseAPDU", "StatusWord", "describe"]

CHAINING = 0x10
"""Bit 5 of an interindustry CLA: more of this command follows (ISO 7816-4 5.3.3)."""

MAX_SHORT_DATA = 255
MAX_SHORT_LE = 256
MAX_DATA = 65535
MAX_LE = 65536


class ApduFormatError(ProtocolError):
    """These bytes, or these fields, are no APDU."""

    kind = "apdu_format"


@dataclass(frozen=True)
class CommandAPDU:
    """One command. ``le`` is Ne, the number of bytes wanted, 1 to 65536 (256 is written 00); None: none."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None
    extended: bool = False
    """Written with extended length fields even where short ones would do; set by itself where they would not."""

    def __post_init__(self) -> None:
        for name in ("cla", "ins", "p1", "p2"):
            if not 0 <= getattr(self, name) <= 0xFF:
                raise ApduFormatError(f"{name} is {getattr(self, name)}, 0 to 255 are bytes")
        if len(self.data) > MAX_DATA:
            raise ApduFormatError(f"{len(self.data)} bytes of data, at most {MAX_DATA} fit")
        if self.le is not None and not 1 <= self.le <= MAX_LE:
            raise ApduFormatError(f"le is {self.le}, 1 to {MAX_LE} can be asked for")
        if len(self.data) > MAX_SHORT_DATA or (self.le or 0) > MAX_SHORT_LE:
            object.__setattr__(self, "extended", True)
        elif self.extended and not self.data and self.le is None:
            object.__setattr__(self, "extended", False)  # case 1 has no length field to extend

    def encode(self) -> bytes:
        """The bytes of Table 12 of ISO 7816-3: header, then Lc, data, Le as far as there are any."""
        header = bytes((self.cla, self.ins, self.p1, self.p2))
        if not self.extended:
            body = bytes((len(self.data),)) + self.data if self.data else b""
            return header + body + (b"" if self.le is None else bytes((self.le & 0xFF,)))
        le = b"" if self.le is None else (self.le & 0xFFFF).to_bytes(2, "big")
        body = len(self.data).to_bytes(2, "big") + self.data if self.data else b""
        return header + b"\x00" + body + le

    @classmethod
    def decode(cls, raw: bytes) -> CommandAPDU:
        """The command of ``raw``, by the decoding rules of ISO 7816-3 12.1.3; ApduFormatError where it is none."""
        if len(raw) < 4:
            raise ApduFormatError(f"a command has a header of 4 bytes, here are {len(raw)}")
        cla, ins, p1, p2 = raw[:4]
        body = raw[4:]
        if not body:
            return cls(cla, ins, p1, p2)
        if len(body) == 1:
            return cls(cla, ins, p1, p2, le=body[0] or MAX_SHORT_LE)
        if body[0]:
            data, rest = _split(body[1:], body[0])
            return cls(cla, ins, p1, p2, data, _expected(rest, 1))
        if len(body) == 3:
            return cls(cla, ins, p1, p2, le=int.from_bytes(body[1:], "big") or MAX_LE, extended=True)
        if len(body) < 3:
            raise ApduFormatError("an extended length field has 3 bytes, here are 2")
        count = int.from_bytes(body[1:3], "big")
        if not count:
            raise ApduFormatError("an extended Lc of 0 is reserved")
        data, rest = _split(body[3:], count)
        return cls(cla, ins, p1, p2, data, _expected(rest, 2), extended=True)


def _split(field: bytes, count: int) -> tuple[bytes, bytes]:
    if len(field) < count:
        raise ApduFormatError(f"Lc announces {count} bytes of data, {len(field)} follow")
    return field[:count], field[count:]


def _expected(rest: bytes, size: int) -> int | None:
    """Ne of the Le field that may follow the data: nothing, or ``size`` bytes (1 short, 2 extended)."""
    if not rest:
        return None
    if len(rest) != size:
        raise ApduFormatError(f"{len(rest)} bytes follow the data, Le has {size}")
    return int.from_bytes(rest, "big") or (MAX_SHORT_LE if size == 1 else MAX_LE)


@dataclass(frozen=True)
class ResponseAPDU:
    """One answer: data and status word."""

    data: bytes
    sw: int

    def encode(self) -> bytes:
        return self.data + self.sw.to_bytes(2, "big")

    @classmethod
    def decode(cls, raw: bytes) -> ResponseAPDU:
        """ProtocolError where ``raw`` has no status word or is longer than an answer can be."""
        if not 2 <= len(raw) <= MAX_LE + 2:
            raise ProtocolError(f"an answer has 2 to {MAX_LE + 2} bytes, here are {len(raw)}")
        return cls(raw[:-2], int.from_bytes(raw[-2:], "big"))

    def expect(self, *allowed: int) -> bytes:
        """The data where the status word is 9000 or one of ``allowed``; else ApduError."""
        if self.sw != StatusWord.SUCCESS and self.sw not in allowed:
            raise ApduError(self.sw, self.data)
        return self.data
