"""Autopayment in the database (product.md P5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.autopay import AutopayState, Mode
from tools.headend.storage.tables import accounts, autopays


@dataclass(frozen=True, slots=True)
class StoredAutopay:
    """An account's autopayment; instants in milliseconds, ``threshold`` minor units, ``day`` of the month."""

    state: str
    mode: str
    threshold: int | None
    day: int | None
    method_id: str | None
    payment_id: str | None
    failures: int
    next_at: int | None
    consented_at: int


_COLUMNS = [autopays.c[name] for name in StoredAutopay.__slots__]
_SLEEPING = and_(
    autopays.c.state == AutopayState.ARMED.value,
    autopays.c.mode == Mode.THRESHOLD.value,
    autopays.c.next_at.is_(None),
)


def autopay_of(connection: Connection, account_id: int) -> StoredAutopay | None:
    """None where it is off."""
    row = connection.execute(select(*_COLUMNS).where(autopays.c.account_id == account_id)).first()
    return StoredAutopay(*row) if row else None


def keep(connection: Connection, account_id: int, stored: StoredAutopay) -> None:
    """Write it instead of what was there."""
    switch_off(connection, account_id)
    values = {name: getattr(stored, name) for name in StoredAutopay.__slots__}
    connection.execute(insert(autopays).values(account_id=account_id, **values))


def change(connection: Connection, account_id: int, **values: Any) -> None:
    connection.execute(update(autopays).where(autopays.c.account_id == account_id).values(values))


def switch_off(connection: Connection, account_id: int) -> None:
    connection.execute(delete(autopays).where(autopays.c.account_id == account_id))


def due(connection: Connection, now: datetime, limit: int) -> list[int]:
    """Accounts whose autopayment is to be looked at, those that wait longest first."""
    columns = autopays.c
    query = select(columns.account_id).where(columns.next_at <= milliseconds(now)).order_by(columns.next_at)
    return [row.account_id for row in connection.execute(query.limit(limit))]


def wake(connection: Connection, now: datetime, which: ColumnElement[bool], within: ColumnElement[bool]) -> None:
    """Have those looked at whose own money is below their threshold; ``which``: of ``accounts``; ``within``: the same
    of ``autopays``, or more."""
    low = exists().where(
        accounts.c.account_id == autopays.c.account_id,
        accounts.c.balance - accounts.c.promised < autopays.c.threshold,
        which,
    )
    connection.execute(update(autopays).where(_SLEEPING, within, low).values(next_at=milliseconds(now)))
