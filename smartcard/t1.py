"""T=1, the block protocol, from the reader's side (ISO/IEC 7816-3:2006 clause 11, and 12.3 for APDUs over it)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smartcard.apdu import MAX_LE, ApduFormatError, ResponseAPDU
from smartcard.atr import ATR, DEFAULT_IFSC
from smartcard.errors import (
    CardMute,
    EdcError,
    ExchangeAborted,
    FramingError,
    LineError,
    ParityFailure,
    ProtocolError,
    ProtocolTimeout,
    SmartCardError,
)
from smartcard.machine import Drain, Machine, Read, Write
from smartcard.t1_block import HEADER, MAX_INF, Block, RCode, SKind
from smartcard.timing import BLOCK_GUARD_ETU, Rate, block_waiting_etu, character_waiting_etu

IFSD = MAX_INF
TRIES = 3
"""A block is sent, and a block is asked for, this often; then the two resynchronize, as often (11.6.3.2)."""
MIN_COMMAND = 4


@dataclass(frozen=True)
class _Bad:
    """No good block came: what to tell the card about it, and what to tell the caller in the end."""

    code: RCode
    why: SmartCardError


class _Lost(Exception):
    """The two do not understand each other any more."""

    def __init__(self, why: SmartCardError, *, answered: bool) -> None:
        super().__init__(why.message)
        self.why = why
        self.answered = answered


class T1:
    """One card that speaks T=1 at ``rate``; keeps the sequence numbers from command to command."""

    def __init__(self, atr: ATR, rate: Rate) -> None:
        self._crc = atr.crc
        self._first_ifsc = atr.ifsc if 1 <= atr.ifsc <= MAX_INF else DEFAULT_IFSC
        self._bwt = block_waiting_etu(atr, rate)
        self._cwt = character_waiting_etu(atr)
        self._begin()

    def _begin(self) -> None:
        """As after a reset or RESYNCH (11.6.3.1)."""
        self._ifsc = self._first_ifsc
        self._ours = self._theirs = 0
        self._last: Block | None = None

    def negotiate(self) -> Machine[None]:
        """Tell the card to send blocks of up to 254 bytes: the first exchange on a new line, and a test of it.

        A card that answers and does not know the request goes on with 32. CardMute, ProtocolTimeout, EdcError …
        """
        try:
            yield from self._request(SKind.IFS, bytes((IFSD,)))
        except _Lost as lost:
            if not lost.answered:
                raise lost.why from lost

    def transmit(self, command: bytes) -> Machine[tuple[bytes, int]]:
        """One command APDU; its data and status word.

        After RESYNCH the command is sent again from its start: the card forgot what it had of it, or has done it
        and lost the answer. CardMute, ProtocolTimeout, EdcError, LineError, ExchangeAborted, ApduFormatError.
        """
        if not MIN_COMMAND <= len(command) <= MAX_LE:
            raise ApduFormatError(f"a command has {MIN_COMMAND} to {MAX_LE} bytes, here are {len(command)}")
        attempts = 0
        while True:
            try:
                answer = ResponseAPDU.decode((yield from self._exchange(command)))
            except _Lost as lost:
                attempts += 1
                if attempts > TRIES:
                    raise lost.why from lost
            else:
                return answer.data, answer.sw
            yield from self._resynchronize()

    def _resynchronize(self) -> Machine[None]:
        yield Drain(BLOCK_GUARD_ETU)
        try:
            yield from self._request(SKind.RESYNCH)
        except _Lost as lost:
            raise lost.why from lost
        self._begin()

    def _exchange(self, command: bytes) -> Machine[bytes]:
        """The command in a chain of I-blocks, and the chain that answers it (11.6.2.3)."""
        sent = 0
        while True:
            piece = command[sent : sent + self._ifsc]
            sent += len(piece)
            more = sent < len(command)
            block = Block.information(self._ours, piece, more=more)
            reply = yield from self._deliver(block, self._acknowledges if more else self._continues)
            self._ours ^= 1
            if not more:
                break
        answer = bytearray()
        while True:
            self._theirs ^= 1
            self._last = reply
            answer += reply.inf
            if len(answer) > MAX_LE + 2:
                raise ProtocolError(f"the card's answer does not end within {MAX_LE} bytes")
            if not reply.more:
                return bytes(answer)
            reply = yield from self._deliver(Block.receive_ready(self._theirs), self._continues)

    def _acknowledges(self, reply: Block) -> bool:
        return reply.is_ready and reply.sequence != self._ours

    def _continues(self, reply: Block) -> bool:
        return reply.is_information and reply.sequence == self._theirs

    def _request(self, kind: SKind, inf: bytes = b"") -> Machine[None]:
        response = Block.supervisory(kind, inf, response=True)
        yield from self._deliver(Block.supervisory(kind, inf, response=False), lambda reply: reply == response)

    def _deliver(self, block: Block, accepts: Callable[[Block], bool]) -> Machine[Block]:
        """Send ``block`` until a reply comes that ``accepts`` takes (rules 2 to 7 of 11.6.3.2); _Lost after three
        failures. What the card asks for in between is done."""
        outgoing: Block | None = block
        wait, failures, answered = self._bwt, 0, False
        while True:
            reply = yield from self._converse(outgoing, wait)
            wait = self._bwt
            if isinstance(reply, Block):
                answered = True
                if accepts(reply):
                    return reply
                if reply.request is not None:
                    outgoing, wait = yield from self._oblige(reply)
                    continue
                failure = _Bad(RCode.OTHER, FramingError(f"the card answered a block out of order ({reply.pcb:02X})"))
            else:
                failure = reply
            failures += 1
            if failures >= TRIES:
                raise _Lost(failure.why, answered=answered)
            if isinstance(reply, Block) and block.is_information and reply == self._last:
                outgoing = None  # the block before once more: what answers this one is still to come
            else:
                outgoing = self._repair(block, reply, failure.code)

    def _repair(self, block: Block, reply: Block | _Bad, code: RCode) -> Block:
        """What to send after a failure: our block again where the card asks for it or it is an S-request, else a
        block that asks for the card's."""
        asked = isinstance(reply, Block) and reply.is_ready
        if block.pcb & 0xC0 == 0xC0 or (asked and block.is_ready):
            return block
        if asked and isinstance(reply, Block) and reply.sequence == self._ours:
            return block
        return Block.receive_ready(self._theirs, code)

    def _oblige(self, request: Block) -> Machine[tuple[Block, float]]:
        """The response to the card's S-request, and how long the card may take after it (11.6.2.3, 11.6.3.2)."""
        kind = request.request
        if kind is SKind.WTX:
            return Block(request.pcb | 0x20, request.inf), self._bwt * max(1, request.inf[0])
        if kind is SKind.IFS and 1 <= request.inf[0] <= MAX_INF:
            self._ifsc = request.inf[0]
            return Block(request.pcb | 0x20, request.inf), self._bwt
        if kind is SKind.ABORT:
            yield Write(Block(request.pcb | 0x20).encode(crc=self._crc), BLOCK_GUARD_ETU)
            raise ExchangeAborted("the card aborted the exchange")
        raise FramingError(f"a card may not ask for {request.pcb:02X} {request.inf.hex().upper()}")

    def _converse(self, outgoing: Block | None, wait: float) -> Machine[Block | _Bad]:
        """Send a block (None: nothing) and receive one, within ``wait`` etu. A bad one is let come to its end."""
        try:
            if outgoing is not None:
                yield Write(outgoing.encode(crc=self._crc), BLOCK_GUARD_ETU)
            raw = yield Read(HEADER, wait, self._cwt)
            if not raw:
                return _Bad(RCode.OTHER, CardMute("the card did not answer"))
            if len(raw) == HEADER and raw[2] <= MAX_INF:
                left = raw[2] + (2 if self._crc else 1)
                rest = yield Read(left, self._cwt, self._cwt)
                if len(rest) == left:
                    return Block.decode(raw + rest, crc=self._crc)
            bad = _Bad(RCode.OTHER, ProtocolTimeout("the card stopped in the middle of a block"))
        except ParityFailure as error:
            bad = _Bad(RCode.EDC, error)
        except EdcError as error:
            bad = _Bad(RCode.EDC, error)
        except LineError as error:
            bad = _Bad(RCode.OTHER, error)
        yield Drain(BLOCK_GUARD_ETU)
        return bad
