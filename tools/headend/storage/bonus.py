"""Bonus points in the database (product.md B1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, literal, or_, select, update

from tools.headend.domain.bonus import Grant
from tools.headend.domain.ledger import Posting
from tools.headend.storage.tables import (
    accounts,
    bonus_entries,
    bonus_exchanges,
    bonus_grants,
    bonus_members,
    ledger_entries,
    orders,
)

_MEMBER = select(bonus_members.c.joined_at, bonus_members.c.left_at, bonus_members.c.base, bonus_members.c.owed).where(
    bonus_members.c.account_id == bindparam("account_id")
)


@dataclass(frozen=True, slots=True)
class StoredMember:
    """Who ever joined; instants in milliseconds, ``left_at`` None while he takes part; ``owed`` points."""

    joined_at: int
    left_at: int | None
    base: int
    owed: int

    @property
    def active(self) -> bool:
        return self.left_at is None


@dataclass(frozen=True, slots=True)
class StoredBonusEntry:
    """A row of the history; ``points`` signed, ``at`` milliseconds."""

    entry_id: str
    at: int
    day: date
    kind: str
    points: int
    base: int
    reference: str
    taken: list[list[Any]] | None


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """What points were exchanged for; ``amount`` of a discount in minor units."""

    exchange_id: str
    reward_id: str
    kind: str
    points: int
    amount: int
    amount_left: int
    state: str
    at: int
    over_on: date | None


def member(connection: Connection, account_id: int) -> StoredMember | None:
    row = connection.execute(_MEMBER, {"account_id": account_id}).first()
    return StoredMember(*row) if row else None


def keep_member(connection: Connection, account_id: int, **values: Any) -> None:
    """Change the member's row, or make it."""
    changed = connection.execute(update(bonus_members).where(bonus_members.c.account_id == account_id).values(**values))
    if not changed.rowcount:
        connection.execute(insert(bonus_members).values(account_id=account_id, **values))


def grants_of(connection: Connection, account_id: int, now: int) -> list[Grant]:
    """What is left, oldest first; ``now`` in milliseconds decides what an undo may still take back."""
    columns = bonus_grants.c
    undoable = (
        select(orders.c.order_id)
        .where(
            orders.c.account_id == columns.account_id,
            literal("order:").concat(orders.c.order_id) == columns.grant_id,
            orders.c.undone_at.is_(None),
            orders.c.undo_until >= now,
        )
        .exists()
    )
    query = (
        select(columns.grant_id, columns.points_left, columns.expires_on, undoable)
        .where(columns.account_id == account_id, columns.points_left > 0)
        .order_by(columns.expires_on, columns.grant_id)
    )
    return [Grant(row[0], int(row[1]), row[2], bool(row[3])) for row in connection.execute(query)]


def grants_named(connection: Connection, account_id: int, parts: Sequence[tuple[str, int]]) -> list[Grant]:
    """Grants by their ids, spent ones too."""
    columns = bonus_grants.c
    query = select(columns.grant_id, columns.points_left, columns.expires_on).where(
        columns.account_id == account_id, columns.grant_id.in_([grant_id for grant_id, _ in parts])
    )
    return [Grant(row.grant_id, int(row.points_left), row.expires_on) for row in connection.execute(query)]


def add_grant(
    connection: Connection, account_id: int, grant_id: str, points: int, granted_on: date, expires_on: date
) -> None:
    connection.execute(
        insert(bonus_grants).values(
            account_id=account_id,
            grant_id=grant_id,
            points=points,
            points_left=points,
            granted_on=granted_on,
            expires_on=expires_on,
        )
    )


def change_left(connection: Connection, account_id: int, parts: Iterable[tuple[str, int]]) -> None:
    """Add to what is left of each grant; a negative number takes."""
    columns = bonus_grants.c
    for grant_id, points in parts:
        connection.execute(
            update(bonus_grants)
            .where(columns.account_id == account_id, columns.grant_id == grant_id)
            .values(points_left=columns.points_left + points)
        )


def write_entry(connection: Connection, account_id: int, **values: Any) -> None:
    connection.execute(insert(bonus_entries).values(account_id=account_id, **values))


def entries_by(connection: Connection, account_id: int, reference: str) -> list[StoredBonusEntry]:
    """The history of one thing, e.g. of ``order:ID``, oldest first."""
    columns = bonus_entries.c
    query = _entries(account_id).where(columns.reference == reference)
    return [StoredBonusEntry(*row) for row in connection.execute(query.order_by(columns.at, columns.entry_id))]


def history(
    connection: Connection, account_id: int, limit: int, after: tuple[int, str] | None
) -> list[StoredBonusEntry]:
    """At most ``limit`` rows that changed the points, newest first, behind ``after`` (``at`` and id)."""
    columns = bonus_entries.c
    query = _entries(account_id).where(columns.points != 0)
    if after is not None:
        at, entry_id = after
        query = query.where(or_(columns.at < at, and_(columns.at == at, columns.entry_id < entry_id)))
    query = query.order_by(columns.at.desc(), columns.entry_id.desc()).limit(limit)
    return [StoredBonusEntry(*row) for row in connection.execute(query)]


def _entries(account_id: int) -> Any:
    columns = bonus_entries.c
    return select(
        columns.entry_id,
        columns.at,
        columns.day,
        columns.kind,
        columns.points,
        columns.base,
        columns.reference,
        columns.taken,
    ).where(columns.account_id == account_id)


def exchanges_of(connection: Connection, account_id: int, limit: int) -> list[StoredExchange]:
    """The last ``limit`` exchanges, newest first."""
    columns = bonus_exchanges.c
    query = (
        select(*[each for each in columns if each is not columns.account_id])
        .where(columns.account_id == account_id)
        .order_by(columns.at.desc(), columns.exchange_id.desc())
        .limit(limit)
    )
    return [StoredExchange(*row) for row in connection.execute(query)]


def add_exchange(connection: Connection, account_id: int, **values: Any) -> None:
    connection.execute(insert(bonus_exchanges).values(account_id=account_id, **values))


def end_exchange(connection: Connection, account_id: int, exchange_id: str, state: str, following: str) -> bool:
    """Take an exchange from ``state`` to the following one; False where there is none in it."""
    columns = bonus_exchanges.c
    mine = and_(columns.account_id == account_id, columns.exchange_id == exchange_id, columns.state == state)
    return connection.execute(update(bonus_exchanges).where(mine).values(state=following)).rowcount == 1


def postings_of(connection: Connection, account_id: int, numbers: Sequence[int]) -> list[tuple[Posting, str | None]]:
    """Rows of the ledger by their numbers: what moved, and what it belongs to."""
    columns = ledger_entries.c
    query = select(columns.debit, columns.credit, columns.amount, columns.reference).where(
        columns.account_id == account_id, columns.entry_id.in_(numbers)
    )
    return [(Posting(row.debit, row.credit, row.amount), row.reference) for row in connection.execute(query)]


def postings_under(connection: Connection, account_id: int, references: Sequence[str]) -> list[Posting]:
    """Everything in the ledger that belongs to these."""
    columns = ledger_entries.c
    query = select(columns.debit, columns.credit, columns.amount).where(
        columns.account_id == account_id, columns.reference.in_(references)
    )
    return [Posting(row.debit, row.credit, row.amount) for row in connection.execute(query)]


def keep_points(connection: Connection, account_id: int) -> None:
    """Write the sum of what is left into the account."""
    columns = bonus_grants.c
    left = (
        select(func.coalesce(func.sum(columns.points_left), 0))
        .where(columns.account_id == account_id)
        .scalar_subquery()
    )
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(bonus_points=left))


def next_expiry(_settled: date) -> ColumnElement[Any]:
    """A due source (runs/due.py): when the next points expire."""
    columns = bonus_grants.c
    return (
        select(func.min(columns.expires_on))
        .where(columns.account_id == accounts.c.account_id, columns.points_left > 0)
        .correlate(accounts)
        .scalar_subquery()
    )


def next_service_over(_settled: date) -> ColumnElement[Any]:
    """A due source: when the next service that points paid for is over."""
    columns = bonus_exchanges.c
    return (
        select(func.min(columns.over_on))
        .where(columns.account_id == accounts.c.account_id, columns.state == "active")
        .correlate(accounts)
        .scalar_subquery()
    )


def waiting_discount(connection: Connection, account_id: int) -> int:
    """What the next monthly fees will be less by, minor units."""
    columns = bonus_exchanges.c
    query = select(func.coalesce(func.sum(columns.amount_left), 0)).where(
        columns.account_id == account_id, columns.state == "waiting"
    )
    return int(connection.execute(query).scalar_one())


def rewards_of(connection: Connection, account_id: int, references: Iterable[str]) -> dict[str, str]:
    """Which reward the exchanges among ``references`` were for, by the id of the exchange."""
    ids = [each.removeprefix("exchange:") for each in references if each.startswith("exchange:")]
    columns = bonus_exchanges.c
    query = select(columns.exchange_id, columns.reward_id).where(
        columns.account_id == account_id, columns.exchange_id.in_(ids)
    )
    return {row.exchange_id: row.reward_id for row in connection.execute(query)} if ids else {}
