"""The payment provider: who takes money from cards, SBP and mobile accounts. A port; yookassa.py is its adapter.

Nothing of a card comes here but what the provider shows of a saved one: its system, last four digits and end.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from device.api.errors import ApiError


class ProviderUnavailable(ApiError):
    """No answer, or none that tells anything: what was asked for may have been done or not. Ask again."""

    code = "provider_unavailable"


class ProviderRefused(ApiError):
    """The provider will not do it, and has not: ``code`` is its reason."""


class ProviderState(StrEnum):
    """What a payment is to the provider; the last two are final."""

    PENDING = "pending"
    WAITING_FOR_CAPTURE = "waiting_for_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"

    @property
    def final(self) -> bool:
        return self in (ProviderState.SUCCEEDED, ProviderState.CANCELED)


class Means(StrEnum):
    """From where the money comes."""

    SBP = "sbp"
    CARD = "card"
    MOBILE = "mobile"


PAYLOAD_MAX = 2000
"""Characters of what the payer is shown; a QR code holds some 2,900 at most."""


class ConfirmationKind(StrEnum):
    """How the payer agrees: by a code that he scans, on a page that he opens, by an SMS that he answers."""

    QR = "qr"
    PAGE = "page"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A payment that the provider is to make.

    ``key``: the same key is the same payment, however often it is asked for. ``amount`` in minor units.
    ``saved_id``: the provider's name of a saved card, which is then charged; ``phone``: digits with the country's
    code, for means mobile. ``confirmation`` None: the payer is not there. ``save``: keep the card for later.
    ``metadata`` comes back with the payment.
    """

    key: str
    amount: int
    currency: str
    means: Means
    description: str
    return_url: str
    confirmation: ConfirmationKind | None = None
    saved_id: str | None = None
    phone: str | None = None
    save: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SavedCard:
    """``provider_id``: by which the provider charges it; ``expires``: ``YYYY-MM``."""

    provider_id: str
    system: str
    last4: str
    expires: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """``payload``: what the QR says or the page's URL; empty for an SMS."""

    kind: ConfirmationKind
    payload: str


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """A payment as the provider has it now; ``reason``: why it was canceled; ``saved``: the card that it kept."""

    provider_id: str
    state: ProviderState
    amount: int
    currency: str
    means: Means | None
    created_at: datetime
    confirmation: Confirmation | None = None
    reason: str | None = None
    saved: SavedCard | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


class PaymentProvider(ABC):
    """Thread-safe; every call ends within its time-outs. ``name`` stands in the path of its webhooks."""

    name: str

    @abstractmethod
    def create(self, request: PaymentRequest) -> ProviderPayment:
        """Make the payment, or find the one that was made under its key. ProviderUnavailable, ProviderRefused."""

    @abstractmethod
    def find(self, provider_id: str) -> ProviderPayment | None:
        """The payment as it is now; None where there is none. ProviderUnavailable."""

    @abstractmethod
    def search(self, payment_id: str, since: datetime, until: datetime) -> ProviderPayment | None:
        """The payment made between the two instants whose metadata's ``payment_id`` is this one: for one whose answer
        was lost and whose key may have expired. ProviderUnavailable."""

    @abstractmethod
    def named_in(self, notification: bytes) -> str | None:
        """The payment that a webhook is about; None where it is about none. It is not signed: only ``find`` knows."""

    def close(self) -> None:
        """Let connections go."""
        return
