"""Quotes, orders and the subscriptions that they change, in the database (product.md T5)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.orders import End, Held, HeldRoom, Line, Open, Plan, SubscriptionOperation
from tools.headend.storage.database import Database
from tools.headend.storage.tables import accounts, orders, rooms, subscriptions

KEPT = timedelta(days=1)
"""How long a quote that was not confirmed is still known, so that a late OK learns why it comes too late."""
_AT_ONCE = 500
QUOTED, CONFIRMED, UNDONE = "quoted", "confirmed", "undone"

_PLANS = TypeAdapter(Plan)
_HELD = (
    subscriptions.c.subscription_id,
    subscriptions.c.item_id,
    subscriptions.c.kind,
    subscriptions.c.price,
    subscriptions.c.since,
    subscriptions.c.ends_on,
    subscriptions.c.room_id,
)
_ROOMS = (
    select(rooms.c.room_id, rooms.c.name, rooms.c.first, rooms.c.state)
    .where(rooms.c.account_id == bindparam("account_id"))
    .order_by(rooms.c.position)
)
_LAST_POSITION = select(func.coalesce(func.max(subscriptions.c.position), -1)).where(
    subscriptions.c.account_id == bindparam("account_id")
)
_SPENT = select(func.coalesce(func.sum(orders.c.spending), 0)).where(
    orders.c.account_id == bindparam("account_id"),
    orders.c.confirmed_at >= bindparam("first"),
    orders.c.confirmed_at < bindparam("end"),
    orders.c.undone_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """A quote and what became of it; instants in milliseconds, ``changes`` JSON-like, as they were asked."""

    order_id: str
    state: str
    changes: Sequence[dict[str, Any]]
    plan: Plan
    basis: int
    room: str | None
    created_at: int
    expires_at: int
    confirmed_at: int | None
    undo_until: int | None
    undone_at: int | None

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.plan.lines


@dataclass(frozen=True, slots=True)
class Ordered:
    """Where something was ordered and by which order; ``room`` is the TV's name for channel tv."""

    channel: str
    room: str | None
    order_id: str | None


def held(connection: Connection, account_id: int, today: date) -> list[Held]:
    """What runs today or will, in the order in which it was connected."""
    columns = subscriptions.c
    last = or_(columns.ends_on.is_(None), and_(columns.ends_on >= today, columns.ends_on >= columns.since))
    query = select(*_HELD).where(columns.account_id == account_id, last).order_by(columns.position)
    return [_held(row) for row in connection.execute(query)]


def held_named(connection: Connection, account_id: int, subscription_ids: Collection[str]) -> list[Held]:
    """Those of ``subscription_ids`` that the account has or had."""
    columns = subscriptions.c
    found: list[Held] = []
    ids = sorted(subscription_ids)
    # a statement takes some thousand parameters
    for first in range(0, len(ids), _AT_ONCE):
        some = columns.subscription_id.in_(ids[first : first + _AT_ONCE])
        query = select(*_HELD).where(columns.account_id == account_id, some).order_by(columns.position)
        found += [_held(row) for row in connection.execute(query)]
    return found


def tariffs_held(connection: Connection, account_id: int) -> list[Held]:
    """Every tariff that this account has, had or will have, newest first; those that never ran are left out (T1)."""
    columns = subscriptions.c
    query = (
        select(*_HELD)
        .where(
            columns.account_id == account_id,
            columns.kind == ItemKind.TARIFF.value,
            or_(columns.ends_on.is_(None), columns.ends_on >= columns.since),
        )
        .order_by(columns.since.desc(), columns.position.desc())
    )
    return [_held(row) for row in connection.execute(query)]


def _held(row: Any) -> Held:
    return Held(row[0], row[1], ItemKind(row[2]), row[3], row[4], row[5], row[6])


def rooms_held(connection: Connection, account_id: int) -> list[HeldRoom]:
    return [HeldRoom(*row) for row in connection.execute(_ROOMS, {"account_id": account_id})]


def operate(
    connection: Connection, account_id: int, operations: Sequence[SubscriptionOperation], ordered: Ordered
) -> None:
    """Carry out ``operations``, one after the other."""
    position = int(connection.execute(_LAST_POSITION, {"account_id": account_id}).scalar_one())
    for operation in operations:
        match operation:
            case Open():
                position += 1
                row = {
                    "account_id": account_id,
                    "subscription_id": operation.subscription_id,
                    "position": position,
                    "item_id": operation.item_id,
                    "room_id": operation.room_id,
                    "since": operation.since,
                    "ends_on": None,
                    "kind": operation.kind.value,
                    "price": operation.price,
                    "order_channel": ordered.channel,
                    "order_room": ordered.room,
                    "order_id": ordered.order_id,
                }
                connection.execute(insert(subscriptions), row)
            case End(subscription_id, ends_on):
                _end(connection, account_id, subscription_id, ends_on)


def revert(connection: Connection, account_id: int, operations: Sequence[SubscriptionOperation]) -> None:
    """Leave no trace of ``operations``, last one first."""
    for operation in reversed(operations):
        match operation:
            case Open(subscription_id):
                connection.execute(delete(subscriptions).where(_mine(account_id, subscription_id)))
            case End(subscription_id, _, was):
                _end(connection, account_id, subscription_id, was)


def _end(connection: Connection, account_id: int, subscription_id: str, ends_on: date | None) -> None:
    connection.execute(update(subscriptions).where(_mine(account_id, subscription_id)).values(ends_on=ends_on))


def _mine(account_id: int, subscription_id: str) -> Any:
    return and_(subscriptions.c.account_id == account_id, subscriptions.c.subscription_id == subscription_id)


def keep_quote(connection: Connection, account_id: int, quote: StoredOrder) -> None:
    """Write a new quote."""
    document = _PLANS.dump_python(quote.plan, mode="json")
    row = {
        "account_id": account_id,
        "order_id": quote.order_id,
        "state": quote.state,
        "changes": list(quote.changes),
        "plan": {"subscriptions": document["subscriptions"], "rooms": document["rooms"]},
        "lines": document["lines"],
        "total": quote.plan.total,
        "spending": quote.plan.spending,
        "basis": quote.basis,
        "room": quote.room,
        "created_at": quote.created_at,
        "expires_at": quote.expires_at,
    }
    connection.execute(insert(orders), row)


def order(connection: Connection, account_id: int, order_id: str) -> StoredOrder | None:
    """A quote or order of this account."""
    query = select(orders).where(orders.c.account_id == account_id, orders.c.order_id == order_id)
    row = connection.execute(query).first()
    return _order(row) if row else None


def orders_of(connection: Connection, account_id: int, limit: int, after: tuple[int, str] | None) -> list[StoredOrder]:
    """At most ``limit`` confirmed orders, newest first, behind ``after`` (``confirmed_at`` and id of a page's last)."""
    columns = orders.c
    query = select(orders).where(columns.account_id == account_id, columns.confirmed_at.is_not(None))
    if after is not None:
        at, order_id = after
        query = query.where(
            or_(columns.confirmed_at < at, and_(columns.confirmed_at == at, columns.order_id < order_id))
        )
    query = query.order_by(columns.confirmed_at.desc(), columns.order_id.desc()).limit(limit)
    return [_order(row) for row in connection.execute(query)]


def _order(row: Any) -> StoredOrder:
    return StoredOrder(
        order_id=row.order_id,
        state=row.state,
        changes=row.changes,
        plan=_PLANS.validate_python({**row.plan, "lines": row.lines}),
        basis=row.basis,
        room=row.room,
        created_at=row.created_at,
        expires_at=row.expires_at,
        confirmed_at=row.confirmed_at,
        undo_until=row.undo_until,
        undone_at=row.undone_at,
    )


def confirm(connection: Connection, account_id: int, order_id: str, at: int, undo_until: int) -> None:
    """The quote has become an order, which makes every other quote of the account outdated."""
    _set(connection, account_id, order_id, state=CONFIRMED, confirmed_at=at, undo_until=undo_until)


def undo(connection: Connection, account_id: int, order_id: str, at: int) -> None:
    """The order is undone, which makes every quote of the account outdated."""
    _set(connection, account_id, order_id, state=UNDONE, undone_at=at)


def _set(connection: Connection, account_id: int, order_id: str, **values: Any) -> None:
    mine = and_(orders.c.account_id == account_id, orders.c.order_id == order_id)
    connection.execute(update(orders).where(mine).values(values))
    counted = update(accounts).where(accounts.c.account_id == account_id)
    connection.execute(counted.values(order_count=accounts.c.order_count + 1))


def spent(connection: Connection, account_id: int, first: datetime, end: datetime) -> int:
    """What orders took that were confirmed from ``first`` to before ``end`` and not undone, minor units (C1)."""
    values = {"account_id": account_id, "first": milliseconds(first), "end": milliseconds(end)}
    return int(connection.execute(_SPENT, values).scalar_one())


def tidy(database: Database, now: datetime) -> int:
    """Forget quotes that expired a while ago and were never confirmed; returns how many went."""
    gone = and_(orders.c.state == QUOTED, orders.c.expires_at < milliseconds(now - KEPT))
    return database.write(lambda connection: connection.execute(delete(orders).where(gone)).rowcount)
