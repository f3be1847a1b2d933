"""What an order does to TVs, carried out and taken back (product.md M1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tools.headend.domain.declined import Declined
from tools.headend.domain.notices import Event
from tools.headend.domain.orders import ADD_ROOM, REMOVE_ROOM, ROOM_STATE, RoomOperation
from tools.headend.domain.room_orders import RUNNING, AddRoom, RemoveRoom
from tools.headend.domain.rooms import same_room_name
from tools.headend.storage import pairing, rooms
from tools.headend.storage.rooms import RoomRow
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import Work


def refuse_extra_box(work: Work) -> None:
    """Declined extra_box_refused where the operator lets only the first TV change rooms (product.md M3)."""
    if "rooms" in work.operator.rooms.extra_box_refused:
        found = rooms.rooms_of(work.connection, work.account_id)
        if not any(each.first and each.chip_id == work.chip_id for each in found):
            raise Declined("extra_box_refused")


def found_box(work: Work, pairing_id: str, name: str) -> AddRoom:
    """The change that adds a box which this account has found; Declined pairing_refused where it cannot be had now."""
    found = pairing.found_by(work.connection, pairing_id, work.account_id, work.now)
    model = pairing.free_box(work.connection, found.chip_id, found.card_number) if found else None
    if found is None or model is None:
        raise Declined("pairing_refused")
    return AddRoom(name, found.chip_id, found.card_number, model)


def removal(work: Work, room_id: str) -> RemoveRoom:
    """The change that removes a room; Declined not_found."""
    row = rooms.room(work.connection, work.account_id, room_id)
    if row is None:
        raise Declined("not_found", "this account has no such room")
    return RemoveRoom(room_id, row.to_json())


def carry_out(work: Work, operations: Sequence[RoomOperation]) -> None:
    """Do them, one after the other; Declined where one may no longer be. Called before the subscriptions change."""
    for operation in operations:
        _DO[operation.kind](work, operation.room_id, operation.data)


def take_back(work: Work, operations: Sequence[RoomOperation]) -> None:
    """Undo them, the last one first; Declined ``undo_superseded`` where something later builds on one."""
    for operation in reversed(operations):
        _UNDO[operation.kind](work, operation.room_id, operation.data)


def _add(work: Work, room_id: str, data: Mapping[str, Any]) -> None:
    if not pairing.take(work.connection, work.account_id, data["chip_id"], data["card_number"], work.now):
        raise Declined("pairing_refused", "the box or its card came to another account meanwhile")
    others = rooms.rooms_of(work.connection, work.account_id)
    if any(same_room_name(data["name"], each.name) for each in others):
        raise Declined("room_name_taken")
    position = max((each.position for each in others), default=-1) + 1
    row = RoomRow(room_id, position, first=False, state=RUNNING, since=work.today, **data)
    rooms.put(work.connection, work.account_id, row)
    tell(work, Event.ROOM_CHANGED, {"name": row.name})


def _added_back(work: Work, room_id: str, data: Mapping[str, Any]) -> None:
    """The room that was added goes, with the very box that was added: another one there is another's business."""
    row = rooms.room(work.connection, work.account_id, room_id)
    if row is None or (row.chip_id, row.card_number) != (data["chip_id"], data["card_number"]):
        raise Declined("undo_superseded")
    _leave(work, row)


def _remove(work: Work, room_id: str, data: Mapping[str, Any]) -> None:
    row = rooms.room(work.connection, work.account_id, room_id)
    if row is None or row != RoomRow.from_json(data):
        # renamed or moved since the price was asked for: what undoing would bring back is not what is here
        raise Declined("quote_outdated")
    _leave(work, row)


def _removed_back(work: Work, _room_id: str, data: Mapping[str, Any]) -> None:
    row = RoomRow.from_json(data)
    others = rooms.rooms_of(work.connection, work.account_id)
    if len(others) >= work.operator.rooms_max or any(same_room_name(row.name, each.name) for each in others):
        raise Declined("undo_superseded")
    if not pairing.take(work.connection, work.account_id, row.chip_id, row.card_number, work.now):
        raise Declined("undo_superseded", "the box or its card came to another account meanwhile")
    rooms.put(work.connection, work.account_id, row)
    tell(work, Event.ROOM_CHANGED, {"name": row.name})


def _leave(work: Work, row: RoomRow) -> None:
    rooms.remove(work.connection, work.account_id, row.room_id)
    pairing.release(work.connection, work.account_id, row.chip_id, row.card_number)
    tell(work, Event.ROOM_CHANGED, {"name": row.name})


def _set_state(work: Work, room_id: str, data: Mapping[str, Any]) -> None:
    _turn(work, room_id, data["was"], data["to"], "quote_outdated")


def _set_state_back(work: Work, room_id: str, data: Mapping[str, Any]) -> None:
    _turn(work, room_id, data["to"], data["was"], "undo_superseded")


def _turn(work: Work, room_id: str, was: str, to: str, otherwise: str) -> None:
    row = rooms.room(work.connection, work.account_id, room_id)
    if row is None or row.state != was:
        raise Declined(otherwise)
    rooms.change(work.connection, work.account_id, room_id, state=to)
    tell(work, Event.ROOM_CHANGED, {"name": row.name})


_Step = Callable[[Work, str, Mapping[str, Any]], None]
_DO: Mapping[str, _Step] = {ADD_ROOM: _add, REMOVE_ROOM: _remove, ROOM_STATE: _set_state}
_UNDO: Mapping[str, _Step] = {ADD_ROOM: _added_back, REMOVE_ROOM: _removed_back, ROOM_STATE: _set_state_back}
