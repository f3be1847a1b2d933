"""The ledger in the database: the one place that appends to it, and what is read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    or_,
    select,
    update,
)

from tools.headend.clock import milliseconds
from tools.headend.domain.ledger import WALLET, Entry
from tools.headend.domain.periods import month_of
from tools.headend.storage.tables import accounts, ledger_entries

SIGNED = case((ledger_entries.c.credit == WALLET, ledger_entries.c.amount), else_=-ledger_entries.c.amount)
"""By how much the viewer's balance grew; every row kept here has the wallet on one side."""
_PAID_KINDS = ("payment",)
TOTALS = (
    func.sum(case((SIGNED < 0, -SIGNED), else_=0)).label("charged"),
    func.sum(case((SIGNED > 0, SIGNED), else_=0)).label("paid"),
)
_ENTRIES = select(
    ledger_entries.c.entry_id,
    ledger_entries.c.at,
    ledger_entries.c.day,
    ledger_entries.c.kind,
    SIGNED.label("change"),
    ledger_entries.c.item_id,
    ledger_entries.c.room,
    ledger_entries.c.order_channel,
    ledger_entries.c.order_room,
    ledger_entries.c.order_since,
    ledger_entries.c.period_first,
    ledger_entries.c.period_last,
    ledger_entries.c.method,
    ledger_entries.c.receipt_id,
    ledger_entries.c.reference,
).where(ledger_entries.c.account_id == bindparam("account_id"))

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
    reference: str | None


@dataclass(frozen=True, slots=True)
class KindTotal:
    """What entries of one kind changed in a month; ``change`` is signed, minor units."""

    kind: str
    change: int


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """What one month took and brought, each 0 or more, minor units; ``by_kind`` the same by kind, in their order."""

    month: str
    charged: int
    paid: int
    by_kind: tuple[KindTotal, ...] = ()


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


def roll_up(connection: Connection, chosen: ColumnElement[bool], first_id: int, last_id: int, **also: Any) -> None:
    """Move the balances of the ``chosen`` accounts, all of them from ``first_id`` to ``last_id``, by the rows that
    were appended behind their ``last_entry``.

    ``also``: columns of ``accounts`` that are written with it, to all that are chosen; else only those with new rows
    are touched.
    """
    new_rows = and_(
        ledger_entries.c.account_id == accounts.c.account_id,
        # the same range once more, for the planner: it does not see that it follows
        ledger_entries.c.account_id.between(first_id, last_id),
        ledger_entries.c.entry_id > accounts.c.last_entry,
    )
    new = (
        select(
            accounts.c.account_id,
            cast(func.coalesce(func.sum(SIGNED), 0), BigInteger).label("change"),
            func.coalesce(func.max(ledger_entries.c.entry_id), accounts.c.last_entry).label("last_entry"),
        )
        .select_from(accounts.join(ledger_entries, new_rows, isouter=bool(also)))
        .where(chosen)
        .group_by(accounts.c.account_id, accounts.c.last_entry)
        .subquery("new")
    )
    connection.execute(
        update(accounts)
        .where(accounts.c.account_id == new.c.account_id, chosen)
        .values(balance=accounts.c.balance + new.c.change, last_entry=new.c.last_entry, **also)
    )


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
        "reference": entry.reference,
    }


def entries_of_month(
    connection: Connection, account_id: int, month: str | None, limit: int, after: Position | None
) -> list[StoredEntry]:
    """At most ``limit`` rows, newest first, of one month or of all, behind ``after``."""
    return entries(connection, account_id, [] if month is None else [ledger_entries.c.month == month], limit, after)


def entries(
    connection: Connection,
    account_id: int,
    where: Sequence[ColumnElement[bool]],
    limit: int,
    after: Position | None,
) -> list[StoredEntry]:
    """At most ``limit`` rows for which all of ``where`` hold, newest first, behind ``after``."""
    columns = ledger_entries.c
    query = _ENTRIES.where(*where)
    if after is not None:
        at, entry_id = after
        query = query.where(or_(columns.at < at, and_(columns.at == at, columns.entry_id < entry_id)))
    query = query.order_by(columns.at.desc(), columns.entry_id.desc()).limit(limit)
    return [StoredEntry(*list(row)) for row in connection.execute(query, {"account_id": account_id})]


def entry(connection: Connection, account_id: int, entry_id: int) -> StoredEntry | None:
    """One row of the account; None where it has none of this number."""
    query = _ENTRIES.where(ledger_entries.c.entry_id == entry_id)
    row = connection.execute(query, {"account_id": account_id}).first()
    return StoredEntry(*list(row)) if row else None


def month_totals(connection: Connection, account_id: int, months: Sequence[str]) -> list[MonthTotal]:
    """What each of ``months`` took and brought, in their order; months without rows are zero."""
    columns = ledger_entries.c
    query = (
        select(columns.month, columns.kind, *TOTALS)
        .where(columns.account_id == account_id, columns.month.in_(months))
        .group_by(columns.month, columns.kind)
        .order_by(columns.kind)
    )
    found: dict[str, list[Any]] = {month: [] for month in months}
    for row in connection.execute(query):
        found[row.month].append(row)
    return [month_total(month, rows) for month, rows in found.items()]


def month_total(month: str, rows: Sequence[Any]) -> MonthTotal:
    """The sums of rows of kind, charged and paid."""
    kinds = tuple(KindTotal(row.kind, int(row.paid) - int(row.charged)) for row in rows)
    return MonthTotal(month, sum(int(row.charged) for row in rows), sum(int(row.paid) for row in rows), kinds)


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
