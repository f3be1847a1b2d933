"""Linked telephone numbers in the database (product.md A7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from tools.headend.storage.tables import accounts, linked_numbers, number_owners

_NUMBERS = (
    select(*[each for each in linked_numbers.c if each is not linked_numbers.c.account_id])
    .where(linked_numbers.c.account_id == bindparam("account_id"))
    .order_by(linked_numbers.c.requested_at, linked_numbers.c.number_id)
)


@dataclass(frozen=True, slots=True)
class StoredNumber:
    """A number as it stands; instants in milliseconds, days of the account's region."""

    number_id: str
    number: str
    state: str
    reason: str | None
    requested_at: int
    next_on: date | None
    late_on: date
    decided_at: int | None


def numbers_of(connection: Connection, account_id: int) -> list[StoredNumber]:
    """All of them, in the order in which they were asked for."""
    return [StoredNumber(*row) for row in connection.execute(_NUMBERS, {"account_id": account_id})]


def add_number(connection: Connection, account_id: int, number: StoredNumber) -> None:
    values = {name: getattr(number, name) for name in StoredNumber.__slots__}
    connection.execute(insert(linked_numbers).values(account_id=account_id, **values))


def change_number(connection: Connection, account_id: int, number_id: str, **values: Any) -> None:
    connection.execute(update(linked_numbers).where(_mine(account_id, number_id)).values(**values))


def remove_number(connection: Connection, account_id: int, number_id: str) -> None:
    connection.execute(delete(linked_numbers).where(_mine(account_id, number_id)))


def owner_of(connection: Connection, number: str) -> int | None:
    """The account that a number is linked to."""
    return connection.execute(select(number_owners.c.account_id).where(number_owners.c.number == number)).scalar()


def own(connection: Connection, account_id: int, number: str) -> None:
    connection.execute(insert(number_owners).values(number=number, account_id=account_id))


def disown(connection: Connection, account_id: int, number: str) -> None:
    columns = number_owners.c
    connection.execute(delete(number_owners).where(columns.number == number, columns.account_id == account_id))


def next_step(_settled: date) -> ColumnElement[Any]:
    """A due source (runs/due.py): when time moves the next number on."""
    columns = linked_numbers.c
    return (
        select(func.min(columns.next_on))
        .where(columns.account_id == accounts.c.account_id)
        .correlate(accounts)
        .scalar_subquery()
    )


def _mine(account_id: int, number_id: str) -> ColumnElement[bool]:
    return (linked_numbers.c.account_id == account_id) & (linked_numbers.c.number_id == number_id)
