"""The port to one reader with one slot: is a card in it, tell me when that changes, connect me to it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from smartcard.connection import CardConnection


@dataclass(frozen=True)
class ReaderState:
    """What is known of the slot at one moment."""

    present: bool
    """A card is in; it may still be mute."""
    generation: int
    """Grows by one with every insertion and removal seen; odd while a card is in. Two states of the same
    generation are the same card left alone, whatever happened to be looked at in between."""


class CardReader(ABC):
    """One slot. ``state``, ``wait_for_change`` and ``close`` may be called from any thread at any time."""

    name: str
    """What a person calls it."""

    @abstractmethod
    def state(self) -> ReaderState:
        """The slot now. ReaderGone and ReaderUnavailable while the reader is not there; it may come back."""

    @abstractmethod
    def wait_for_change(self, generation: int, timeout: float) -> ReaderState:
        """Wait at most ``timeout`` seconds until the generation is another one than ``generation``.

        At once where it already is. Answers the state then, changed or not. Works beside a connection that
        another thread is using. Raises what ``state`` raises, at once when the reader goes or is closed.
        """

    @abstractmethod
    def connect(self) -> CardConnection:
        """Power the card in the slot; what an earlier connection selected does not count any more.

        CardAbsent; CardMute where no answer to reset came; ATRError where it cannot be read; ReaderBusy where a
        connection to this card is open already, here or elsewhere; ReaderGone, ReaderUnavailable.
        """

    @abstractmethod
    def close(self) -> None:
        """Let the reader go: its connections are dead, a waiting ``wait_for_change`` raises ReaderGone."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
