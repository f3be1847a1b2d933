"""A statement for any period, from the ledger (product.md A4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from tools.headend.domain.periods import month_of
from tools.headend.storage import ledger
from tools.headend.storage.ledger import SIGNED, TOTALS, MonthTotal, Position, StoredEntry
from tools.headend.storage.tables import accounts, ledger_entries


@dataclass(frozen=True, slots=True)
class Statement:
    """``opening`` before the first day, ``closing`` after the last one, minor units; ``total`` of what lies between."""

    first: date
    last: date
    opening: int
    total: MonthTotal

    @property
    def closing(self) -> int:
        return self.opening + self.total.paid - self.total.charged


def statement(connection: Connection, account_id: int, first: date, last: date) -> Statement:
    """The sums of ``first`` to ``last``, both included."""
    columns = ledger_entries.c
    since = (
        select(func.coalesce(func.sum(SIGNED), 0))
        .where(columns.account_id == account_id, columns.month >= month_of(first), columns.day >= first)
        .scalar_subquery()
    )
    # in one statement, so that balance and rows are of one state of the database
    opening = select(accounts.c.balance - since).where(accounts.c.account_id == account_id)
    between: Any = (
        select(columns.kind, *TOTALS)
        .where(columns.account_id == account_id, *_between(first, last))
        .group_by(columns.kind)
        .order_by(columns.kind)
    )
    rows = connection.execute(between).all()
    return Statement(
        first, last, int(connection.execute(opening).scalar_one()), ledger.month_total(month_of(first), rows)
    )


def entries_between(
    connection: Connection, account_id: int, first: date, last: date, limit: int, after: Position | None
) -> list[StoredEntry]:
    """At most ``limit`` rows of ``first`` to ``last``, newest first, behind ``after``."""
    return ledger.entries(connection, account_id, _between(first, last), limit, after)


def _between(first: date, last: date) -> list[ColumnElement[bool]]:
    # the month leads the index
    columns = ledger_entries.c
    return [columns.month.between(month_of(first), month_of(last)), columns.day.between(first, last)]
