"""The queue of refreshes: which card is to be told again what it may watch, and how far that has come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, insert, literal, or_, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.entitlements import Charged
from tools.headend.domain.ledger import WALLET
from tools.headend.domain.periods import month_of
from tools.headend.identity.records import REVOKED
from tools.headend.storage.tables import accounts, boxes, card_refreshes, cards, ledger_entries, rooms

QUEUED, SENT, ACKNOWLEDGED = "queued", "sent", "acknowledged"

_BOX_OWNER = select(boxes.c.account_id).where(boxes.c.chip_id == bindparam("number"))
_OWNER = select(cards.c.account_id).where(cards.c.card_number == bindparam("number"))


@dataclass(frozen=True, slots=True)
class StoredRefresh:
    """One card's row; instants in milliseconds, None where it has not come so far since ``requested_at``."""

    account_id: int
    card_number: str
    state: str
    reason: str
    generation: int
    requested_at: int
    sent_at: int | None
    acknowledged_at: int | None


_COLUMNS = (
    card_refreshes.c.account_id,
    card_refreshes.c.card_number,
    card_refreshes.c.state,
    card_refreshes.c.reason,
    card_refreshes.c.generation,
    card_refreshes.c.requested_at,
    card_refreshes.c.sent_at,
    card_refreshes.c.acknowledged_at,
)


def queue(connection: Connection, account_id: int, reason: str, now: datetime) -> None:
    """Every card of one account, whose row the caller has locked."""
    queue_where(connection, accounts.c.account_id == account_id, reason, now)


def queue_where(connection: Connection, which: ColumnElement[bool], reason: str, now: datetime) -> None:
    """Every card of the accounts ``which`` (a condition on ``accounts``), all of them locked by the caller.

    Two statements however many accounts there are. Cards that were queued already stay one row.
    """
    at = milliseconds(now)
    mine = select(accounts.c.account_id).where(which).scalar_subquery()
    connection.execute(update(card_refreshes).where(card_refreshes.c.account_id.in_(mine)).values(_queued(reason, at)))
    known = exists().where(
        card_refreshes.c.account_id == rooms.c.account_id, card_refreshes.c.card_number == rooms.c.card_number
    )
    columns = ["account_id", "card_number", "state", "reason", "requested_at", "due_at"]
    missing = (
        select(rooms.c.account_id, rooms.c.card_number, literal(QUEUED), literal(reason), literal(at), literal(at))
        .where(rooms.c.account_id.in_(mine), ~known)
        .distinct()
    )
    connection.execute(insert(card_refreshes).from_select(columns, missing))


def _queued(reason: str, at: int) -> dict[str, object]:
    return {
        "state": QUEUED,
        "reason": reason,
        "requested_at": at,
        "due_at": at,
        "sent_at": None,
        "acknowledged_at": None,
    }


def refreshes_of(connection: Connection, account_id: int) -> list[StoredRefresh]:
    query = select(*_COLUMNS).where(card_refreshes.c.account_id == account_id)
    return [StoredRefresh(*row) for row in connection.execute(query)]


def due(connection: Connection, now: datetime, limit: int) -> list[StoredRefresh]:
    """What the worker has to look at, oldest first."""
    columns = card_refreshes.c
    query = (
        select(*_COLUMNS)
        .where(columns.state.in_((QUEUED, SENT)), columns.due_at <= milliseconds(now))
        .order_by(columns.due_at, columns.account_id, columns.card_number)
        .limit(limit)
    )
    return [StoredRefresh(*row) for row in connection.execute(query)]


def refresh_of(connection: Connection, account_id: int, card_number: str) -> StoredRefresh | None:
    columns = card_refreshes.c
    query = select(*_COLUMNS).where(columns.account_id == account_id, columns.card_number == card_number)
    row = connection.execute(query).first()
    return StoredRefresh(*row) if row else None


def mark_sent(
    connection: Connection, refresh: StoredRefresh, generation: int, now: datetime, look_again: timedelta
) -> None:
    """The message ``generation`` goes out now; unless the card takes it before, it is looked at ``look_again`` on."""
    at = milliseconds(now)
    values = {"state": SENT, "generation": generation, "sent_at": at, "due_at": milliseconds(now + look_again)}
    connection.execute(update(card_refreshes).where(_row(refresh)).values(values))


def mark_acknowledged(connection: Connection, refresh: StoredRefresh, now: datetime) -> bool:
    """The card has the message of ``refresh.generation``; False where a later one is on its way already."""
    mine = and_(_row(refresh), card_refreshes.c.state == SENT, card_refreshes.c.generation == refresh.generation)
    done = update(card_refreshes).where(mine).values(state=ACKNOWLEDGED, acknowledged_at=milliseconds(now))
    return connection.execute(done).rowcount == 1


def put_off(connection: Connection, refresh: StoredRefresh, due_at: datetime, *, queued: bool) -> None:
    """It has not got through: to be looked at again at ``due_at``, or (``queued``) to be sent anew then.

    The request stays the one that it was; a later one is left alone.
    """
    same = and_(_row(refresh), card_refreshes.c.requested_at == refresh.requested_at)
    waiting = and_(same, card_refreshes.c.state.in_((QUEUED, SENT)))
    values = {"due_at": milliseconds(due_at), **({"state": QUEUED} if queued else {})}
    connection.execute(update(card_refreshes).where(waiting).values(values))


def forget(connection: Connection, account_id: int, card_numbers: Collection[str]) -> None:
    """Rows of cards that are no longer this account's."""
    columns = card_refreshes.c
    gone = card_refreshes.delete().where(columns.account_id == account_id, columns.card_number.in_(card_numbers))
    connection.execute(gone)


def _row(refresh: StoredRefresh) -> ColumnElement[bool]:
    return and_(card_refreshes.c.account_id == refresh.account_id, card_refreshes.c.card_number == refresh.card_number)


def charges_for(connection: Connection, account_id: int, today: date) -> list[Charged]:
    """The ledger's rows that charge or return what pays for ``today``; part of the month is looked at, no more."""
    columns = ledger_entries.c
    query = select(columns.entry_id, columns.item_id, columns.room, columns.amount, columns.debit).where(
        columns.account_id == account_id,
        columns.month == month_of(today),
        columns.item_id.is_not(None),
        columns.period_first <= today,
        columns.period_last >= today,
        or_(columns.debit == WALLET, columns.credit == WALLET),
    )
    return [
        Charged(row.entry_id, row.item_id, row.room, row.amount if row.debit == WALLET else -row.amount)
        for row in connection.execute(query)
    ]


def revoked_cards(connection: Connection, account_id: int) -> set[str]:
    """The cards in the account's rooms that were revoked themselves, or whose box was."""
    cards_and_boxes = rooms.join(cards, cards.c.card_number == rooms.c.card_number).join(
        boxes, boxes.c.chip_id == rooms.c.chip_id
    )
    query = select(rooms.c.card_number).select_from(cards_and_boxes)
    revoked = or_(cards.c.state == REVOKED, boxes.c.state == REVOKED)
    return set(connection.execute(query.where(rooms.c.account_id == account_id, revoked)).scalars())


def queue_owner(connection: Connection, thing: str, which: str, now: datetime) -> None:
    """The cards of the account that a ``box`` or ``card`` belongs to; nothing where it is of none."""
    query = _BOX_OWNER if thing == "box" else _OWNER
    owner = connection.execute(query, {"number": which}).scalar()
    if owner is not None:
        connection.execute(select(accounts.c.account_id).where(accounts.c.account_id == owner).with_for_update())
        queue(connection, owner, f"{thing} state", now)


def card_owner(connection: Connection, card_number: str) -> int | None:
    """Whose the card is now; None: nobody's."""
    owner: int | None = connection.execute(_OWNER, {"number": card_number}).scalar()
    return owner


def next_generation(connection: Connection, card_number: str) -> int:
    """The number of the card's next message."""
    mine = cards.c.card_number == card_number
    connection.execute(update(cards).where(mine).values(generation=cards.c.generation + 1))
    return int(connection.execute(select(cards.c.generation).where(mine)).scalar_one())


def announce(connection: Connection, account_id: int) -> None:
    """A new version of the account, so that its open TVs look again, whichever process they ask."""
    mine = accounts.c.account_id == account_id
    connection.execute(update(accounts).where(mine).values(version=accounts.c.version + 1))
