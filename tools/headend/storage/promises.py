"""Promised payments in the database (product.md P4). Open means: booked into the balance and not taken back yet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.ledger import WALLET, EntryKind
from tools.headend.domain.promises import PromiseState
from tools.headend.storage.tables import accounts, ledger_entries, promises


@dataclass(frozen=True, slots=True)
class StoredPromise:
    """A row; sums in minor units, instants in milliseconds."""

    account_id: int
    promise_id: str
    state: str
    amount: int
    fee: int
    own_before: int
    entry_id: int
    granted_at: int
    due_on: date
    back_on: date
    ended_at: int | None
    cleared_at: int | None


def add(connection: Connection, granted: StoredPromise) -> None:
    """A granted promise; the account's ``promised`` follows."""
    connection.execute(insert(promises), asdict(granted))
    _set_promised(connection, granted.account_id, granted.amount)


def open_promise(connection: Connection, account_id: int) -> StoredPromise | None:
    """The one that is open; None without one."""
    query = select(promises).where(promises.c.account_id == account_id, promises.c.state == PromiseState.ACTIVE.value)
    row = connection.execute(query).first()
    return StoredPromise(*row) if row else None


def owes_last(connection: Connection, account_id: int) -> bool:
    """Whether a promise was taken back and what it had covered is still owed."""
    query = select(promises.c.promise_id).where(
        promises.c.account_id == account_id,
        promises.c.state == PromiseState.OVERDUE.value,
        promises.c.cleared_at.is_(None),
    )
    return connection.execute(query.limit(1)).first() is not None


def end(connection: Connection, promise: StoredPromise, now: datetime) -> None:
    """Repaid: it is taken back, and nothing of it is owed."""
    at = milliseconds(now)
    connection.execute(
        update(promises)
        .where(promises.c.account_id == promise.account_id, promises.c.promise_id == promise.promise_id)
        .values(state=PromiseState.REPAID.value, ended_at=at, cleared_at=at)
    )
    _set_promised(connection, promise.account_id, 0)


def clear(connection: Connection, account_id: int, now: datetime) -> None:
    """What overdue promises had covered is paid."""
    connection.execute(
        update(promises)
        .where(
            promises.c.account_id == account_id,
            promises.c.state == PromiseState.OVERDUE.value,
            promises.c.cleared_at.is_(None),
        )
        .values(cleared_at=milliseconds(now))
    )


def paid_since(connection: Connection, account_id: int, entry_id: int) -> int:
    """What came in behind the ledger row ``entry_id``: payments and transfers to the account, minor units."""
    columns = ledger_entries.c
    came_in = or_(
        columns.kind == EntryKind.PAYMENT.value,
        and_(columns.kind == EntryKind.TRANSFER.value, columns.credit == WALLET),
    )
    query = select(func.coalesce(func.sum(columns.amount), 0)).where(
        columns.account_id == account_id, columns.entry_id > entry_id, came_in
    )
    return int(connection.execute(query).scalar_one())


def history(connection: Connection, account_id: int, limit: int, after: tuple[int, str] | None) -> list[StoredPromise]:
    """At most ``limit`` promises, newest first, behind ``after`` (``granted_at`` and id of a page's last)."""
    columns = promises.c
    query = select(promises).where(columns.account_id == account_id)
    if after is not None:
        at, promise_id = after
        query = query.where(
            or_(columns.granted_at < at, and_(columns.granted_at == at, columns.promise_id < promise_id))
        )
    query = query.order_by(columns.granted_at.desc(), columns.promise_id.desc()).limit(limit)
    return [StoredPromise(*row) for row in connection.execute(query)]


def _set_promised(connection: Connection, account_id: int, amount: int) -> None:
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(promised=amount))
