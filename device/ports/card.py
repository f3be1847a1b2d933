"""The smart card as sign-in needs it: who it is, that it holds its key, and its proof for one challenge."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from device.api.errors import ApiError


class CardFailure(ApiError):
    """The card in the slot does not do what a card must: mute, unreadable, pulled out, another one than before."""

    code = "card_failed"


class ReaderFailure(ApiError):
    """The reader is gone, busy, or not allowed to us."""

    code = "reader_failed"


@dataclass(frozen=True)
class CardFacts:
    """A card that was read and that signed a local challenge in this insertion (a CA card: was read anew). ``owner``
    keys what is kept of its account: a hash of its certificate, for a CA card of its number."""

    generation: int
    kind: str
    serial: str = field(repr=False)
    atr: str
    owner: str = field(repr=False)


@dataclass(frozen=True)
class CardEvidence:
    """The ``card`` member of an assertion; proof and certificate are None for a CA card."""

    number: str = field(repr=False)
    kind: str
    proof: bytes | None = field(repr=False)
    certificate: bytes | None = field(repr=False)


class Card(ABC):
    """Blocks: for the one card worker. CardFailure or ReaderFailure."""

    @abstractmethod
    def read(self, generation: int) -> CardFacts:
        """Read and self-test the card of the insertion ``generation``."""

    @abstractmethod
    def prove(self, facts: CardFacts, *, audience: str, nonce: str, chip_id: str, jkt: str) -> CardEvidence:
        """The card's proof for a challenge; CardFailure where it is not the card of ``facts`` any more."""

    @abstractmethod
    def forget(self) -> None:
        """Drop the connection to a card that is gone."""
