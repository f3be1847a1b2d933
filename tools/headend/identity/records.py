"""What sign-in knows of boxes, cards and sessions, and the store that keeps it (a port; storage/registry.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

UNPAIRED = "unpaired"
PENDING = "pending"
"""A box that shows a pairing code."""
ACTIVE = "paired"
REVOKED = "revoked"

CARD_PROVEN = "card-proven"
CARD_CLAIMED = "card-claimed"
CARD_AND_PIN = "card-proven+pin"


@dataclass(frozen=True, slots=True)
class BoxRecord:
    """A registered box; ``public_key`` is its enrolled device key, SubjectPublicKeyInfo in DER. ``account_id`` is None
    while it is unpaired or pending."""

    chip_id: str
    account_id: int | None
    public_key: bytes
    jkt: str
    state: str


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A registered card; ``public_key`` (DER) is None for CA cards; ``chip_id``: the box it is married to;
    it and ``account_id`` are None while it is unpaired."""

    number: str
    account_id: int | None
    kind: str
    public_key: bytes | None
    chip_id: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in as the service keeps it; ``end_reason`` is the refusal's code once it has ended."""

    token_hash: bytes
    account_id: int
    chip_id: str
    card_number: str
    jkt: str
    acr: str
    expires_at: datetime
    end_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """A value that is good once: SHA-256 of its kind and itself, and until when it must be remembered."""

    digest: bytes
    expires_at: datetime
    code: str
    """The refusal's code where it was used before."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is looked up once the box has proved itself: the card that it names, and which digests were used up."""

    card: CardRecord | None
    used: frozenset[bytes]


class IdentityStore(Protocol):
    """Where sign-in looks things up and writes the session."""

    def box(self, chip_id: str) -> BoxRecord | None: ...

    def known(self, card_number: str, digests: Sequence[bytes]) -> Known:
        """The card, and which of ``digests`` were used up, in one look-up."""
        ...

    def open_session(self, session: Session, once: Sequence[Once]) -> None:
        """Write the session and use up ``once``, all or nothing.

        Refusal with the code of what was used before, or of the box or card that was revoked meanwhile.
        """
        ...
