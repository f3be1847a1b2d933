"""A Phoenix or Smartmouse reader on a serial port, as a ``CardReader``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from smartcard.errors import CardAbsent, CardMute, CardRemoved, ReaderBusy, ReaderUnavailable, SmartCardError
from smartcard.presence import Presence
from smartcard.reader import CardReader, ReaderState
from smartcard.serial.activation import Activated, activate
from smartcard.serial.connection import SerialConnection
from smartcard.serial.monitor import SlotMonitor
from smartcard.serial.port import Port, SerialPort
from smartcard.timing import CLOCKS, Rate

COMMAND_LIMIT = 20.0
"""Seconds that one command may take, however often the card asks for more time."""
FIRST_LOOK = 10.0
"""Seconds that a caller waits for the first look at the slot: an RFC 2217 server may take 3 s to be opened."""


@dataclass(frozen=True)
class SerialOptions:
    """What a person tells about a serial reader; the defaults fit an ordinary Phoenix reader."""

    clock: int = CLOCKS["3.57"]
    """Of the card, in Hz."""
    echo: bool | None = None
    """Does the reader send back what it is sent? None: find out."""
    inverted_reset: bool = False
    """RTS cleared, not asserted, is reset."""


class SerialReader(CardReader):
    """The reader at ``url``, a device or any URL of pyserial."""

    def __init__(
        self,
        url: str,
        options: SerialOptions | None = None,
        *,
        open_port: Callable[[], Port] | None = None,
        command_limit: float = COMMAND_LIMIT,
    ) -> None:
        """Starts to look for the port and returns: a port that is not there is an error of the methods."""
        options = options or SerialOptions()
        self.name = f"serial:{url}"
        self._card_clock = options.clock
        self._command_limit = command_limit
        self._presence = Presence()
        self._refused: set[Rate] = set()
        self._lock = threading.Lock()
        self._connecting = threading.Lock()
        self._closed = False
        self._connection: SerialConnection | None = None
        self._worked = 0
        """Generation of the last card that answered a command."""
        self._monitor = SlotMonitor(
            self.name,
            self._presence,
            open_port or (lambda: SerialPort(url, inverted_reset=options.inverted_reset)),
            card_clock=options.clock,
            echo=options.echo,
            is_connected=lambda: self._connection is not None,
        )

    def state(self) -> ReaderState:
        self._first_look()
        return self._presence.state()

    def wait_for_change(self, generation: int, timeout: float) -> ReaderState:
        self._first_look()
        return self._presence.wait(generation, timeout)

    def connect(self) -> SerialConnection:
        self._first_look()
        with self._connecting:
            generation = 0
            try:
                with self._monitor.exchange() as line:
                    generation = self._ready()
                    activated = activate(line, self._card_clock, self._refused)
            except CardMute as error:
                if not self._monitor.is_silence_absence():
                    raise
                self._presence.removed(generation)
                raise CardAbsent("no card in the slot") from error
            self._connection = SerialConnection(self, activated, generation)
            return self._connection

    def _ready(self) -> int:
        """The generation of a card that nobody is connected to."""
        state, current = self._presence.state(), self._connection
        if current is not None and current.generation == state.generation:
            raise ReaderBusy("another connection to this card is open")
        if not state.present:
            raise CardAbsent("no card in the slot")
        return state.generation

    def close(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._monitor.close()

    def exchange(self, connection: SerialConnection, command: bytes) -> tuple[bytes, int]:
        """One command to the card of ``connection``; raises what ``CardConnection.transmit`` may."""
        with self._monitor.exchange() as line:
            self._is_in(connection)
            answer = line.run(connection.speaker.transmit(command), self._command_limit)
            self._worked = connection.generation
            return answer

    def restart(self, connection: SerialConnection) -> Activated:
        """Reset the card of ``connection``; CardRemoved where another one answers."""
        with self._monitor.exchange() as line:
            self._is_in(connection)
            activated = activate(line, self._card_clock, self._refused)
        if activated.atr.raw != connection.atr.raw:
            raise CardRemoved("another card is in the slot")
        return activated

    def release(self, connection: SerialConnection, why: SmartCardError | None) -> None:
        """``connection`` is over: closed, or failed by ``why``.

        Where no line tells of cards, one that worked and failed may be another one by now, and counts as such.
        """
        if self._connection is connection:
            self._connection = None
        silent = self._monitor.is_silence_absence() and self._worked == connection.generation
        if why is not None and (silent or isinstance(why, CardRemoved)):
            self._monitor.doubt(connection.generation)

    def _is_in(self, connection: SerialConnection) -> None:
        if self._presence.state().generation != connection.generation:
            raise CardRemoved("the card was pulled out")

    def _first_look(self) -> None:
        if not self._monitor.looked.wait(FIRST_LOOK):
            raise ReaderUnavailable(f"{self.name} does not answer")
