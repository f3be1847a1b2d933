"""The ledger in the database: the one place that appends to it, and what is read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, insert, or_, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.ledger import WALLET, Entry
from tools.headend.domain.periods import month_of
from tools.headend.storage.tables import accounts, ledger_entries

_SIGNED = case((ledger_entries.c.credit == WALLET, ledger_entries.c.amount), else_=-ledger_entries.c.amount)
"""By how much the viewer's balance grew; every row kept here has the wallet on one side."""
_PAID_KINDS = ("payment",)

_LOCKED = (
    select(accounts.c.balance, accounts.c.last_entry)
    .where(accounts.c.account_id == bindparam("account_id"))
    .with_for_update()
)
_RECEIPTS = (
    select(
        ledger_entries.c.entry_id,
        ledger_entries.c.receipt_id,
        ledger_entries.c.at,
        ledger_entries.c.day,
        ledger_entries.c.amount,
        ledger_entries.c.method,
    )
    .where(ledger_entries.c.account_id == bindparam("account_id"), ledger_entries.c.receipt_id.is_not(None))
    .order_by(ledger_entries.c.at.desc(), ledger_entries.c.entry_id.desc())
)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A row as it is shown; ``change`` is signed, minor units; ``at`` milliseconds."""

    entry_id: int
    at: int
    day: date
    kind: str
    change: int
    item_id: str | None
    room: str | None
    order_channel: str | None
    order_room: str | None
    order_since: date | None
    period_first: date | None
    period_last: date | None
    method: str | None
    receipt_id: str | None


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """What one month took and brought, each 0 or more, minor units."""

    month: str
    charged: int
    paid: int


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A payment's receipt; ``at`` milliseconds, ``amount`` minor units."""

    entry_id: int
    receipt_id: str
    at: int
    day: date
    amount: int
    method: str


Position = tuple[int, int]
"""Where a page ended: ``at`` and ``entry_id`` of its last row."""


def post(connection: Connection, account_id: int, entries: Sequence[Entry]) -> list[int]:
    """Append ``entries`` and move the balance with them, in the caller's transaction; returns their numbers.

    The account's row is locked first, so that numbers and balance follow one order. KeyError: no such account.
    """
    locked = connection.execute(_LOCKED, {"account_id": account_id}).first()
    if locked is None:
        raise KeyError(account_id)
    if not entries:
        return []
    numbers = list(range(locked.last_entry + 1, locked.last_entry + 1 + len(entries)))
    rows = [_row(account_id, number, entry) for number, entry in zip(numbers, entries, strict=True)]
    connection.execute(insert(ledger_entries), rows)
    change = sum(entry.posting.wallet_change for entry in entries)
    connection.execute(
        update(accounts)
        .where(accounts.c.account_id == account_id)
        .values(balance=locked.balance + change, last_entry=numbers[-1])
    )
    return numbers


def _row(account_id: int, number: int, entry: Entry) -> dict[str, Any]:
    order, period, posting = entry.order, entry.period, entry.posting
    return {
        "account_id": account_id,
        "entry_id": number,
        "at": milliseconds(entry.at),
        "day": entry.day,
        "month": month_of(entry.day),
        "kind": entry.kind.value,
        "debit": posting.debit,
        "credit": posting.credit,
        "amount": posting.amount,
        "item_id": entry.item_id,
        "room": entry.room,
        "order_channel": order.channel if order else None,
        "order_room": order.room if order else None,
        "order_since": order.since if order else None,
        "period_first": period.first if period else None,
        "period_last": period.last if period else None,
        "method": entry.method,
        "receipt_id": f"r{number}" if entry.kind in _PAID_KINDS else None,
    }


def entries_of_month(
    connection: Connection, account_id: int, month: str | None, limit: int, after: Position | None
) -> list[StoredEntry]:
    """At most ``limit`` rows, newest first, of one month or of all, behind ``after``."""
    columns = ledger_entries.c
    query = select(
        columns.entry_id,
        columns.at,
        columns.day,
        columns.kind,
        _SIGNED.label("change"),
        columns.item_id,
        columns.room,
        columns.order_channel,
        columns.order_room,
        columns.order_since,
        columns.period_first,
        columns.period_last,
        columns.method,
        columns.receipt_id,
    ).where(columns.account_id == account_id)
    if month is not None:
        query = query.where(columns.month == month)
    if after is not None:
        at, entry_id = after
        query = query.where(or_(columns.at < at, and_(columns.at == at, columns.entry_id < entry_id)))
    query = query.order_by(columns.at.desc(), columns.entry_id.desc()).limit(limit)
    return [StoredEntry(*list(row)) for row in connection.execute(query)]


def month_totals(connection: Connection, account_id: int, months: Sequence[str]) -> list[MonthTotal]:
    """What each of ``months`` took and brought, in their order; months without rows are zero."""
    columns = ledger_entries.c
    query = (
        select(
            columns.month,
            func.sum(case((_SIGNED < 0, -_SIGNED), else_=0)),
            func.sum(case((_SIGNED > 0, _SIGNED), else_=0)),
        )
        .where(columns.account_id == account_id, columns.month.in_(months))
        .group_by(columns.month)
    )
    found = {row[0]: MonthTotal(row[0], int(row[1]), int(row[2])) for row in connection.execute(query)}
    return [found.get(month) or MonthTotal(month, 0, 0) for month in months]


def receipts(connection: Connection, account_id: int, limit: int, after: Position | None) -> list[StoredReceipt]:
    """At most ``limit`` receipts, newest first, behind ``after``."""
    query = _RECEIPTS.limit(limit)
    if after is not None:
        at, entry_id = after
        columns = ledger_entries.c
        query = query.where(or_(columns.at < at, and_(columns.at == at, columns.entry_id < entry_id)))
    return [StoredReceipt(*row) for row in connection.execute(query, {"account_id": account_id})]


def receipt(connection: Connection, account_id: int, receipt_id: str) -> StoredReceipt | None:
    query = _RECEIPTS.where(ledger_entries.c.receipt_id == receipt_id)
    row = connection.execute(query, {"account_id": account_id}).first()
    return StoredReceipt(*row) if row else None
