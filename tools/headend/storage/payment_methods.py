"""Saved cards in the database (product.md P2)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from tools.headend.storage.tables import payment_methods


@dataclass(frozen=True, slots=True)
class StoredMethod:
    """A saved card; ``provider_id`` charges it, ``expires`` is YYYY-MM, ``saved_at`` milliseconds."""

    method_id: str
    provider_id: str
    system: str
    last4: str
    expires: str
    saved_at: int


_COLUMNS = [payment_methods.c[name] for name in StoredMethod.__slots__]


def methods_of(connection: Connection, account_id: int) -> list[StoredMethod]:
    """The account's cards, in the order in which they were saved."""
    columns = payment_methods.c
    query = select(*_COLUMNS).where(columns.account_id == account_id).order_by(columns.saved_at, columns.method_id)
    return [StoredMethod(*row) for row in connection.execute(query)]


def method(connection: Connection, account_id: int, method_id: str) -> StoredMethod | None:
    columns = payment_methods.c
    query = select(*_COLUMNS).where(columns.account_id == account_id, columns.method_id == method_id)
    row = connection.execute(query).first()
    return StoredMethod(*row) if row else None


def add(connection: Connection, account_id: int, stored: StoredMethod) -> None:
    values = {name: getattr(stored, name) for name in StoredMethod.__slots__}
    connection.execute(insert(payment_methods).values(account_id=account_id, **values))


def remove(connection: Connection, account_id: int, method_id: str) -> None:
    columns = payment_methods.c
    connection.execute(delete(payment_methods).where(columns.account_id == account_id, columns.method_id == method_id))
