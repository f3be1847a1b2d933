"""The rooms of an account, and the equipment in them, in the database (product.md M1, A8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, update

from tools.headend.storage.tables import equipment, rooms

_COLUMNS = (
    rooms.c.room_id,
    rooms.c.position,
    rooms.c.name,
    rooms.c.chip_id,
    rooms.c.card_number,
    rooms.c.model,
    rooms.c.first,
    rooms.c.state,
    rooms.c.since,
)
_ROOMS = select(*_COLUMNS).where(rooms.c.account_id == bindparam("account_id")).order_by(rooms.c.position)


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room with the box that stands in it and the card of that box."""

    room_id: str
    position: int
    name: str
    chip_id: str
    card_number: str
    model: str
    first: bool
    state: str
    since: date

    def to_json(self) -> dict[str, Any]:
        """What an order keeps of it."""
        return {**asdict(self), "since": self.since.isoformat()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> RoomRow:
        return cls(**{**kept, "since": date.fromisoformat(kept["since"])})


@dataclass(frozen=True, slots=True)
class StoredEquipment:
    """What is known of a piece of equipment besides its room. ``item_id``: what its rent is charged as."""

    number: str
    kind: str
    model: str
    rented: bool
    item_id: str | None
    since: date


def rooms_of(connection: Connection, account_id: int) -> list[RoomRow]:
    """In the order in which they came."""
    return [RoomRow(*row) for row in connection.execute(_ROOMS, {"account_id": account_id})]


def room(connection: Connection, account_id: int, room_id: str) -> RoomRow | None:
    row = connection.execute(_ROOMS.where(rooms.c.room_id == room_id), {"account_id": account_id}).first()
    return RoomRow(*row) if row else None


def put(connection: Connection, account_id: int, row: RoomRow) -> None:
    connection.execute(insert(rooms), {"account_id": account_id, **asdict(row)})


def remove(connection: Connection, account_id: int, room_id: str) -> None:
    connection.execute(delete(rooms).where(_is(account_id, room_id)))


def change(connection: Connection, account_id: int, room_id: str, **columns: Any) -> None:
    """Other values of some columns."""
    connection.execute(update(rooms).where(_is(account_id, room_id)).values(**columns))


def equipment_of(connection: Connection, account_id: int) -> list[StoredEquipment]:
    columns = equipment.c
    query = select(columns.number, columns.kind, columns.model, columns.rented, columns.item_id, columns.since).where(
        columns.account_id == account_id
    )
    return [StoredEquipment(*row) for row in connection.execute(query.order_by(columns.since, columns.number))]


def _is(account_id: int, room_id: str) -> ColumnElement[bool]:
    return and_(rooms.c.account_id == account_id, rooms.c.room_id == room_id)
