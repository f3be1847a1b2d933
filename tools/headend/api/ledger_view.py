"""Charges, payments and receipts as the box shows them (product.md A3, A4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.headend.api.answers import cursor_of, money
from tools.headend.api.reading import Reading
from tools.headend.clock import from_milliseconds, rfc3339
from tools.headend.domain.catalogue import ItemKind, Operator
from tools.headend.domain.periods import Period
from tools.headend.domain.planning import disconnectable
from tools.headend.domain.statements import disputable
from tools.headend.storage import accounts
from tools.headend.storage.accounts import StoredSubscription
from tools.headend.storage.ledger import MonthTotal, StoredEntry, StoredReceipt


def month_view(total: MonthTotal, currency: str) -> dict[str, Any]:
    return {
        "month": total.month,
        "charged": money(total.charged, currency),
        "paid": money(total.paid, currency),
        "by_kind": kinds_view(total, currency),
    }


def kinds_view(total: MonthTotal, currency: str) -> list[dict[str, Any]]:
    """The sums by kind, signed."""
    return [{"kind": each.kind, "sum": money(each.change, currency)} for each in total.by_kind]


@dataclass(frozen=True, slots=True)
class Going:
    """A subscription that goes on; ``disconnect``: the change of an order that ends it, None where none does."""

    subscription_id: str
    disconnect: dict[str, str] | None


Running = Mapping[tuple[str, str | None], Going]
"""What goes on, by item and name of the room it is for (None: no room's)."""


def running(view: Reading) -> Running:
    """What the account has without an end."""
    rooms = {room.room_id: room.name for room in accounts.rooms_of(view.connection, view.account_id)}
    return {
        (each.item_id, rooms.get(each.room_id) if each.room_id else None): Going(
            each.subscription_id, _disconnect(each, view.operator)
        )
        for each in accounts.subscriptions_of(view.connection, view.account_id, view.today)
        if each.ends_on is None
    }


def _disconnect(held: StoredSubscription, operator: Operator) -> dict[str, str] | None:
    """As ``/v1/subscriptions/quotes`` takes it (order_bodies.py): a tariff is changed, and a TV stopped."""
    if held.kind == ItemKind.ROOM and held.room_id is not None:
        return {"op": "stop_room", "room": held.room_id}
    if disconnectable(operator, held.item_id, ItemKind(held.kind)):
        return {"op": "disconnect", "subscription": held.subscription_id}
    return None


def entry_view(entry: StoredEntry, operator: Operator, goes_on: Running) -> dict[str, Any]:
    """One row of the ledger; ``amount`` is signed, a charge negative. ``goes_on``: see ``running``."""
    to_dispute = disputable(entry.kind, entry.change)
    going = goes_on.get((entry.item_id, entry.room)) if to_dispute and entry.item_id else None
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
        "disputable": to_dispute,
        "subscription_id": going.subscription_id if going else None,
        "disconnect": going.disconnect if going else None,
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


def entries_page(rows: list[StoredEntry], limit: int, operator: Operator, goes_on: Running) -> dict[str, Any]:
    """A page of at most ``limit`` of ``rows``, which hold one more where there is a next page."""
    shown, more = rows[:limit], len(rows) > limit
    return {
        "items": [entry_view(each, operator, goes_on) for each in shown],
        "next_cursor": cursor_of(shown[-1].at, shown[-1].entry_id) if more else None,
    }
