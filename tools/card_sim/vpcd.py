"""The face of a simulated card towards a virtual reader: vsmartcard's vpcd in a real pcscd, or ``VpcdReader``.

The card connects to the reader; the line is the contact: made is put in, closed is pulled out.
"""

from __future__ import annotations

import contextlib
import socket
import threading

from tools.card_sim.address import Address
from tools.card_sim.core import CardPulled, SimulatedCard
from tools.card_sim.frames import Control, receive, send

RETRY = 0.05
"""Seconds between two looks for a reader that is not there: a card stays in the slot while the box restarts."""
CONNECT_LIMIT = 2.0


class VpcdFace:
    """``start`` puts the card in, ``stop`` pulls it out. One card, one reader, one thread."""

    def __init__(self, card: SimulatedCard, address: str, *, retry: float = RETRY) -> None:
        """``address``: ``HOST:PORT`` or ``unix:PATH``; ValueError where it is neither."""
        self.card = card
        self.address = Address.parse(address)
        self._retry = retry
        self._pulled = threading.Event()
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Put the card in; returns at once, whether the reader is there or not. A card that is in stays in."""
        if self._thread is not None:
            return
        self._pulled.clear()
        self._thread = threading.Thread(target=self._run, name=f"card at {self.address}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Pull the card out, in the middle of whatever it is doing; the reader's line is closed when this returns."""
        if self._thread is None:
            return
        self._pulled.set()
        with self._lock:
            if self._line is not None:
                with contextlib.suppress(OSError):
                    self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._thread = None

    def _run(self) -> None:
        while not self._pulled.is_set():
            line = self._connect()
            if line is None:
                self._pulled.wait(self._retry)
                continue
            try:
                with line:
                    if self._take(line):
                        self._serve(line)
            except CardPulled as gone:
                if gone.other is None:
                    return  # out for good, though nobody called ``stop`` yet
                self.card = gone.other
            finally:
                with self._lock:
                    self._line = None

    def _connect(self) -> socket.socket | None:
        line = socket.socket(self.address.family, socket.SOCK_STREAM)
        line.settimeout(CONNECT_LIMIT)
        try:
            line.connect(self.address.target)
        except OSError:
            line.close()
            return None
        line.settimeout(None)
        return line

    def _take(self, line: socket.socket) -> bool:
        """Make ``line`` the one that ``stop`` cuts; False where ``stop`` came first."""
        with self._lock:
            if self._pulled.is_set():
                return False
            self._line = line
            return True

    def _serve(self, line: socket.socket) -> None:
        """Answer the reader until the line is gone: the reader went away, or ``stop`` pulled the card."""
        with contextlib.suppress(OSError):
            while True:
                message = receive(line)
                if len(message) != 1:
                    send(line, self.card.process(message))
                elif message[0] == Control.ON:
                    self.card.power_on()
                elif message[0] == Control.RESET:
                    self.card.reset()
                elif message[0] == Control.ATR:
                    send(line, self.card.atr)
