"""The protocol behind T=14 of Irdeto's cards (ISO 7816-3 leaves T=14 to the card's maker).

Source: OSCAM's reader of these cards. A frame is ``01``, the command, and a check byte that makes the exclusive-or of
the whole frame 3F. An answer is a header of 8 bytes with the status word in bytes 2 and 3 and the length of the data
in byte 7, the data, and a check byte by the same rule.
"""

from __future__ import annotations

from smartcard.apdu import ApduFormatError
from smartcard.errors import CardMute, EdcError, ProtocolTimeout
from smartcard.machine import Machine, Read, Write
from smartcard.timing import ATR_NEXT_ETU

START = 0x01
CHECK = 0x3F
HEADER = 8
MAX_COMMAND = 300


def check_byte(data: bytes) -> int:
    """What makes the exclusive-or of ``data`` and it 3F."""
    check = CHECK
    for byte in data:
        check ^= byte
    return check


class T14:
    """Commands are what stands behind ``01``; a session has no state."""

    def transmit(self, command: bytes) -> Machine[tuple[bytes, int]]:
        """One frame and its answer: data, and bytes 2 and 3 of the header as the status word.

        CardMute, ProtocolTimeout, EdcError; ApduFormatError for a command of no byte or more than 300.
        """
        if not 1 <= len(command) <= MAX_COMMAND:
            raise ApduFormatError(f"a frame carries 1 to {MAX_COMMAND} bytes, here are {len(command)}")
        frame = bytes((START,)) + command
        yield Write(frame + bytes((check_byte(frame),)))
        header = yield Read(HEADER, ATR_NEXT_ETU, ATR_NEXT_ETU)
        if not header:
            raise CardMute("the card did not answer")
        if len(header) < HEADER:
            raise ProtocolTimeout(f"the card stopped after {len(header)} bytes of its header")
        count = header[7] + 1
        rest = yield Read(count, ATR_NEXT_ETU, ATR_NEXT_ETU)
        if len(rest) < count:
            raise ProtocolTimeout(f"the card stopped after {len(rest)} of {count} bytes")
        if check_byte(header + rest[:-1]) != rest[-1]:
            raise EdcError("the check byte of the answer is wrong")
        return rest[:-1], int.from_bytes(header[2:4], "big")
