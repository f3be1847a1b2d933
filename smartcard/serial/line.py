"""Carries out what a protocol machine asks for on a port, in seconds.

Echo: the readers' transmitter and receiver share the card's one I/O line, so they hear themselves. ``echo`` None says
that this is not known yet; the first thing written then shows it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TypeVar

from smartcard.atr import DIRECT, INVERSE, RAW_INVERSE
from smartcard.convention import turned
from smartcard.errors import CardRemoved, FramingError, ParityFailure, ProtocolTimeout
from smartcard.machine import Action, Machine, Read, Write
from smartcard.serial.port import EVEN, Port
from smartcard.timing import CHARACTER_ETU

LATENCY = 0.15
"""Seconds that every deadline is longer than the standard says: drivers, USB, the network, this process."""
QUIET = 0.02
"""Seconds of silence, at least, after which a line is silent."""
CHECK = 0.03
"""Seconds between two looks whether the card that is waited for is still there."""
PROBE = b"\x00"
DRAIN_LIMIT = 1.0
"""Seconds after which a line that does not fall silent is an error."""

_Result = TypeVar("_Result")


def is_answer_to_reset(came: bytes) -> bool:
    """What comes unasked from a card that has just been put in begins with a TS."""
    return came[:1] in (bytes((DIRECT,)), bytes((INVERSE,)), bytes((RAW_INVERSE,)))


class Line:
    """One port as one card's line; used from one thread at a time."""

    def __init__(
        self,
        port: Port,
        *,
        echo: bool | None,
        check: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``check`` is called every now and then while a card is waited for, and may raise: the card was pulled out."""
        self.port = port
        self.echo = echo
        self.parity = EVEN
        """What the port is set to while this card is spoken with."""
        self._check = check
        self._clock = clock
        self._sleep = sleep
        self.begin(etu=0.0)

    def begin(self, etu: float) -> None:
        """A new card, or the same one after a reset, at ``etu`` seconds: direct convention, no extra guard time."""
        self.etu = etu
        self.extra_guard: float = 0
        """Etu beyond 12 from one of our characters to the next (N of TC1)."""
        self.inverse = False
        self._is_first = True
        """Nothing was written yet in this exchange."""
        self._held = bytearray()
        self._unechoed = b""
        self._errors = self.port.parity_errors()
        self._came = self._sent = self._check_at = self._clock()

    def run(self, machine: Machine[_Result], limit: float) -> _Result:
        """The machine's result; ProtocolTimeout after ``limit`` seconds, else what the machine and the port raise."""
        end = self._clock() + limit
        self._is_first = True
        try:
            action: Action = next(machine)
            while True:
                try:
                    came = self._do(action, end)
                except (ParityFailure, FramingError) as error:
                    action = machine.throw(error)
                else:
                    action = machine.send(came)
        except StopIteration as done:
            result: _Result = done.value
            return result
        finally:
            machine.close()

    def _do(self, action: Action, end: float) -> bytes:
        if isinstance(action, Write):
            self._write(action, end)
            return b""
        if isinstance(action, Read):
            return self._read(action, end)
        self.drain(action.quiet_etu)
        return b""

    def _write(self, action: Write, end: float) -> None:
        if self.port.waiting():
            dropped = self.drain(action.guard_etu)  # it is our turn: what still comes belongs to nothing
            if self._is_first and is_answer_to_reset(dropped):
                raise CardRemoved("a card was put in")
        self._is_first = False
        self._held.clear()
        # a character is here 10 etu after its leading edge
        self._pause(self._came + max(0.0, action.guard_etu - 10) * self.etu)
        data = turned(action.data) if self.inverse else action.data
        self._errors = self.port.parity_errors()
        character = (CHARACTER_ETU + self.extra_guard) * self.etu
        began = self._clock()
        if self.extra_guard > 0:
            for index in range(len(data)):
                self._pause(began + index * character)
                self.port.write(data[index : index + 1])
        else:
            self.port.write(data)
        self._sent = max(self._clock(), began + len(data) * character)
        if self.echo:
            heard = self._collect(len(data), self._sent + LATENCY, LATENCY, end)
            self._sent = self._clock()
            if heard != data:
                raise FramingError("what was sent did not come back as it was sent")
        elif self.echo is None:
            self._unechoed = data

    def _read(self, action: Read, end: float) -> bytes:
        first = max(self._came, self._sent) + action.first_etu * self.etu + LATENCY
        follow = action.next_etu * self.etu + LATENCY
        if self._unechoed:
            self._learn_echo(first, follow, end)
        held = bytes(self._held[: action.count])
        del self._held[: action.count]
        if held:
            first = max(first, self._came + follow)
        came = held + self._collect(action.count - len(held), first, follow, end)
        errors, self._errors = self._errors, self.port.parity_errors()
        if self._errors != errors:
            raise ParityFailure("a character came with the wrong parity")
        return turned(came) if self.inverse else came

    def _learn_echo(self, first: float, follow: float, end: float) -> None:
        """Does what was written come back? Decided at the first byte that differs; an answer that is the same (PPS)
        is an echo where something follows it."""
        written = self._unechoed
        for index, byte in enumerate(written):
            came = self._collect(1, first if index == 0 else self._clock() + follow, follow, end)
            self._held += came
            if not came and index == 0:
                return
            if came != bytes((byte,)):
                self.echo, self._unechoed = False, b""
                return
        came = self._collect(1, max(first, self._clock() + follow), follow, end)
        self.echo, self._unechoed = bool(came), b""
        if came:
            self._held.clear()
        self._held += came

    def _collect(self, count: int, first: float, follow: float, end: float) -> bytes:
        """``count`` bytes, or those that came until ``first`` (a time), and each other ``follow`` seconds later."""
        came = bytearray()
        deadline = first
        while len(came) < count:
            piece = self.port.read(count - len(came))
            now = self._clock()
            if piece:
                came += piece
                self._came = now
                deadline = now + follow
            elif now >= deadline:
                break
            if now >= end:
                raise ProtocolTimeout("the card takes longer than any command may")
            if now >= self._check_at:
                self._check_at = now + CHECK
                self._check()
        return bytes(came)

    def settle(self, seconds: float) -> None:
        """Let ``seconds`` or a little more pass while the card is held in reset; what comes meanwhile is dropped.

        The card says nothing then, so what comes back of a byte written now is the reader's echo.
        """
        end = self._clock() + seconds
        with contextlib.suppress(FramingError):
            self.drain()
        if self.echo is None:
            self.port.write(PROBE)
            self.echo = self._collect(1, self._clock() + LATENCY, LATENCY, end + LATENCY * 2) == PROBE
        self._pause(end)

    def drain(self, quiet_etu: float = 0) -> bytes:
        """Drop what comes until the line is silent, and tell its first bytes; FramingError where it is not silent
        within a second."""
        quiet = max(quiet_etu * self.etu, QUIET)
        began = last = self._clock()
        self._held.clear()
        first = b""
        while self._clock() - last < quiet:
            if came := self.port.read(256):
                first = first or came
                last = self._came = self._clock()
            if self._clock() - began > DRAIN_LIMIT:
                raise FramingError("the line does not fall silent")
        return first

    def _pause(self, until: float) -> None:
        left = until - self._clock()
        if left > 0:
            self._sleep(left)
