"""T=0, the character protocol, from the reader's side (ISO/IEC 7816-3:2006 clause 10, and 12.2 for APDUs over it)."""

from __future__ import annotations

from smartcard.apdu import MAX_SHORT_DATA, MAX_SHORT_LE, CommandAPDU
from smartcard.atr import ATR
from smartcard.errors import CardMute, FramingError, ProtocolTimeout
from smartcard.machine import Machine, Read, Write
from smartcard.status_word import StatusWord
from smartcard.timing import waiting_etu

NULL = 0x60
ENVELOPE = 0xC2


class T0:
    """One card that speaks T=0 at D = ``d``. Status words come out as they are: 61XX and 6CXX are no errors here."""

    def __init__(self, atr: ATR, d: int) -> None:
        self._waiting = waiting_etu(atr, d)

    def transmit(self, command: bytes) -> Machine[tuple[bytes, int]]:
        """One command APDU; its data and status word.

        Case 4 is sent as case 3 (12.2.5: a card answers 61XX then); data of more than 255 bytes goes in ENVELOPEs
        (12.2.7). CardMute, ProtocolTimeout, FramingError; ApduFormatError for what is no APDU.
        """
        apdu = CommandAPDU.decode(command)
        if len(apdu.data) > MAX_SHORT_DATA:
            return (yield from self._enveloped(apdu))
        header = bytes((apdu.cla, apdu.ins, apdu.p1, apdu.p2))
        if apdu.data:
            return (yield from self.exchange(header, apdu.data, 0))
        return (yield from self.exchange(header, b"", min(apdu.le or 0, MAX_SHORT_LE)))

    def _enveloped(self, apdu: CommandAPDU) -> Machine[tuple[bytes, int]]:
        whole = apdu.encode()
        answer: tuple[bytes, int] = (b"", 0)
        for at in range(0, len(whole), MAX_SHORT_DATA):
            header = bytes((apdu.cla, ENVELOPE, 0, 0))
            answer = yield from self.exchange(header, whole[at : at + MAX_SHORT_DATA], 0)
            if at + MAX_SHORT_DATA < len(whole) and answer[1] != StatusWord.SUCCESS:
                break
        return answer

    def exchange(self, header: bytes, data: bytes, wanted: int) -> Machine[tuple[bytes, int]]:
        """One TPDU (10.3): CLA INS P1 P2, then ``data`` to send or ``wanted`` bytes (0 to 256) to receive."""
        ins = header[1]
        yield Write(header + bytes(((len(data) or wanted) & 0xFF,)))
        sent, received = 0, b""
        while True:
            procedure = yield from self._read(1, begun=bool(sent or received))
            byte = procedure[0]
            left = len(data) - sent if data else wanted - len(received)
            if byte == NULL:
                continue
            if byte in (ins, ins ^ 0xFF):
                count = left if byte == ins else min(left, 1)
                if not count:
                    raise FramingError(f"the card goes on with {byte:02X} where nothing is left")
                if data:
                    yield Write(data[sent : sent + count])
                    sent += count
                else:
                    received += yield from self._read(count, begun=True)
            elif byte >> 4 in (0x6, 0x9):
                second = yield from self._read(1, begun=True)
                return received, byte << 8 | second[0]
            else:
                raise FramingError(f"{byte:02X} is no procedure byte of command {ins:02X}")

    def _read(self, count: int, *, begun: bool) -> Machine[bytes]:
        came = yield Read(count, self._waiting, self._waiting)
        if len(came) == count:
            return came
        if came or begun:
            raise ProtocolTimeout(f"the card stopped after {len(came)} of {count} bytes")
        raise CardMute("the card did not answer")
