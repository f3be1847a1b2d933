"""Answers about payments in, saved cards and autopayment, from rows and rules."""

from __future__ import annotations

from typing import Any

from tools.headend.api.answers import money
from tools.headend.clock import from_milliseconds, rfc3339
from tools.headend.domain.autopay import AutopayState
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.payments import PaymentState
from tools.headend.domain.periods import local_date, month_of
from tools.headend.storage import autopays, provider_payments
from tools.headend.storage.payment_methods import StoredMethod
from tools.headend.storage.payments import StoredPayment
from tools.headend.storage.provider_payments import AskedPayment
from tools.headend.use_cases.fees import monthly_fee
from tools.headend.use_cases.seen import Seen


def ways_view(operator: Operator) -> list[dict[str, Any]]:
    return [
        {
            "method": name,
            "least": money(way.least, operator.currency),
            "most": money(way.most, operator.currency),
            "confirmation": way.confirmation,
        }
        for name, way in operator.payments.ways.items()
    ]


def payment_view(payment: StoredPayment, currency: str) -> dict[str, Any]:
    return {
        "id": payment.payment_id,
        "at": _at(payment.created_at),
        "ended_at": _at(payment.ended_at),
        "amount": money(payment.amount, currency),
        "method": payment.method,
        "state": payment.state,
        "reference": payment.reference,
        "receipt_id": payment.receipt_id,
    }


def payment_now_view(payment: StoredPayment, asked: AskedPayment | None, currency: str) -> dict[str, Any]:
    """``asked``: what the provider knows of it; None where it came by another way."""
    return {
        **payment_view(payment, currency),
        "confirmation": _confirmation(asked),
        "expires_at": _at(asked.expires_at) if asked else None,
        "reason": (asked.reason or None) if asked else None,
    }


def method_view(method: StoredMethod) -> dict[str, Any]:
    return {
        "id": method.method_id,
        "kind": "card",
        "system": method.system,
        "last4": method.last4,
        "expires": method.expires,
        "saved_at": _at(method.saved_at),
    }


def autopay_view(view: Seen) -> dict[str, Any]:
    """Autopayment as it is, and its rules; off where there is none (P5)."""
    rules, currency = view.operator.payments.autopay, view.operator.currency
    now = autopays.autopay_of(view.connection, view.account_id)
    taken = provider_payments.autopaid_in_month(view.connection, view.account_id, month_of(view.today))
    fee = monthly_fee(view.connection, view.account_id, view.today)
    threshold = now.threshold if now is not None and now.threshold is not None else rules.threshold
    next_at = from_milliseconds(now.next_at) if now is not None and now.next_at is not None else None
    return {
        "state": now.state if now else AutopayState.OFF.value,
        "mode": now.mode if now else None,
        "day": now.day if now else None,
        "threshold": money(threshold, currency),
        "amount": money(rules.monthly_fees * fee, currency),
        "month_most": money(rules.month_most, currency),
        "taken": money(taken, currency),
        "payment_method_id": now.method_id if now else None,
        "failures": now.failures if now else 0,
        "next_on": local_date(next_at, view.region.time_zone).isoformat() if next_at else None,
    }


def _confirmation(asked: AskedPayment | None) -> dict[str, Any] | None:
    if asked is None or asked.state != PaymentState.AWAITING_USER.value or asked.payload is None:
        return None
    return {"kind": asked.confirmation, "payload": asked.payload or None}


def _at(milliseconds: int | None) -> str | None:
    return rfc3339(from_milliseconds(milliseconds)) if milliseconds is not None else None
