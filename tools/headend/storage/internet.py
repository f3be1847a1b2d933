"""Internet on the account in the database (product.md I1)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, insert, or_, select, update

from tools.headend.domain.catalogue import ItemKind
from tools.headend.storage.tables import internet_traffic, subscriptions


def has_internet(connection: Connection, account_id: int, today: date) -> bool:
    """Whether an Internet tariff or option of the account is on today."""
    columns = subscriptions.c
    query = select(columns.subscription_id).where(
        columns.account_id == account_id,
        columns.kind == ItemKind.INTERNET.value,
        columns.since <= today,
        or_(columns.ends_on.is_(None), columns.ends_on >= today),
    )
    return connection.execute(query.limit(1)).first() is not None


def used_by_day(connection: Connection, account_id: int, first: date, last: date) -> dict[date, int]:
    """Bytes of each day from ``first`` to ``last`` that has any, oldest first."""
    columns = internet_traffic.c
    query = select(columns.day, columns.used).where(
        columns.account_id == account_id, columns.day >= first, columns.day <= last
    )
    return {row.day: int(row.used) for row in connection.execute(query.order_by(columns.day))}


def used_between(connection: Connection, account_id: int, first: date, last: date) -> int:
    columns = internet_traffic.c
    query = select(func.coalesce(func.sum(columns.used), 0)).where(
        columns.account_id == account_id, columns.day >= first, columns.day <= last
    )
    return int(connection.execute(query).scalar_one())


def keep_used(connection: Connection, account_id: int, day: date, used: int) -> None:
    """Set what ``day`` used, in bytes; said again it replaces what was said before."""
    mine = internet_traffic.c.account_id == account_id
    changed = connection.execute(update(internet_traffic).where(mine, internet_traffic.c.day == day).values(used=used))
    if not changed.rowcount:
        connection.execute(insert(internet_traffic).values(account_id=account_id, day=day, used=used))
