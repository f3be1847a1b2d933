"""Credit mode in the database (product.md P6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.credit import CreditState, late_on
from tools.headend.storage.tables import accounts, credits


@dataclass(frozen=True, slots=True)
class StoredCredit:
    """A row: one time that credit mode was on; ``limit`` in minor units, instants in milliseconds."""

    account_id: int
    credit_id: str
    state: str
    limit: int
    due_day: int
    due_on: date
    late_on: date
    begun_at: int
    ended_at: int | None


def current(connection: Connection, account_id: int) -> StoredCredit | None:
    """The one that is on; None in advance mode."""
    query = select(credits).where(credits.c.account_id == account_id, credits.c.state != CreditState.ENDED.value)
    row = connection.execute(query).first()
    return StoredCredit(*row) if row else None


def begin(connection: Connection, row: Mapping[str, Any]) -> None:
    """Switch on; the account's mode and limit follow."""
    connection.execute(insert(credits), row)
    _set_mode(connection, row["account_id"], on=True, limit=row["limit"])


def end(connection: Connection, credit: StoredCredit, now: datetime) -> None:
    """Switch off: back to advance."""
    _change(connection, credit, state=CreditState.ENDED.value, ended_at=milliseconds(now))
    _set_mode(connection, credit.account_id, on=False, limit=0)


def restore(connection: Connection, credit: StoredCredit, due_on: date) -> None:
    """The limit that was held back counts again, until ``due_on``."""
    _change(connection, credit, state=CreditState.ACTIVE.value, due_on=due_on, late_on=late_on(due_on))
    _set_mode(connection, credit.account_id, on=True, limit=credit.limit)


def _change(connection: Connection, credit: StoredCredit, **values: Any) -> None:
    connection.execute(
        update(credits)
        .where(credits.c.account_id == credit.account_id, credits.c.credit_id == credit.credit_id)
        .values(values)
    )


def _set_mode(connection: Connection, account_id: int, *, on: bool, limit: int) -> None:
    values = {"credit_mode": on, "credit_limit": limit}
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))
