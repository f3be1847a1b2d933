"""The shop's payments, in memory: made once a key, confirmed by the payer or a developer, canceled, listed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from tools.payment_provider.errors import invalid, not_found
from tools.payment_provider.orders import Order, read_order

WINDOW = timedelta(hours=1)
"""How long a payment may be confirmed."""
KEY_KEPT = timedelta(hours=24)
State = Literal["pending", "waiting_for_capture", "succeeded", "canceled"]
_TEST_CARD = {"first6": "555555", "last4": "4444", "expiry_month": "07", "expiry_year": "2035", "card_type": "Mir"}


@dataclass(slots=True)
class Payment:
    """A payment; ``method`` as the API shows it."""

    id: str
    order: Order
    created_at: datetime
    method: dict[str, Any]
    state: State = "pending"
    reason: str | None = None
    captured_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.state in ("pending", "waiting_for_capture")


@dataclass(slots=True)
class Controls:
    """What the developer wants of the next payments from saved cards: succeed, decline, confirm (the bank asks for a
    code on the phone), wait (it stays pending)."""

    saved_cards: Literal["succeed", "decline", "confirm", "wait"] = "succeed"


@dataclass(slots=True)
class _Kept:
    body: str
    payment_id: str
    at: datetime


@dataclass
class Book:
    """Thread-safe. ``url``: where the payer's pages are; ``changed`` learns of events as the webhooks name them."""

    url: str
    shop_id: str
    changed: Callable[[str, dict[str, Any]], None]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    controls: Controls = field(default_factory=Controls)
    _payments: dict[str, Payment] = field(default_factory=dict)
    _keys: dict[str, _Kept] = field(default_factory=dict)
    _saved: dict[str, dict[str, Any]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def create(self, key: str, body: Any) -> dict[str, Any]:
        """Make a payment, or show the one that was made under this key. ApiProblem."""
        if not 1 <= len(key) <= 64:
            raise invalid("the header Idempotence-Key of 1 to 64 characters is needed", "Idempotence-Key")
        said = json.dumps(body, sort_keys=True)
        with self._lock:
            self._forget_keys()
            known = self._keys.get(key)
            if known is not None:
                if known.body != said:
                    raise invalid("this Idempotence-Key was used with another body", "Idempotence-Key")
                return self.document(self._payments[known.payment_id])
            order = read_order(body)
            payment = Payment(str(uuid4()), order, self.now(), self._method_of(order))
            if order.method_id is None:
                payment.method["id"] = payment.id
            self._payments[payment.id] = payment
            self._keys[key] = _Kept(said, payment.id, payment.created_at)
            if order.method_id is not None:
                self._charge_saved(payment)
            return self.document(payment)

    def payment(self, payment_id: str) -> Payment:
        """ApiProblem not_found."""
        with self._lock:
            self._expire()
            found = self._payments.get(payment_id)
            if found is None:
                raise not_found()
            return found

    def listed(
        self, limit: int, cursor: str | None, kept: Callable[[Payment], bool]
    ) -> tuple[list[Payment], str | None]:
        """Newest first; the cursor of the next page where there is one."""
        with self._lock:
            self._expire()
            found = [each for each in reversed(self._payments.values()) if kept(each)]
        if cursor is not None:
            behind = [index for index, each in enumerate(found) if each.id == cursor]
            if not behind:
                raise invalid("this is no cursor of such a list", "cursor")
            found = found[behind[0] :]
        return found[:limit], found[limit].id if len(found) > limit else None

    def newest_open(self) -> Payment:
        """What a developer means who names no payment; ApiProblem not_found."""
        found, _ = self.listed(1, None, lambda each: each.open)
        if not found:
            raise not_found()
        return found[0]

    def confirm(self, payment: Payment) -> None:
        """The payer agrees, and the bank pays."""
        with self._lock:
            self._expire()
            if payment.state != "pending":
                return
            if payment.order.save and payment.method["type"] == "bank_card":
                payment.method["saved"] = True
                self._saved[payment.method["id"]] = payment.method
            if payment.order.capture:
                self._succeed(payment)
            else:
                payment.state = "waiting_for_capture"
                self.changed("payment.waiting_for_capture", self.document(payment))

    def capture(self, payment: Payment) -> dict[str, Any]:
        with self._lock:
            if payment.state != "waiting_for_capture":
                raise invalid(f"a payment that is {payment.state} cannot be captured")
            self._succeed(payment)
            return self.document(payment)

    def cancel(self, payment: Payment, reason: str = "canceled_by_merchant") -> dict[str, Any]:
        """ApiProblem where it has ended."""
        with self._lock:
            self._expire()
            if not payment.open:
                raise invalid(f"a payment that is {payment.state} cannot be canceled")
            self._cancel(payment, reason)
            return self.document(payment)

    def document(self, payment: Payment) -> dict[str, Any]:
        """The payment object of the API."""
        order = payment.order
        found: dict[str, Any] = {
            "id": payment.id,
            "status": payment.state,
            "amount": {"value": order.value, "currency": order.currency},
            "recipient": {"account_id": self.shop_id, "gateway_id": "1"},
            "payment_method": dict(payment.method),
            "created_at": _at(payment.created_at),
            "paid": payment.state in ("succeeded", "waiting_for_capture"),
            "refundable": payment.state == "succeeded",
            "test": True,
            "metadata": dict(order.metadata),
        }
        if order.description is not None:
            found["description"] = order.description
        if payment.state == "pending" and order.confirmation is not None and not payment.method.get("charging"):
            found["confirmation"] = self._confirmation(payment)
        found["payment_method"].pop("charging", None)
        if payment.captured_at is not None:
            found["captured_at"] = _at(payment.captured_at)
            found["income_amount"] = found["amount"]
        if payment.reason is not None:
            party = "merchant" if payment.reason == "canceled_by_merchant" else "yoo_money"
            found["cancellation_details"] = {"party": party, "reason": payment.reason}
        return found

    def _confirmation(self, payment: Payment) -> dict[str, str]:
        page = f"{self.url}/pay/{payment.id}"
        match payment.order.confirmation:
            case "qr":
                return {"type": "qr", "confirmation_data": page}
            case "redirect":
                return {"type": "redirect", "confirmation_url": page, "return_url": payment.order.return_url or ""}
        return {"type": "external"}

    def _method_of(self, order: Order) -> dict[str, Any]:
        if order.method_id is not None:
            saved = self._saved.get(order.method_id)
            if saved is None:
                raise invalid("there is no such saved payment method", "payment_method_id")
            return dict(saved)
        method: dict[str, Any] = {"type": order.type, "id": "", "saved": False}
        if order.type == "bank_card":
            method |= {"card": dict(_TEST_CARD), "title": f"Bank card *{_TEST_CARD['last4']}"}
        if order.phone is not None:
            method["phone"] = order.phone
        return method

    def _charge_saved(self, payment: Payment) -> None:
        match self.controls.saved_cards:
            case "succeed":
                self._succeed(payment)
            case "decline":
                self._cancel(payment, "insufficient_funds")
            case "confirm" if payment.order.confirmation is not None:
                pass
            case _:
                payment.method["charging"] = True

    def _succeed(self, payment: Payment) -> None:
        payment.state, payment.captured_at = "succeeded", self.now()
        self.changed("payment.succeeded", self.document(payment))

    def _cancel(self, payment: Payment, reason: str) -> None:
        payment.state, payment.reason = "canceled", reason
        self.changed("payment.canceled", self.document(payment))

    def _expire(self) -> None:
        limit = self.now() - WINDOW
        for payment in self._payments.values():
            if payment.state == "pending" and payment.created_at < limit:
                self._cancel(payment, "expired_on_confirmation")

    def _forget_keys(self) -> None:
        limit = self.now() - KEY_KEPT
        for key in [key for key, kept in self._keys.items() if kept.at < limit]:
            del self._keys[key]


def _at(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"
