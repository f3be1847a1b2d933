"""One card behind a serial port."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Protocol

from smartcard.apdu import ApduFormatError
from smartcard.connection import CardConnection
from smartcard.errors import ReaderGone, SmartCardError

if TYPE_CHECKING:
    from smartcard.serial.activation import Activated


class Slot(Protocol):
    """What a connection needs of its reader."""

    @abstractmethod
    def exchange(self, connection: SerialConnection, command: bytes) -> tuple[bytes, int]:
        """One command to the card of this connection; raises what ``CardConnection.transmit`` may."""

    @abstractmethod
    def restart(self, connection: SerialConnection) -> Activated:
        """Reset the card of this connection; CardRemoved where another one answers."""

    @abstractmethod
    def release(self, connection: SerialConnection, why: SmartCardError | None) -> None:
        """This connection is over, by the error ``why`` or because it was closed."""


class SerialConnection(CardConnection):
    """Dead for good after the first error: nobody knows what the card has heard by then, nor whether it is the same."""

    def __init__(self, slot: Slot, activated: Activated, generation: int) -> None:
        self.generation = generation
        self._slot = slot
        self._dead: SmartCardError | None = None
        self._take(activated)

    def _take(self, activated: Activated) -> None:
        self.atr = activated.atr
        self.protocol = activated.protocol
        self.rate = activated.rate
        self.speaker = activated.speaker

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        self._check()
        try:
            return self._slot.exchange(self, command)
        except ApduFormatError:
            raise  # nothing was sent
        except SmartCardError as error:
            self._die(error)
            raise

    def reset(self) -> None:
        self._check()
        try:
            self._take(self._slot.restart(self))
        except SmartCardError as error:
            self._die(error)
            raise

    def close(self) -> None:
        if self._dead is None:
            self._dead = ReaderGone("this connection was closed")
            self._slot.release(self, None)

    def _check(self) -> None:
        if self._dead is not None:
            raise self._dead

    def _die(self, why: SmartCardError) -> None:
        self._dead = why
        self._slot.release(self, why)
