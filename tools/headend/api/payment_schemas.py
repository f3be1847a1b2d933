"""The documents of payments in, saved cards and autopayment (product.md P1-P3, P5, P9)."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from tools.headend.api import schemas
from tools.headend.api.bodies import RequestBody, identifier, whole
from tools.headend.api.schemas import Document, Id, Money, instant
from tools.headend.api.terms_schemas import MoneyBody

State = Literal["created", "awaiting_user", "processing", "succeeded", "canceled", "expired", "unknown"]


class Payment(Document):
    """``reference`` is what its sender calls it; ``receipt_id`` is there once it has succeeded. ``unknown``: it is
    being checked, and will be one of the others."""

    id: Id
    at: str = instant()
    ended_at: str | None = instant()
    amount: Money
    method: Literal["sbp", "card", "mobile", "terminal", "salon", "bank"]
    state: State
    reference: str = Field(examples=["T-20261121-0042"])
    receipt_id: str | None = Field(examples=["r64"])


class PaymentWay(Document):
    """A method that can be paid by now, and what it takes; ``confirmation``: a QR to scan, a page to open on the phone
    (shown as a QR too), an SMS to answer."""

    method: Literal["sbp", "card", "mobile"]
    least: Money
    most: Money
    confirmation: Literal["qr", "page", "sms"]


class Payments(Document):
    """``ways`` is empty where nothing can be paid from the TV."""

    ways: list[PaymentWay]
    items: list[Payment]
    next_cursor: str | None


class Confirmation(Document):
    """How the viewer agrees. ``payload``: what the TV shows as a QR; null for an SMS, which is answered."""

    kind: Literal["qr", "page", "sms"]
    payload: str | None = Field(examples=["https://qr.nspk.ru/AS10003P3RH0LJ2A9ROO038L6NT5RU1M"])


class PaymentNow(Payment):
    """``confirmation`` while it awaits the viewer, until ``expires_at``; ``reason``: why it was canceled."""

    confirmation: Confirmation | None
    expires_at: str | None = instant()
    reason: str | None = Field(examples=["insufficient_funds"])


class PaymentBody(RequestBody):
    """``payment_method_id``: from this saved card; ``number_id``: from this linked number, for method mobile; ``save``:
    keep the card that is typed on the phone. Each of the three needs the PIN."""

    amount: MoneyBody
    method: Literal["sbp", "card", "mobile"] = Field(examples=["sbp"])
    payment_method_id: str | None = identifier(default=None, examples=["6f1f0a52-1f7e-4a43-a0a9-3f7d3c2f0a11"])
    number_id: str | None = identifier(default=None, examples=["f1f0a526-7e1f-434a-9a0a-7d3c2f0a113f"])
    save: bool = False


class PaymentMethod(Document):
    """A saved card, masked."""

    id: Id
    kind: Literal["card"]
    system: str = Field(examples=["Mir"])
    last4: str = Field(pattern=r"^\d{4}$", examples=["4444"])
    expires: str = Field(description="YYYY-MM", examples=["2029-07"])
    saved_at: str = instant()


class PaymentMethods(Document):
    items: list[PaymentMethod]


class MethodRemoved(Document):
    id: Id
    removed: Literal[True]


class AutopayBody(RequestBody):
    """``day`` of the month for mode day, and for no other; without ``payment_method_id`` it waits for the first card
    that is saved."""

    mode: Literal["threshold", "day"] = Field(examples=["threshold"])
    day: int | None = whole(1, 31, default=None, examples=[None])
    payment_method_id: str | None = identifier(default=None, examples=["6f1f0a52-1f7e-4a43-a0a9-3f7d3c2f0a11"])


class Autopay(Document):
    """``threshold``: below it ``amount`` is paid; by day what lacks to the monthly fee is. ``taken`` of ``month_most``
    in this calendar month. ``failures`` in a row; ``next_on``: when it pays or tries again, where that is known."""

    state: Literal["off", "consented", "armed", "charging", "failed"]
    mode: Literal["threshold", "day"] | None
    day: int | None
    threshold: Money
    amount: Money
    month_most: Money
    taken: Money
    payment_method_id: str | None
    failures: int = Field(ge=0, examples=[0])
    next_on: str | None = schemas.day()


class NotifiedObject(Document):
    """What it happened to; its other members are not read."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(examples=["22d6d597-000f-5000-9000-145f6df21d6f"])


class Notification(Document):
    """YooKassa's: which payment to ask it about. Nothing else in it is believed, and what is none is taken too, since
    anything but 200 would come again."""

    model_config = ConfigDict(extra="allow")

    event: str = Field(examples=["payment.succeeded"])
    object: NotifiedObject


class Taken(Document):
    """A webhook was read; whatever was in it, the provider need not send it again."""

    taken: bool
