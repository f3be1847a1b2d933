"""Parental control in the database (product.md C1)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from tools.headend.storage.tables import parental

_SETTINGS = select(parental.c.age_limit, parental.c.order_limit, parental.c.hidden_packages).where(
    parental.c.account_id == bindparam("account_id")
)


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """What the parents set: ``age_limit`` in years, None: none; ``order_limit`` in minor units, None: the
    operator's."""

    age_limit: int | None = None
    order_limit: int | None = None
    hidden_packages: tuple[str, ...] = ()


def settings_of(connection: Connection, account_id: int) -> StoredSettings:
    row = connection.execute(_SETTINGS, {"account_id": account_id}).first()
    return StoredSettings(row.age_limit, row.order_limit, tuple(row.hidden_packages)) if row else StoredSettings()


def order_limit(connection: Connection, account_id: int, standard: int | None = None) -> int | None:
    """What new orders of a calendar month may cost, in minor units; ``standard``, the operator's
    (``operator.parental.order_limit``), where the account has none of its own."""
    own = settings_of(connection, account_id).order_limit
    return standard if own is None else own


def keep_settings(connection: Connection, account_id: int, settings: StoredSettings) -> None:
    """Write all of them, in place of what was set before."""
    values = {
        "age_limit": settings.age_limit,
        "order_limit": settings.order_limit,
        "hidden_packages": list(settings.hidden_packages),
    }
    changed = connection.execute(update(parental).where(parental.c.account_id == account_id).values(values))
    if not changed.rowcount:
        connection.execute(insert(parental).values(account_id=account_id, **values))
