"""The wire between a virtual reader (vpcd) and its card: a 2-byte length, big-endian, then that many bytes.

From the reader a message of one byte is control; anything longer is a command APDU (vsmartcard, ``vpcd.h``).
"""

from __future__ import annotations

import socket
from enum import IntEnum

MAX_MESSAGE = 0xFFFF


class Control(IntEnum):
    """One-byte messages from the reader. Only ``ATR`` is answered."""

    OFF = 0
    ON = 1
    RESET = 2
    ATR = 4


class FrameError(OSError):
    """The peer closed, or cannot be understood: for both sides the line is gone."""


def send(line: socket.socket, message: bytes) -> None:
    """One message in one segment; OSError where the line is gone."""
    if len(message) > MAX_MESSAGE:
        raise FrameError(f"{len(message)} bytes, a message has at most {MAX_MESSAGE}")
    line.sendall(len(message).to_bytes(2, "big") + message)


def receive(line: socket.socket) -> bytes:
    """One message, however it was cut up; FrameError at the end of the line."""
    return _exactly(line, int.from_bytes(_exactly(line, 2), "big"))


def _exactly(line: socket.socket, count: int) -> bytes:
    buffer = bytearray()
    while len(buffer) < count:
        _acknowledge_at_once(line)
        piece = line.recv(count - len(buffer))
        if not piece:
            raise FrameError("the peer closed")
        buffer += piece
    return bytes(buffer)


def _acknowledge_at_once(line: socket.socket) -> None:
    """vpcd sends length and data apart: with Nagle there and a delayed acknowledgement here an APDU takes 49 ms.

    The kernel drops the option by itself, so it is set before every read.
    """
    if line.family != socket.AF_UNIX:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
