"""What a shop may ask for: the body of ``POST /v3/payments``, checked (facts/account-and-payments.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.payment_provider.errors import invalid

TYPES = ("sbp", "bank_card", "mobile_balance")
CONFIRMATIONS = ("qr", "redirect", "external")
_VALUE = re.compile(r"\d{1,9}\.\d{2}")
_PHONE = re.compile(r"\d{5,15}")
_MOST: Mapping[str, int] = {"sbp": 70_000_000, "bank_card": 35_000_000, "mobile_balance": 1_500_000}
"""Minor units; the least is 1.00."""
_KNOWN = frozenset(
    {
        "amount",
        "description",
        "payment_method_data",
        "payment_method_id",
        "save_payment_method",
        "capture",
        "confirmation",
        "metadata",
    }
)
_IGNORED = frozenset(
    {
        "airline",
        "client_ip",
        "deal",
        "fraud_data",
        "merchant_customer_id",
        "payment_order",
        "receipt",
        "receiver",
        "recipient",
        "statements",
        "transfers",
    }
)
"""Of the real API, and without a meaning here."""


@dataclass(frozen=True, slots=True)
class Order:
    """``type`` is None where a saved method pays; ``confirmation`` is None where nobody is there."""

    value: str
    currency: str
    type: str | None
    method_id: str | None
    phone: str | None
    confirmation: str | None
    return_url: str | None
    capture: bool
    save: bool
    description: str | None
    metadata: Mapping[str, str]


def read_order(body: Any) -> Order:
    """The order of a JSON body; ApiProblem where it is off."""
    if not isinstance(body, dict):
        raise invalid("expected a JSON object")
    for name in body:
        if name not in _KNOWN | _IGNORED:
            raise invalid("this stand-in knows no such parameter", str(name)[:60])
    value, currency = _amount(body.get("amount"))
    kind, phone = _method(body.get("payment_method_data"))
    method_id = body.get("payment_method_id")
    if (kind is None) == (method_id is None):
        raise invalid("either payment_method_data or payment_method_id is needed", "payment_method_data")
    if method_id is not None and not isinstance(method_id, str):
        raise invalid("expected a string", "payment_method_id")
    if kind is not None and _minor(value) > _MOST[kind]:
        raise invalid(f"more than {kind} takes", "amount.value")
    confirmation, return_url = _confirmation(body.get("confirmation"))
    if kind is not None and confirmation is None:
        raise invalid("somebody must confirm this", "confirmation")
    if kind is not None and (confirmation == "external") != (kind == "mobile_balance"):
        raise invalid(f"{kind} is not confirmed this way", "confirmation.type")
    if confirmation == "qr" and kind != "sbp":
        raise invalid("only sbp is confirmed by qr", "confirmation.type")
    return Order(
        value=value,
        currency=currency,
        type=kind,
        method_id=method_id,
        phone=phone,
        confirmation=confirmation,
        return_url=return_url,
        capture=_truth(body, "capture"),
        save=_truth(body, "save_payment_method"),
        description=_description(body.get("description")),
        metadata=_metadata(body.get("metadata")),
    )


def _amount(amount: Any) -> tuple[str, str]:
    match amount:
        case {"value": str(value), "currency": str(currency)} if _VALUE.fullmatch(value):
            if _minor(value) < 100:
                raise invalid("the least is 1.00", "amount.value")
            if not re.fullmatch(r"[A-Z]{3}", currency):
                raise invalid("expected a currency of ISO 4217", "amount.currency")
            return value, currency
    raise invalid('expected {"value": "100.00", "currency": "RUB"}', "amount")


def _method(data: Any) -> tuple[str | None, str | None]:
    match data:
        case None:
            return None, None
        case {"type": "mobile_balance", "phone": str(phone)} if _PHONE.fullmatch(phone):
            return "mobile_balance", phone
        case {"type": "sbp" | "bank_card" as kind}:
            return kind, None
    raise invalid(f"expected a type of {', '.join(TYPES)}; mobile_balance with phone", "payment_method_data.type")


def _confirmation(confirmation: Any) -> tuple[str | None, str | None]:
    match confirmation:
        case None:
            return None, None
        case {"type": "redirect", "return_url": str(url)} if url.startswith(("http://", "https://")):
            return "redirect", url[:2048]
        case {"type": "qr" | "external" as kind}:
            return kind, None
    raise invalid(f"expected a type of {', '.join(CONFIRMATIONS)}; redirect with return_url", "confirmation")


def _truth(body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise invalid("expected true or false", name)
    return value


def _description(description: Any) -> str | None:
    if description is None or (isinstance(description, str) and len(description) <= 128):
        return description
    raise invalid("at most 128 characters", "description")


def _metadata(metadata: Any) -> dict[str, str]:
    if metadata is None:
        return {}
    if not isinstance(metadata, dict) or len(metadata) > 16:
        raise invalid("at most 16 members", "metadata")
    for name, value in metadata.items():
        if len(name) > 32 or not isinstance(value, str) or len(value) > 512:
            raise invalid("names of at most 32, texts of at most 512 characters", "metadata")
    return dict(metadata)


def _minor(value: str) -> int:
    return int(value.replace(".", ""))
