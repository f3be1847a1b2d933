"""A card behind a pseudo-terminal: right in its bytes, no line at all.

A pty has no reset line, so every open of it is a reset, and the answer follows; no parity and no rate either, so
characters take no time.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import termios
import time
import tty

from tools.card_sim.core import SimulatedCard
from tools.card_sim.faults import Faults
from tools.card_sim.line.card import CLOCK
from tools.card_sim.line.contact import Contact
from tools.card_sim.loop import Loop
from tools.card_sim.opens import Opens

SETTLED = 0.03
"""Seconds from a client's open, or its flush behind that, to the reset: a client flushes its input when it opens."""
DATA, FLUSHED = 0x00, 0x01
"""First byte of what a master in packet mode reads: data follow, or the client flushed its input (tty_ioctl(4))."""
PIECE = 4096


class PtyFace:
    """``start`` puts the card in, ``stop`` takes the terminal away. ``path`` is what a client opens."""

    def __init__(
        self,
        card: SimulatedCard | None,
        *,
        faults: Faults | None = None,
        hz: int = CLOCK,
        echo: bool = True,
        settled: float = SETTLED,
    ) -> None:
        """As for ``Rfc2217Face``; ``hz`` only says how long waiting times are."""
        self._master, self._slave = pty.openpty()
        self.path = os.ttyname(self._slave)
        tty.setraw(self._slave)
        fcntl.ioctl(self._master, termios.TIOCPKT, b"\1\0\0\0")
        os.set_blocking(self._master, False)
        self._opens = Opens(self.path)
        self.contact = Contact(faults or Faults(), hz=hz, echo=echo, paced=False)
        self.contact.hold()
        if card is not None:
            self.contact.insert(card)
        self._settled = settled
        self._reset_at: float | None = None
        self._users = 0
        self._loop = Loop(self.path, self._step)

    def start(self) -> None:
        self._loop.start()

    def insert(self, card: SimulatedCard) -> None:
        """Returns when the card is in; it answers at once where a client is there."""
        self._loop.post(lambda: self.contact.insert(card))

    def remove(self) -> None:
        """Returns when the card is out: nothing answers any more."""
        self._loop.post(self.contact.remove)

    def stop(self) -> None:
        """The reader is unplugged."""
        self._loop.stop()
        self._opens.close()
        os.close(self._slave)
        os.close(self._master)

    def _step(self) -> None:
        times = [each for each in (self._reset_at, self.contact.due()) if each is not None]
        ready = self._loop.wait((self._opens.fileno(), self._master), min(times, default=None))
        if self._opens.fileno() in ready:
            self._watch()
        if self._master in ready:
            self._take()
        if self._reset_at is not None and time.monotonic() >= self._reset_at:
            self._reset_at = None
            self.contact.release()
        self._give(self.contact.advance().data)

    def _watch(self) -> None:
        for opened in self._opens.read():
            self._users = self._users + 1 if opened else max(0, self._users - 1)
            if opened:
                self.contact.hold()
                self.contact.purge()
                self._forget()
                self._reset_at = time.monotonic() + self._settled
            elif not self._users:
                self.contact.hold()
                self._reset_at = None

    def _forget(self) -> None:
        """Whatever an earlier client left, on either side."""
        with contextlib.suppress(BlockingIOError):
            while True:
                os.read(self._master, PIECE)
        termios.tcflush(self._slave, termios.TCIFLUSH)

    def _take(self) -> None:
        try:
            piece = os.read(self._master, PIECE)
        except BlockingIOError:
            return
        if piece[0] == DATA:
            self.contact.transmit(piece[1:])
        elif piece[0] & FLUSHED and self._reset_at is not None:
            self._reset_at = time.monotonic() + self._settled

    def _give(self, received: bytes) -> None:
        """A client that reads nothing loses what a port with a full buffer loses."""
        with contextlib.suppress(BlockingIOError):
            if received:
                os.write(self._master, received)
