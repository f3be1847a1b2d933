"""The face of a simulated card towards this very process: a ``CardReader`` with the card in it, and no wire between."""

from __future__ import annotations

import threading

from smartcard.apdu import ResponseAPDU
from smartcard.atr import ATR
from smartcard.connection import CardConnection
from smartcard.errors import CardAbsent, CardMute, CardRemoved, ReaderBusy, ReaderGone
from smartcard.presence import Presence
from smartcard.reader import CardReader, ReaderState
from tools.card_sim.core import CardPulled, SimulatedCard


class InProcessReader(CardReader):
    """One slot; the card given is in it from the start."""

    def __init__(self, card: SimulatedCard | None = None, name: str = "simulated reader") -> None:
        self.name = name
        self._presence = Presence()
        self._lock = threading.RLock()
        self._card: SimulatedCard | None = None
        self._connection: InProcessConnection | None = None
        if card is not None:
            self.insert(card)

    def insert(self, card: SimulatedCard) -> None:
        """Put ``card`` in; one that is in already is pulled out by that."""
        with self._lock:
            self._card, self._connection = card, None
            self._presence.inserted()

    def remove(self) -> None:
        """Pull the card out."""
        with self._lock:
            self._card = self._connection = None
            self._presence.removed()

    def state(self) -> ReaderState:
        return self._presence.state()

    def wait_for_change(self, generation: int, timeout: float) -> ReaderState:
        return self._presence.wait(generation, timeout)

    def connect(self) -> InProcessConnection:
        with self._lock:
            state = self.state()
            if self._card is None:
                raise CardAbsent("no card in the slot")
            if self._connection is not None:
                raise ReaderBusy("another connection to this card is open")
            raw = self._card.power_on()
            if not raw:
                raise CardMute("no answer to reset")
            self._connection = InProcessConnection(self, ATR.parse(raw), state.generation)
            return self._connection

    def close(self) -> None:
        with self._lock:
            self.remove()
            self._presence.fail(lambda: ReaderGone("the reader was closed"))

    def ask(self, connection: InProcessConnection, command: bytes | None) -> bytes:
        """The card's answer to ``command``, or to a reset, where ``connection`` is that of the card that is in."""
        with self._lock:
            generation = self.state().generation
            if self._card is None or generation != connection.generation:
                raise CardRemoved("the card was pulled out")
            if self._connection is not connection:
                raise ReaderGone("this connection was closed")
            try:
                answer = self._card.reset() if command is None else self._card.process(command)
            except CardPulled as pulled:
                self.remove()
                if pulled.other is not None:
                    self.insert(pulled.other)
                raise CardRemoved("the card was pulled out") from None
        if not answer:
            raise CardMute("the card did not answer")
        return answer

    def let_go(self, connection: InProcessConnection) -> None:
        """``connection`` needs the card no more."""
        with self._lock:
            if self._connection is connection:
                self._connection = None


class InProcessConnection(CardConnection):
    """One powered card."""

    def __init__(self, reader: InProcessReader, atr: ATR, generation: int) -> None:
        self.atr = atr
        self.protocol = atr.protocols[0] if atr.specific_mode is None else atr.specific_mode
        self.generation = generation
        self._reader = reader

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        answer = ResponseAPDU.decode(self._reader.ask(self, command))
        return answer.data, answer.sw

    def reset(self) -> None:
        self._reader.ask(self, None)

    def close(self) -> None:
        self._reader.let_go(self)
