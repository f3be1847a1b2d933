"""Charges, payments and receipts as the box shows them (product.md A3, A4)."""

from __future__ import annotations

from typing import Any

from tools.headend.api.answers import money
from tools.headend.clock import from_milliseconds, rfc3339
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.periods import Period
from tools.headend.storage.ledger import MonthTotal, StoredEntry, StoredReceipt


def month_view(total: MonthTotal, currency: str) -> dict[str, Any]:
    return {
        "month": total.month,
        "charged": money(total.charged, currency),
        "paid": money(total.paid, currency),
    }


def entry_view(entry: StoredEntry, operator: Operator) -> dict[str, Any]:
    """One row of the ledger; ``amount`` is signed, a charge negative."""
    return {
        "id": f"e{entry.entry_id}",
        "at": rfc3339(from_milliseconds(entry.at)),
        "date": entry.day.isoformat(),
        "kind": entry.kind,
        "amount": money(entry.change, operator.currency),
        "service": _service(entry, operator),
        "room": entry.room,
        "ordered": _ordered(entry),
        "period": _period(entry),
        "method": entry.method,
        "receipt_id": entry.receipt_id,
    }


def receipt_view(receipt: StoredReceipt, account_id: int, operator: Operator) -> dict[str, Any]:
    """The receipt of one payment."""
    return {
        "id": receipt.receipt_id,
        "entry_id": f"e{receipt.entry_id}",
        "at": rfc3339(from_milliseconds(receipt.at)),
        "date": receipt.day.isoformat(),
        "amount": money(receipt.amount, operator.currency),
        "method": receipt.method,
        "account_number": f"{account_id:012d}",
        "operator": dict(operator.title),
    }


def _service(entry: StoredEntry, operator: Operator) -> dict[str, Any] | None:
    if entry.item_id is None:
        return None
    item = operator.items.get(entry.item_id)
    # what was charged stays in the history when it is no longer sold; then its id is all that is left of its name
    name = dict(item.name) if item else dict.fromkeys(operator.title, entry.item_id)
    return {"id": entry.item_id, "name": name}


def _ordered(entry: StoredEntry) -> dict[str, Any] | None:
    if entry.order_channel is None or entry.order_since is None:
        return None
    return {"channel": entry.order_channel, "room": entry.order_room, "since": entry.order_since.isoformat()}


def _period(entry: StoredEntry) -> dict[str, Any] | None:
    if entry.period_first is None or entry.period_last is None:
        return None
    period = Period(entry.period_first, entry.period_last)
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "days": period.days,
        "of": period.of,
    }
