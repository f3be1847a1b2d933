"""Changes of TVs as orders (product.md M1, M2, T5): add, stop, start again, remove. Pure.

An extra TV costs the fee of the room item; the first one is included and can neither be stopped nor removed. What a
plan does to boxes and cards stands in ``RoomOperation.data``, with all that undoing needs:

``add``     name, chip_id, card_number, model
``remove``  the room's row: name, chip_id, card_number, model, position, since, state
``state``   to and was: running, stopped
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.headend.domain.declined import Declined
from tools.headend.domain.orders import (
    ADD_ROOM,
    REMOVE_ROOM,
    ROOM_STATE,
    End,
    Held,
    HeldRoom,
    Line,
    Plan,
    RoomChange,
    RoomOperation,
    Situation,
    begun,
    ended,
    resumed,
)
from tools.headend.domain.rooms import room_name, same_room_name

RUNNING, STOPPED = "running", "stopped"


@dataclass(frozen=True, slots=True)
class AddRoom(RoomChange):
    """One more TV: a box that is of no account with a card that is of no box, known to be so when it was asked."""

    name: str
    chip_id: str
    card_number: str
    model: str

    def plan(self, situation: Situation) -> Plan:
        name = room_name(self.name)
        if len(situation.rooms) >= situation.operator.rooms_max:
            raise Declined("rooms_full", rooms_max=situation.operator.rooms_max)
        if any(same_room_name(name, each.name) for each in situation.rooms):
            raise Declined("room_name_taken")
        room = HeldRoom(situation.new_id(), name, first=False, state=RUNNING)
        data = {"name": name, "chip_id": self.chip_id, "card_number": self.card_number, "model": self.model}
        return _fee_from_today(situation, room).then(Plan(rooms=(RoomOperation(ADD_ROOM, room.room_id, data),)))


@dataclass(frozen=True, slots=True)
class StopRoom(RoomChange):
    """The fee ends with the paid period, the TV works as long; it keeps its place."""

    room_id: str

    def plan(self, situation: Situation) -> Plan:
        room = _extra(situation, self.room_id)
        if room.state != RUNNING:
            raise Declined("room_state")
        made = Plan(rooms=(RoomOperation(ROOM_STATE, room.room_id, {"to": STOPPED, "was": RUNNING}),))
        for fee in _fees(situation, room):
            if fee.going:
                made = ended(situation, fee, room=room.name).then(made)
        return made


@dataclass(frozen=True, slots=True)
class StartRoom(RoomChange):
    """A stopped TV goes on: at no cost while its fee is still paid, else by the part of the month (T5)."""

    room_id: str

    def plan(self, situation: Situation) -> Plan:
        room = _extra(situation, self.room_id)
        if room.state != STOPPED:
            raise Declined("room_state")
        paid = next((fee for fee in _fees(situation, room) if fee.runs_on(situation.today)), None)
        fee = _fee_from_today(situation, room) if paid is None else resumed(situation, paid, room=room.name)
        return fee.then(Plan(rooms=(RoomOperation(ROOM_STATE, room.room_id, {"to": RUNNING, "was": STOPPED}),)))


@dataclass(frozen=True, slots=True)
class RemoveRoom(RoomChange):
    """The box and its card leave the account at once, the place is free; nothing is returned (T5)."""

    room_id: str
    row: Mapping[str, Any]
    """The room's row, JSON-like, for the one who undoes it."""

    def plan(self, situation: Situation) -> Plan:
        room = _extra(situation, self.room_id)
        made = Plan(rooms=(RoomOperation(REMOVE_ROOM, room.room_id, dict(self.row)),))
        for fee in _fees(situation, room):
            line = Line(fee.item_id, fee.kind, fee.price, ends=situation.today, room_id=room.room_id, room=room.name)
            made = Plan((line,), (End(fee.subscription_id, situation.today, fee.ends_on),)).then(made)
        return made


def _extra(situation: Situation, room_id: str) -> HeldRoom:
    room = next((each for each in situation.rooms if each.room_id == room_id), None)
    if room is None:
        raise Declined("not_found", "this account has no such room")
    if room.first:
        raise Declined("room_first")
    return room


def _fees(situation: Situation, room: HeldRoom) -> list[Held]:
    """What is charged for the room, today or later."""
    return [
        each
        for each in situation.held
        if each.room_id == room.room_id and (each.ends_on is None or each.ends_on >= max(situation.today, each.since))
    ]


def _fee_from_today(situation: Situation, room: HeldRoom) -> Plan:
    item = situation.operator.room_item()
    price = situation.price(item)
    if price is None:
        raise Declined("item_not_sold", item=item.id)
    return begun(situation, item, price, room=room)
