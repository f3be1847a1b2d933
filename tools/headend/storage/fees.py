"""What an account is charged for by the month, with what its charges tell, and that it is served again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, or_, select, update

from tools.headend.domain.account import ServiceState
from tools.headend.storage.tables import accounts, rooms, subscriptions


@dataclass(frozen=True, slots=True)
class StoredFee:
    """A subscription that is on; ``price`` minor units a month, ``room`` the name of the TV that the fee is for."""

    subscription_id: str
    item_id: str
    kind: str
    price: int
    since: date
    ends_on: date | None
    room: str | None
    order_channel: str
    order_room: str | None


def fees_on(connection: Connection, account_id: int, day: date) -> list[StoredFee]:
    """Everything that is on that day, in the order in which it is charged."""
    columns = subscriptions.c
    query = (
        select(
            columns.subscription_id,
            columns.item_id,
            columns.kind,
            columns.price,
            columns.since,
            columns.ends_on,
            rooms.c.name,
            columns.order_channel,
            columns.order_room,
        )
        .select_from(
            subscriptions.outerjoin(
                rooms, and_(rooms.c.account_id == columns.account_id, rooms.c.room_id == columns.room_id)
            )
        )
        .where(
            columns.account_id == account_id,
            columns.since <= day,
            or_(columns.ends_on.is_(None), columns.ends_on >= day),
        )
        .order_by(columns.position, columns.subscription_id)
    )
    return [StoredFee(*row) for row in connection.execute(query)]


def serve_again(connection: Connection, account_id: int, charged_through: date) -> None:
    """The stopped or suspended account is active again, and charged through this day."""
    connection.execute(
        update(accounts)
        .where(accounts.c.account_id == account_id)
        .values(
            service_state=ServiceState.ACTIVE.value,
            service_since=None,
            service_until=None,
            charged_through=charged_through,
        )
    )
