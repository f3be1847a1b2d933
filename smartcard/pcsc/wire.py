"""Between the reader's process and its worker: one request, one answer, each in a frame. Standard library only.

Frame: length of the rest (u32), code (u32), payload. A request's code is an ``Operation``, an answer's code is what
PC/SC returned (``Result``). All numbers little-endian.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from enum import IntEnum

_HEAD = struct.Struct("<II")
_LENGTH = struct.Struct("<I")
MAX_PAYLOAD = 1 << 20


class Operation(IntEnum):
    """What a worker does; payload -> payload of the answer."""

    LIST = 1
    """-> names, each UTF-8, separated by NUL."""
    STATUS = 2
    """current state (u32), timeout in ms (u32), reader's name -> state (u32), ATR. Returns at a change."""
    CONNECT = 3
    """reset (u8), reader's name -> active protocol (u32), ATR."""
    TRANSMIT = 4
    """command APDU -> response APDU."""
    RESET = 5
    """-> active protocol (u32), ATR."""
    DISCONNECT = 6
    """-> nothing. The card is left as it is."""
    EXCHANGE = 7
    """interindustry commands, packed -> as many answers as commands were sent, packed; see ``pack``."""


class Result(IntEnum):
    """Return codes of PC/SC part 5, as pcsclite.h has them; the ones that are told apart."""

    SUCCESS = 0x00000000
    INVALID_HANDLE = 0x80100003
    UNKNOWN_READER = 0x80100009
    TIMEOUT = 0x8010000A
    SHARING_VIOLATION = 0x8010000B
    NO_SMARTCARD = 0x8010000C
    PROTO_MISMATCH = 0x8010000F
    COMM_ERROR = 0x80100013
    NOT_TRANSACTED = 0x80100016
    READER_UNAVAILABLE = 0x80100017
    NO_SERVICE = 0x8010001D
    SERVICE_STOPPED = 0x8010001E
    NO_READERS_AVAILABLE = 0x8010002E
    UNRESPONSIVE_CARD = 0x80100066
    UNPOWERED_CARD = 0x80100067
    RESET_CARD = 0x80100068
    REMOVED_CARD = 0x80100069
    SECURITY_VIOLATION = 0x8010006A
    NO_LIBRARY = 0xE0000001
    """Ours: ``libpcsclite.so.1`` cannot be loaded."""
    NO_PROTOCOL = 0xE0000002
    """Ours: the card's answers within an exchange are not what the standard allows; the answer says why, in UTF-8."""


class State(IntEnum):
    """Bits of a reader's state (SCARD_STATE_*); the upper 16 count insertions and removals."""

    UNAWARE = 0x0000
    CHANGED = 0x0002
    UNKNOWN = 0x0004
    UNAVAILABLE = 0x0008
    PRESENT = 0x0020


def send(line: socket.socket, code: int, payload: bytes) -> None:
    line.sendall(_HEAD.pack(len(payload) + 4, code) + payload)


def receive(line: socket.socket) -> tuple[int, bytes]:
    """Code and payload; EOFError at the end of the line, ValueError for what is no frame."""
    length, code = _HEAD.unpack(_exactly(line, _HEAD.size))
    if not 4 <= length <= MAX_PAYLOAD:
        raise ValueError(f"a frame of {length} bytes")
    return code, _exactly(line, length - 4)


def pack(parts: Iterable[bytes]) -> bytes:
    """Each part with its length (u32) before it."""
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def unpack(payload: bytes) -> list[bytes]:
    """The parts of ``pack``; ValueError where it is none."""
    parts, offset = [], 0
    while offset < len(payload):
        if offset + _LENGTH.size > len(payload):
            raise ValueError("a length cut short")
        size: int = _LENGTH.unpack_from(payload, offset)[0]
        offset += _LENGTH.size
        if offset + size > len(payload):
            raise ValueError("a part cut short")
        parts.append(payload[offset : offset + size])
        offset += size
    return parts


def _exactly(line: socket.socket, count: int) -> bytes:
    buffer = bytearray()
    while len(buffer) < count:
        piece = line.recv(count - len(buffer))
        if not piece:
            raise EOFError
        buffer += piece
    return bytes(buffer)
