"""The port to one powered card (the part of the IFD that PC/SC part 5 calls the card connection)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from smartcard.status_word import StatusWord

if TYPE_CHECKING:
    from smartcard.atr import ATR


class CardConnection(ABC):
    """One insertion of one card, powered and reset. Blocking; used from one worker thread.

    A connection belongs to the insertion it was made for: after the card left, every call raises ``CardRemoved``
    (``CardReset`` where somebody reset it), and never speaks to what was put in afterwards.
    """

    atr: ATR
    """The answer to reset of the card of this insertion."""
    protocol: int
    """T of the transmission protocol in use: 0, 1, 14 (ISO 7816-3 8.2.3)."""
    generation: int
    """The reader's generation when the connection was made."""

    @abstractmethod
    def transmit(self, command: bytes) -> tuple[bytes, int]:
        """Send one command APDU as it is; its response data (0 to 65536 bytes) and its status word SW1-SW2.

        No status word is an error here. CardRemoved, CardReset, CardMute, ProtocolError, ReaderGone.
        """

    def exchange(self, commands: Sequence[bytes]) -> list[tuple[bytes, int]]:
        """Send whole interindustry commands, one after another, behind ``smartcard.processors.interindustry``.

        Ends with the first whose status word is not 9000: there are as many answers as commands that were sent. Where
        the card is behind another process, this is one message to it and back. Same errors as ``transmit``.
        """
        from smartcard.processors import interindustry

        whole = interindustry(self)
        answers = []
        for command in commands:
            answers.append(whole.transmit(command))
            if answers[-1][1] != StatusWord.SUCCESS:
                break
        return answers

    @abstractmethod
    def reset(self) -> None:
        """Warm reset (ISO 7816-3 6.2.3): nothing is selected or verified any more. Same errors as ``transmit``."""

    @abstractmethod
    def close(self) -> None:
        """Let the card go, powered off where nobody else uses it. Never raises; a second call does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
