"""The port to the application of a conditional-access card."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from smartcard.applications.answer import sized
from smartcard.errors import ApduError
from smartcard.status_word import StatusWord

if TYPE_CHECKING:
    from smartcard.atr import ATR
    from smartcard.connection import CardConnection


@dataclass(frozen=True)
class CaCard:
    """What a conditional-access card told of itself."""

    serial: str
    """Its number: as text where the card has it in ASCII, else in upper-case hex."""
    details: tuple[tuple[str, str], ...] = ()
    """What else it told, by name, in the order it was read: caid, country, providers, …"""


class CaApplication(ABC):
    """One application on one connection. It takes the connection bare: what 61LL, 90LL or 98LL means is its own."""

    kind: ClassVar[str]
    """Stable, for programs and the registry of cards."""
    protocols: ClassVar[frozenset[int]]
    """T of the transmission protocols that its cards speak."""

    def __init__(self, connection: CardConnection) -> None:
        self._connection = connection

    @classmethod
    @abstractmethod
    def recognizes(cls, atr: ATR) -> bool:
        """The answer to reset is one of this application's cards; a card may have it under another one as well."""

    @abstractmethod
    def read(self) -> CaCard:
        """Ask the card. ApduError and AnswerError where it is no such card; the connection's errors as they are."""

    def _ask(self, command: bytes) -> bytes:
        """The data of an answer with 9000; ApduError with any other word."""
        data, sw = self._connection.transmit(command)
        if sw != StatusWord.SUCCESS:
            raise ApduError(sw, data)
        return data

    def _announced(self, command: bytes, sw1: int) -> int:
        """LL of the status word ``sw1``LL: how many bytes the card has ready, 1 to 255; ApduError for any other."""
        data, sw = self._connection.transmit(command)
        if sw >> 8 != sw1 or not sw & 0xFF:
            raise ApduError(sw, data)
        return sw & 0xFF

    def _fetch(self, header: bytes, count: int) -> bytes:
        """The ``count`` bytes that a card has ready, by ``header`` (CLA INS P1 P2)."""
        return sized(self._ask(header + bytes((count,))), count, "what the card has ready")
