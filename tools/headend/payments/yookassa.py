"""YooKassa's HTTP API v3 (facts/account-and-payments.md): HTTP Basic, JSON, Idempotence-Key, unsigned webhooks.

The official SDK has global state and no time-out, so it is no client for a service.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from device.api.errors import ConfigError
from tools.headend.payments import (
    PAYLOAD_MAX,
    Confirmation,
    ConfirmationKind,
    Means,
    PaymentProvider,
    PaymentRequest,
    ProviderPayment,
    ProviderRefused,
    ProviderState,
    ProviderUnavailable,
    SavedCard,
)

API_URL = "https://api.yookassa.ru/v3"
TIMEOUT = httpx.Timeout(32.0, connect=5.0, pool=5.0)
"""The provider gives up an answer of its own after 30 s."""
_ANSWER_MAX = 4 * 1024 * 1024
_PAGE = 100
_PAGES_MAX = 200
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_VALUE = re.compile(r"(\d{1,12})\.(\d{2})")
_TYPES: Mapping[Means, str] = {Means.SBP: "sbp", Means.CARD: "bank_card", Means.MOBILE: "mobile_balance"}
_MEANS: Mapping[str, Means] = {name: means for means, name in _TYPES.items()}
_CONFIRMATIONS: Mapping[ConfirmationKind, str] = {
    ConfirmationKind.QR: "qr",
    ConfirmationKind.PAGE: "redirect",
    ConfirmationKind.SMS: "external",
}
_REFUSED = (400, 404, 405, 410, 415)
"""What was not done and will not be; 401 and 403 are the operator's to mend, all the rest may pass."""


class YooKassa(PaymentProvider):
    """``secret``: the shop's secret key; it is in no log and no error."""

    name = "yookassa"

    def __init__(
        self, url: str, shop_id: str, secret: str, *, timeout: httpx.Timeout | float = TIMEOUT, verify: Any = True
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError("the payment provider's URL cannot be used", remedy=f"expected one like {API_URL}")
        if not shop_id or not secret:
            raise ConfigError("the payment provider needs the shop's id and its secret key")
        # neither a proxy nor a netrc of the environment has any business with the key, and nobody redirects it
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            auth=(shop_id, secret),
            timeout=timeout,
            trust_env=False,
            follow_redirects=False,
            verify=verify,
        )

    def create(self, request: PaymentRequest) -> ProviderPayment:
        answer = self._ask("POST", "/payments", json=_body(request), headers={"Idempotence-Key": request.key})
        return _payment(answer)

    def find(self, provider_id: str) -> ProviderPayment | None:
        if not _ID.fullmatch(provider_id):
            return None
        try:
            return _payment(self._ask("GET", f"/payments/{provider_id}"))
        except ProviderRefused as refused:
            if refused.code != "not_found":
                raise ProviderUnavailable(refused.message) from None
            return None

    def search(self, payment_id: str, since: datetime, until: datetime) -> ProviderPayment | None:
        query = {"created_at.gte": _instant(since), "created_at.lte": _instant(until), "limit": str(_PAGE)}
        cursor = None
        for _ in range(_PAGES_MAX):
            page = self._ask("GET", "/payments", params=query if cursor is None else {**query, "cursor": cursor})
            for each in page.get("items") or ():
                if (each.get("metadata") or {}).get("payment_id") == payment_id:
                    return _payment(each)
            cursor = page.get("next_cursor")
            if not cursor:
                return None
        raise ProviderUnavailable("the payment provider lists too many payments to find one")

    def named_in(self, notification: bytes) -> str | None:
        try:
            document = json.loads(notification)
        except (ValueError, RecursionError):
            return None
        match document:
            case {"event": str(event), "object": {"id": str(found)}} if event.startswith("payment."):
                return found if _ID.fullmatch(found) else None
        return None

    def close(self) -> None:
        self._client.close()

    def _ask(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        try:
            with self._client.stream(method, path, **how) as answer:
                status, body = answer.status_code, _limited(answer)
        except httpx.HTTPError as error:
            raise ProviderUnavailable(f"the payment provider does not answer: {type(error).__name__}") from None
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise ProviderUnavailable(f"the payment provider answered {status} without a JSON object")
        if status == 200:
            return document
        if status in _REFUSED:
            code = document.get("code")
            raise ProviderRefused(f"the payment provider answered {status}", code=str(code or "refused")[:60])
        # 202: it is still being worked on; 429, 5xx: another time; 401, 403: for the operator to mend
        raise ProviderUnavailable(f"the payment provider answered {status}")


def _limited(answer: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > _ANSWER_MAX:
            raise ProviderUnavailable("the payment provider's answer is too long")
    return bytes(body)


def _body(request: PaymentRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "amount": {"value": f"{request.amount // 100}.{request.amount % 100:02d}", "currency": request.currency},
        "capture": True,
        "description": request.description[:128],
        "metadata": dict(request.metadata),
    }
    if request.saved_id is not None:
        body["payment_method_id"] = request.saved_id
    else:
        data = {"type": _TYPES[request.means]}
        body["payment_method_data"] = data if request.phone is None else {**data, "phone": request.phone}
    if request.save:
        body["save_payment_method"] = True
    if request.confirmation is not None:
        confirmation = {"type": _CONFIRMATIONS[request.confirmation]}
        if request.confirmation is not ConfirmationKind.SMS:
            confirmation["return_url"] = request.return_url
        body["confirmation"] = confirmation
    return body


def _payment(document: Mapping[str, Any]) -> ProviderPayment:
    """A payment of the API; ProviderUnavailable where it has not the form that it must have."""
    try:
        amount = document["amount"]
        roubles, kopecks = _VALUE.fullmatch(amount["value"]).groups()  # type: ignore[union-attr]
        method = document.get("payment_method") or {}
        return ProviderPayment(
            provider_id=_ID.fullmatch(document["id"]).group(),  # type: ignore[union-attr]
            state=ProviderState(document["status"]),
            amount=int(roubles) * 100 + int(kopecks),
            currency=str(amount["currency"]),
            means=_MEANS.get(str(method.get("type"))),
            created_at=datetime.fromisoformat(document["created_at"]).astimezone(UTC),
            confirmation=_confirmation(document.get("confirmation") or {}),
            reason=_reason(document.get("cancellation_details")),
            saved=_saved(method),
            metadata={str(name): str(value) for name, value in (document.get("metadata") or {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ProviderUnavailable("the payment provider's answer is no payment") from None


def _reason(details: Any) -> str | None:
    match details:
        case {"reason": str(reason)}:
            return reason[:60]
    return None


def _confirmation(document: Mapping[str, Any]) -> Confirmation | None:
    match document:
        case {"type": "qr", "confirmation_data": str(payload)} if len(payload) <= PAYLOAD_MAX:
            return Confirmation(ConfirmationKind.QR, payload)
        case {"type": "redirect", "confirmation_url": str(url)} if len(url) <= PAYLOAD_MAX:
            return Confirmation(ConfirmationKind.PAGE, url)
        case {"type": "external"}:
            return Confirmation(ConfirmationKind.SMS, "")
    return None


def _saved(method: Mapping[str, Any]) -> SavedCard | None:
    if method.get("saved") is not True or method.get("type") != "bank_card":
        return None
    card = method.get("card") or {}
    expires = f"{card.get('expiry_year', '')}-{card.get('expiry_month', '')}"
    return SavedCard(str(method["id"])[:64], str(card.get("card_type", ""))[:20], str(card["last4"])[-4:], expires[:7])


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
