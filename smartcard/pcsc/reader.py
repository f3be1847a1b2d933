"""A PC/SC reader as a ``CardReader``."""

from __future__ import annotations

import threading

from smartcard.errors import CardAbsent, CardRemoved, ReaderBusy, ReaderGone, ReaderUnavailable
from smartcard.pcsc.connection import Limits, PcscConnection
from smartcard.pcsc.monitor import SlotMonitor
from smartcard.presence import Presence
from smartcard.reader import CardReader, ReaderState

FIRST_LOOK = 5.0
"""Seconds that a caller waits for the first look at the slot; later looks never make anybody wait."""


class PcscReader(CardReader):
    """The first reader whose name begins with ``name``, else the first that contains it; "" is the first of all."""

    def __init__(self, name: str, *, limits: Limits | None = None) -> None:
        """Starts the worker and returns; no reader, no service, no library are errors of the methods."""
        self.name = name or "PC/SC"
        self._limits = limits or Limits()
        self._presence = Presence()
        self._lock = threading.Lock()
        self._connection: PcscConnection | None = None
        self._doubted = False
        self._monitor = SlotMonitor(name, self._presence, self._limits)

    def state(self) -> ReaderState:
        self._first_look()
        return self._presence.state()

    def wait_for_change(self, generation: int, timeout: float) -> ReaderState:
        self._first_look()
        return self._presence.wait(generation, timeout)

    def connect(self) -> PcscConnection:
        with self._lock:
            before = self.state()
            if self._connection is not None and self._connection.is_open:
                if self._connection.generation == before.generation:
                    raise ReaderBusy("another connection to this card is open")
                self._connection.close()
            if not before.present:
                raise CardAbsent("no card in the slot")
            connection = PcscConnection(
                self._monitor.worker.card,
                self._presence,
                self._limits,
                self._doubt,
                reader=self._monitor.reader,
                generation=before.generation,
                reset=self._doubted,
            )
            if self._presence.state().generation != before.generation:
                connection.close()
                raise CardRemoved("the card was pulled out")
            self._connection, self._doubted = connection, False
            return connection

    def close(self) -> None:
        self._monitor.close()

    @property
    def worker_pid(self) -> int | None:
        """For a look from outside; None while no worker runs."""
        try:
            return self._monitor.worker.pid
        except ReaderGone:
            return None

    def _doubt(self, generation: int) -> None:
        self._doubted = True  # pcscd may still have the ATR of the card before: the next connection resets
        self._monitor.doubt(generation)

    def _first_look(self) -> None:
        if not self._monitor.looked.wait(FIRST_LOOK):
            raise ReaderUnavailable("the PC/SC service does not answer")
        self.name = self._monitor.name
