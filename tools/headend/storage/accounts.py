"""Accounts, rooms, subscriptions and messages in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from tools.headend.clock import milliseconds
from tools.headend.storage.prepared import Prepared, Row
from tools.headend.storage.tables import accounts, messages, rooms, subscriptions

_OF_ACCOUNT = select(accounts).where(accounts.c.account_id == bindparam("account_id"))
_ACCOUNT = Prepared(_OF_ACCOUNT)
_LOCKED = Prepared(_OF_ACCOUNT.with_for_update())
_ROOMS = Prepared(
    select(rooms.c.room_id, rooms.c.name, rooms.c.chip_id, rooms.c.model, rooms.c.state, rooms.c.first)
    .where(rooms.c.account_id == bindparam("account_id"))
    .order_by(rooms.c.position)
)
_NOT_OVER = (
    select(
        subscriptions.c.subscription_id,
        subscriptions.c.item_id,
        subscriptions.c.room_id,
        subscriptions.c.since,
        subscriptions.c.ends_on,
        subscriptions.c.kind,
        subscriptions.c.price,
    )
    .where(
        subscriptions.c.account_id == bindparam("account_id"),
        or_(subscriptions.c.ends_on.is_(None), subscriptions.c.ends_on >= bindparam("today")),
    )
    .order_by(subscriptions.c.position)
)
_SUBSCRIPTIONS = Prepared(_NOT_OVER.where(subscriptions.c.since <= bindparam("today")))
# what was called off before its first day never runs
_ALL_SUBSCRIPTIONS = Prepared(
    _NOT_OVER.where(or_(subscriptions.c.ends_on.is_(None), subscriptions.c.ends_on >= subscriptions.c.since))
)
_UNREAD = Prepared(
    select(func.count()).where(messages.c.account_id == bindparam("account_id"), messages.c.read_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account's row; sums in minor units, days of its region."""

    account_id: int
    region_id: str
    contract_number: str
    holder_name: str
    address: str
    phone: str
    email: str
    service_state: str
    service_since: date | None
    service_until: date | None
    credit_limit: int
    bonus_points: int
    balance: int
    last_entry: int
    contract_since: date
    credit_mode: bool
    charged_through: date
    due_on: date
    order_count: int
    version: int
    promised: int
    suspends_on: date | None
    settled_on: date | None

    @property
    def own_money(self) -> int:
        """The balance without an open promised payment, minor units; below 0: owed."""
        return self.balance - self.promised


@dataclass(frozen=True, slots=True)
class StoredRoom:
    """A TV of the account."""

    room_id: str
    name: str
    chip_id: str
    model: str
    state: str
    first: bool


@dataclass(frozen=True, slots=True)
class StoredSubscription:
    """Something that the account is charged for by the month."""

    subscription_id: str
    item_id: str
    room_id: str | None
    since: date
    ends_on: date | None
    kind: str
    price: int


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message of the operator; instants in milliseconds, ``read_at`` None while unread."""

    message_id: str
    at: int
    title: Mapping[str, str]
    text: Mapping[str, str]
    read_at: int | None


def account(connection: Connection, account_id: int) -> StoredAccount:
    """KeyError: no such account."""
    return _stored(_ACCOUNT.first(connection, {"account_id": account_id}), account_id)


def locked(connection: Connection, account_id: int) -> StoredAccount:
    """The same, locked to the end of the transaction (PostgreSQL; SQLite has one writer). KeyError: no such account."""
    return _stored(_LOCKED.first(connection, {"account_id": account_id}), account_id)


def _stored(row: Row | None, account_id: int) -> StoredAccount:
    if row is None:
        raise KeyError(account_id)
    return StoredAccount(*row)


def rooms_of(connection: Connection, account_id: int) -> list[StoredRoom]:
    return [StoredRoom(*row) for row in _ROOMS.rows(connection, {"account_id": account_id})]


def subscriptions_of(connection: Connection, account_id: int, today: date) -> list[StoredSubscription]:
    """Those that run today."""
    found = _SUBSCRIPTIONS.rows(connection, {"account_id": account_id, "today": today})
    return [StoredSubscription(*row) for row in found]


def all_subscriptions_of(connection: Connection, account_id: int, today: date) -> list[StoredSubscription]:
    """Those that run today, and those that begin later."""
    found = _ALL_SUBSCRIPTIONS.rows(connection, {"account_id": account_id, "today": today})
    return [StoredSubscription(*row) for row in found]


def unread_messages(connection: Connection, account_id: int) -> int:
    ((unread,),) = _UNREAD.rows(connection, {"account_id": account_id})
    return int(unread)


def messages_of(
    connection: Connection, account_id: int, limit: int, after: tuple[int, str] | None
) -> list[StoredMessage]:
    """At most ``limit`` messages, newest first, behind ``after`` (``at`` and id of a page's last)."""
    columns = messages.c
    query = select(columns.message_id, columns.at, columns.title, columns.text, columns.read_at)
    query = query.where(columns.account_id == account_id)
    if after is not None:
        at, message_id = after
        query = query.where(or_(columns.at < at, and_(columns.at == at, columns.message_id < message_id)))
    query = query.order_by(columns.at.desc(), columns.message_id.desc()).limit(limit)
    return [StoredMessage(*row) for row in connection.execute(query)]


def mark_read(connection: Connection, account_id: int, message_id: str, now: datetime) -> bool | None:
    """Mark a message as read; True where it was not before, False where it was, None where there is none."""
    mine: Any = and_(messages.c.account_id == account_id, messages.c.message_id == message_id)
    changed = connection.execute(
        update(messages).where(mine, messages.c.read_at.is_(None)).values(read_at=milliseconds(now))
    )
    if changed.rowcount:
        return True
    return None if connection.execute(select(messages.c.at).where(mine)).first() is None else False
