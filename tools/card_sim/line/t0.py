"""T=0, the card's side (ISO/IEC 7816-3:2006 clause 10; 12.2 for what becomes of APDUs)."""

from __future__ import annotations

from smartcard.apdu import ApduFormatError, CommandAPDU
from tools.card_sim.core import SimulatedCard
from tools.card_sim.faults import Faults
from tools.card_sim.line.steps import CHARACTER, Heard, Machine, Say, Take, deaf

NULL = 0x60
ENVELOPE, GET_RESPONSE = 0xC2, 0xC0
MAX_ENVELOPES = 66_000
NULL_EVERY = 960 - CHARACTER
"""Etu: a tenth of the default waiting time."""


class T0Card:
    """What a card's TPDU interpreter does: it asks for a body by its procedure byte, keeps the answer to a case 4
    command for GET RESPONSE, and refuses a wrong length with 6CXX and the right one."""

    def __init__(self, card: SimulatedCard, faults: Faults, waiting: float) -> None:
        """``waiting``: WT in etu, for a card that is slow."""
        self._card = card
        self._faults = faults
        self._waiting = waiting
        self._pending = b""
        self._pending_sw = b""
        self._told: int | None = None
        self._refused: tuple[bytes, bytes] | None = None
        self._envelopes = bytearray()

    def run(self) -> Machine:
        while True:
            heard: Heard = yield Take(5)
            if heard.garbled:
                break
            header = heard.data
            if header[1] >> 4 in (0x6, 0x9):
                yield Say(b"\x6d\x00")  # such an INS would be mistaken for a status word (10.3.2)
            elif header[4] and self._incoming(header):
                yield from self._say(header[1:2], header[1])
                body: Heard = yield Take(header[4])
                if body.garbled:
                    break
                yield from self._say(self._with_body(header, body.data), header[1])
            elif self._incoming(header):
                yield from self._say(self._kept(self._card.process(header[:4])), header[1])
            else:
                yield from self._say(self._outgoing(header), header[1])
        # 7.3: the card signals the error and waits for the character again, which a reader of this kind never repeats
        yield from deaf()

    def _incoming(self, header: bytes) -> bool:
        return header[1] == ENVELOPE or self._card.takes_body(header)

    def _with_body(self, header: bytes, body: bytes) -> bytes:
        if header[1] == ENVELOPE and header[2:4] == b"\x00\x00":
            return self._envelope(body)
        self._envelopes.clear()
        return self._kept(self._card.process(header + body))

    def _envelope(self, body: bytes) -> bytes:
        """12.2.7: pieces of one APDU; the card knows by its lengths which is the last."""
        self._envelopes += body
        if len(self._envelopes) > MAX_ENVELOPES:
            self._envelopes.clear()
            return b"\x6a\x84"
        whole = bytes(self._envelopes)
        try:
            CommandAPDU.decode(whole)
        except ApduFormatError:
            return b"\x90\x00"
        self._envelopes.clear()
        return self._kept(self._card.process(whole))

    def _kept(self, answer: bytes) -> bytes:
        """The status alone: data of a case 4 command wait for GET RESPONSE (12.2.5)."""
        self._pending, self._pending_sw, self._told = answer[:-2], answer[-2:], None
        if not self._pending:
            return answer
        length = min(len(self._pending), 256)
        if self._faults.strikes("6c-after-61"):
            self._told = length
            length += 1 if length < 255 else -1
        return bytes((0x61, length & 0xFF))

    def _outgoing(self, header: bytes) -> bytes:
        """INS, as many bytes as P3 says, status; or 6CXX where that is not what there is (12.2.3)."""
        wanted = header[4] or 256
        if header[1] == GET_RESPONSE and self._pending:
            return self._rest(header, wanted)
        self._pending = b""
        if self._refused is not None and self._refused[0] == header:
            answer = self._refused[1]
        else:
            answer = self._card.process(header)
        self._refused = None
        data = answer[:-2]
        if not data:
            return answer
        if len(data) != wanted:
            exact = len(data) & 0xFF
            self._refused = (header[:4] + bytes((exact,)), answer)
            return bytes((0x6C, exact))
        return header[1:2] + answer

    def _rest(self, header: bytes, wanted: int) -> bytes:
        told, self._told = self._told, None
        available = min(len(self._pending), 256)
        if wanted > available or told not in (None, wanted):
            return bytes((0x6C, available & 0xFF))
        data, self._pending = self._pending[:wanted], self._pending[wanted:]
        left = min(len(self._pending), 256)
        return header[1:2] + data + (bytes((0x61, left & 0xFF)) if left else self._pending_sw)

    def _say(self, answer: bytes, ins: int) -> Machine:
        """``answer`` with whatever faults are due; nothing where the card is silent."""
        if not answer:
            return
        while self._faults.strikes("null-flood"):
            yield Say(bytes((NULL,)), linger=NULL_EVERY)
        linger = 0.75 * self._waiting if self._faults.strikes("slow") else 0
        damaged = None
        if self._faults.strikes("parity"):
            damaged = 0
            answer = bytes((_turned_over(answer[0], ins),)) + answer[1:]
        yield Say(answer, linger=linger, damaged=damaged)


def _turned_over(byte: int, ins: int) -> int:
    """``byte`` with one bit wrong, so that it is no procedure byte: on this line nothing else would tell."""
    wrong = (byte ^ 1 << bit for bit in (7, 5, 4, 3, 2, 1, 0))
    return next(each for each in wrong if each not in (ins, ins ^ 0xFF) and each >> 4 not in (0x6, 0x9))
