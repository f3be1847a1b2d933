"""T=1, the card's side (ISO/IEC 7816-3:2006 clause 11)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from tools.card_sim.core import SimulatedCard
from tools.card_sim.faults import Faults
from tools.card_sim.line.blocks import (
    EDC_ERROR,
    MAX_INF,
    MORE,
    OTHER_ERROR,
    RESPONSE,
    Block,
    Supervisory,
    check,
)
from tools.card_sim.line.steps import BLOCK_GUARD, CHARACTER, Heard, Machine, Say, Take

DEFAULT_IFSD = 32
MAX_COMMAND = 66_000
NOISE = 4096
WTX_MULTIPLIER = 2
WTX_USED = 1.25
"""In BWT: more than the ordinary time, less than what was granted."""


@dataclass(frozen=True)
class T1Parameters:
    """Of the ATR and the rate in force; times in etu."""

    ifsc: int
    crc: bool
    character_waiting: float
    block_waiting: float
    gap: float = CHARACTER


class T1Card:
    """The card answers every block with one block, and never speaks first."""

    def __init__(self, card: SimulatedCard, faults: Faults, parameters: T1Parameters) -> None:
        self._card = card
        self._faults = faults
        self._parameters = parameters
        self._nad = 0
        self._last: Block | None = None
        self._unread: Block | None = None
        self._lost = False
        self._forget()

    def run(self) -> Machine:
        while True:
            block, self._unread = self._unread, None
            yield from self._answer(block if block is not None else (yield from self._receive()))

    def _forget(self) -> None:
        """As after the ATR, and after RESYNCH (11.6.2.3)."""
        self._sending = 0
        self._expected = 0
        self._ifsd = DEFAULT_IFSD
        self._command = bytearray()
        self._rest = b""

    def _receive(self) -> Generator[Say | Take, Heard, Block | int]:
        """The next block, or what is wrong with it: EDC_ERROR, OTHER_ERROR."""
        between = self._parameters.character_waiting
        nad: Heard = yield Take(1)
        head: Heard = yield Take(2, within=between)
        if len(head.data) < 2:
            return OTHER_ERROR
        count = head.data[1]
        if count > MAX_INF:
            yield Take(NOISE, within=between)
            return OTHER_ERROR
        edc = 2 if self._parameters.crc else 1
        tail: Heard = yield Take(count + edc, within=between)
        if len(tail.data) < count + edc:
            return OTHER_ERROR
        body = nad.data + head.data + tail.data[:count]
        if nad.garbled or head.garbled or tail.garbled or check(body, crc=edc == 2) != tail.data[count:]:
            return EDC_ERROR
        self._nad = (nad.data[0] & 0x07) << 4 | nad.data[0] >> 4 & 0x07
        return Block(nad.data[0], head.data[0], tail.data[:count])

    def _answer(self, block: Block | int) -> Machine:
        if isinstance(block, int):
            yield from self._ready(block)
        elif self._lost and block.pcb != Supervisory.RESYNCH:
            yield from self._ready(OTHER_ERROR)
        elif block.pcb & 0xC0 == 0xC0:
            yield from self._supervise(block)
        elif block.is_ready:
            yield from self._go_on(block)
        else:
            yield from self._take(block)

    def _take(self, block: Block) -> Machine:
        """An I-block (11.6.2.1): the next link of a command, or the end of one."""
        if block.number != self._expected or block.pcb & 0x1F or len(block.inf) > self._parameters.ifsc:
            yield from self._ready(OTHER_ERROR)
            return
        if self._faults.strikes("resynch"):
            self._lost = True
            yield from self._ready(OTHER_ERROR)
            return
        self._expected ^= 1
        self._command += block.inf
        if len(self._command) > MAX_COMMAND:
            yield from self._abort()
        elif block.pcb & MORE:
            yield from self._ready(0)
        else:
            command, self._command = bytes(self._command), bytearray()
            self._rest = self._card.process(command)
            if not self._rest:
                return
            yield from self._first()

    def _first(self) -> Machine:
        """The first block of an answer, with what may come before it."""
        linger = 0.0
        while self._faults.strikes("wtx"):
            granted = yield from self._request(Supervisory.WTX, bytes((WTX_MULTIPLIER,)), linger)
            if not granted:
                return
            linger = WTX_USED * self._parameters.block_waiting
        if self._faults.strikes("abort"):
            yield from self._abort()
            return
        if self._last is not None and self._last.is_information and self._faults.strikes("duplicate-block"):
            yield Say(self._last.encode(crc=self._parameters.crc), BLOCK_GUARD, self._parameters.gap)
        if self._faults.strikes("slow"):
            linger = 0.75 * self._parameters.block_waiting
        yield from self._link(linger)

    def _link(self, linger: float = 0) -> Machine:
        """The next I-block of the answer (11.6.2.1, chaining 11.6.3)."""
        portion, self._rest = self._rest[: self._ifsd], self._rest[self._ifsd :]
        pcb = self._sending << 6 | (MORE if self._rest else 0)
        self._sending ^= 1
        yield from self._send(Block(self._nad, pcb, portion), linger)

    def _go_on(self, block: Block) -> Machine:
        """An R-block (rules 2.2, 5, 7.2 of 11.6.3.2): the next link, or once more what was said last."""
        chaining = bool(self._rest) and self._last is not None and self._last.is_information
        if chaining and block.number == self._sending:
            yield from self._link()
        elif self._last is not None:
            yield from self._send(self._last)
        else:
            yield from self._ready(OTHER_ERROR)

    def _supervise(self, block: Block) -> Machine:
        """An S-block that asks (11.6.2.3); a response here answers nothing, and WTX is the card's alone."""
        if block.pcb == Supervisory.RESYNCH and not block.inf:
            self._forget()
            self._lost = self._faults.strikes("resynch")
        elif block.pcb == Supervisory.IFS and len(block.inf) == 1 and 1 <= block.inf[0] <= MAX_INF:
            self._ifsd = block.inf[0]
        elif block.pcb == Supervisory.ABORT and not block.inf:
            self._command.clear()
            self._rest = b""
        else:
            yield from self._ready(OTHER_ERROR)
            return
        yield from self._send(Block(self._nad, block.pcb | RESPONSE, block.inf))

    def _abort(self) -> Machine:
        """Rule 9: the card gives the chain up, and then the right to send back."""
        self._command.clear()
        self._rest = b""
        if (yield from self._request(Supervisory.ABORT, b"", 0)):
            yield from self._ready(0)

    def _request(self, kind: Supervisory, inf: bytes, linger: float) -> Generator[Say | Take, Heard, bool]:
        """Ask by an S-block until it is granted, three times at most; False where something else came of it."""
        asked = Block(self._nad, kind, inf)
        for _ in range(3):
            yield from self._send(asked, linger)
            reply = yield from self._receive()
            if isinstance(reply, Block):
                if (reply.pcb, reply.inf) == (kind | RESPONSE, inf):
                    return True
                if not reply.is_ready:
                    self._unread = reply
                    return False
        return False

    def _ready(self, error: int) -> Machine:
        """An R-block: 0 asks for the next link, else says what was wrong with the block that came."""
        yield from self._send(Block(self._nad, 0x80 | self._expected << 4 | error))

    def _send(self, block: Block, linger: float = 0) -> Machine:
        self._last = block
        raw = block.encode(crc=self._parameters.crc)
        damaged = None
        if block.is_information:
            if self._faults.strikes("lost-block"):
                return
            if self._faults.strikes("parity"):
                damaged = len(raw) - 1
            if damaged is not None or self._faults.strikes("wrong-lrc"):
                raw = raw[:-1] + bytes((raw[-1] ^ 0x01,))
        yield Say(raw, BLOCK_GUARD, self._parameters.gap, linger, damaged)
