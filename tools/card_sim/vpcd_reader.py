"""The reader's side of the vpcd wire, as a ``CardReader``: the slot of a simulated box.

It listens; a line made is a card put in, a line closed a card pulled out. One card at a time: a second one waits in
the line's queue and is in as soon as the first is out, so that a swap is always two changes and two connections.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable

from smartcard.apdu import ResponseAPDU
from smartcard.atr import ATR
from smartcard.connection import CardConnection
from smartcard.errors import (
    CardAbsent,
    CardMute,
    CardRemoved,
    ProtocolError,
    ReaderBusy,
    ReaderGone,
    SmartCardError,
)
from smartcard.presence import Presence
from smartcard.reader import CardReader, ReaderState
from tools.card_sim.address import Address
from tools.card_sim.frames import Control, receive, send
from tools.card_sim.listener import Listener

RESET_LIMIT = 1.0
"""Seconds for an answer to reset; a card begins it within 40,000 clocks (ISO 7816-3 6.2.2), 11 ms at 3.57 MHz."""
ANSWER_LIMIT = 10.0
SEND_LIMIT = 2
"""Whole seconds for a command to go out; a face that does not read is as good as pulled."""


class VpcdReader(CardReader):
    """Listens at ``address`` (``HOST:PORT``, port 0 allowed, or ``unix:PATH``, mode 0600) from the start."""

    def __init__(self, address: str, *, reset_limit: float = RESET_LIMIT, answer_limit: float = ANSWER_LIMIT) -> None:
        """Limits in seconds. ValueError for no address; ReaderBusy, ReaderUnavailable where it cannot listen."""
        self._listener = Listener(Address.parse(address))
        self.address = str(self._listener.address)
        self.name = f"virtual reader {self.address}"
        self._limits = (reset_limit, answer_limit)
        self._presence = Presence()
        self._lock = threading.Lock()
        self._card: _InsertedCard | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def state(self) -> ReaderState:
        return self._presence.state()

    def wait_for_change(self, generation: int, timeout: float) -> ReaderState:
        return self._presence.wait(generation, timeout)

    def connect(self) -> CardConnection:
        self._presence.state()
        with self._lock:
            card = self._card
        if card is None:
            raise CardAbsent("no card in the slot")
        reset_limit, answer_limit = self._limits
        return card.power_on(reset_limit, answer_limit)

    def close(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
            card = self._card
        self._presence.fail(_closed)
        self._listener.stop()
        if card is not None:
            card.die(_closed)
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        while (line := self._listener.accept()) is not None:
            with line:
                with self._lock:
                    if self._closed:
                        return
                    card = self._card = _InsertedCard(line, self._presence.inserted())
                card.listen()
                with self._lock:
                    self._card = None
                self._presence.removed()


class _InsertedCard:
    """One line, which is one insertion. The reader's thread listens; one worker at a time asks."""

    def __init__(self, line: socket.socket, generation: int) -> None:
        self.generation = generation
        self._line = line
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_LIMIT, 0))
        self._changed = threading.Condition()
        self._why: Callable[[], SmartCardError] | None = None
        self._waiting = False
        self._answer: bytes | None = None
        self._overdue = 0
        self.connection: VpcdConnection | None = None

    def listen(self) -> None:
        """Take the card's messages until it is pulled out; on return every call about it raises."""
        with contextlib.suppress(OSError):
            while True:
                message = receive(self._line)
                with self._changed:
                    if self._overdue:
                        self._overdue -= 1
                    elif self._waiting and self._answer is None:
                        self._answer = message
                        self._changed.notify_all()
        self.die(lambda: CardRemoved("the card was pulled out"))

    def die(self, why: Callable[[], SmartCardError]) -> None:
        """From now on every call raises ``why()``; the first reason stays."""
        with self._changed:
            self._why = self._why or why
            self._changed.notify_all()
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def power_on(self, reset_limit: float, answer_limit: float) -> VpcdConnection:
        with self._changed:
            if self.connection is not None:
                raise ReaderBusy("another connection to this card is open")
            self.tell(Control.ON)
            atr = self._answer_to_reset(reset_limit)
            self.connection = VpcdConnection(self, atr, reset_limit, answer_limit)
            return self.connection

    def reset(self, limit: float) -> None:
        self.tell(Control.RESET)
        self._answer_to_reset(limit)

    def _answer_to_reset(self, limit: float) -> ATR:
        raw = self.ask(bytes((Control.ATR,)), limit)
        if not raw:
            raise CardMute("no answer to reset")
        return ATR.parse(raw)

    def tell(self, control: Control) -> None:
        """A control message, which has no answer."""
        self._send(bytes((control,)))

    def ask(self, message: bytes, limit: float) -> bytes:
        """The card's answer to ``message``. One that comes after the limit is counted and never taken for the next."""
        with self._changed:
            self._check()
            self._waiting = True
            self._send(message)
            self._changed.wait_for(lambda: self._answer is not None or self._why is not None, limit)
            answer, self._answer, self._waiting = self._answer, None, False
            if answer is None:
                self._check()
                self._overdue += 1
                raise CardMute(f"no answer within {limit:g} s")
            return answer

    def _send(self, message: bytes) -> None:
        """A line that cannot be written is gone, and the next wait for an answer says so."""
        try:
            send(self._line, message)
        except OSError:
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _check(self) -> None:
        if self._why is not None:
            raise self._why()


class VpcdConnection(CardConnection):
    """One powered card on its line."""

    def __init__(self, card: _InsertedCard, atr: ATR, reset_limit: float, answer_limit: float) -> None:
        self.atr = atr
        self.protocol = atr.protocols[0] if atr.specific_mode is None else atr.specific_mode
        self.generation = card.generation
        self._card: _InsertedCard | None = card
        self._reset_limit = reset_limit
        self._answer_limit = answer_limit

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        if len(command) < 4:
            raise ProtocolError(f"a command has 4 bytes or more, here are {len(command)}")
        raw = self._open().ask(command, self._answer_limit)
        if not raw:
            raise CardMute("the card did not answer")
        answer = ResponseAPDU.decode(raw)
        return answer.data, answer.sw

    def reset(self) -> None:
        self._open().reset(self._reset_limit)

    def close(self) -> None:
        card, self._card = self._card, None
        if card is not None:
            card.tell(Control.OFF)
            card.connection = None

    def _open(self) -> _InsertedCard:
        if self._card is None:
            raise ReaderGone("this connection was closed")
        return self._card


def _closed() -> ReaderGone:
    return ReaderGone("the reader was closed")
