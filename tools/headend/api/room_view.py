"""Rooms and equipment as JSON (product.md M1-M3, A8)."""

from __future__ import annotations

from typing import Any

from device.api.redaction import tail
from tools.headend.api.answers import money
from tools.headend.api.reading import Reading
from tools.headend.storage import accounts, rooms
from tools.headend.storage.accounts import StoredSubscription
from tools.headend.storage.rooms import RoomRow, StoredEquipment


def rooms_view(view: Reading) -> dict[str, Any]:
    """All rooms, and which one asks."""
    operator = view.operator
    found = rooms.rooms_of(view.connection, view.account_id)
    subscribed = accounts.subscriptions_of(view.connection, view.account_id, view.today)
    # of a fee that ends and one that goes on from today, the one that goes on counts
    fees = {each.room_id: each for each in sorted(subscribed, key=lambda each: each.ends_on is None) if each.room_id}
    here_first = any(each.first and each.chip_id == view.session.chip_id for each in found)
    price = operator.room_item().price_in(view.region.id)
    return {
        "items": [_room(view, each, fees.get(each.room_id)) for each in found],
        "rooms_max": operator.rooms_max,
        "free_places": max(0, operator.rooms_max - len(found)),
        "fee": money(price, operator.currency) if price is not None else None,
        "refused_here": [] if here_first else sorted(operator.rooms.extra_box_refused),
    }


def _room(view: Reading, room: RoomRow, fee: StoredSubscription | None) -> dict[str, Any]:
    return {
        "id": room.room_id,
        "name": room.name,
        "this_box": room.chip_id == view.session.chip_id,
        "first": room.first,
        "state": room.state,
        "model": room.model,
        "chip_id": tail(room.chip_id),
        "card_number": tail(room.card_number),
        "since": room.since.isoformat(),
        "fee": {
            "price": money(fee.price if fee else 0, view.operator.currency),
            "ends_on": fee.ends_on.isoformat() if fee and fee.ends_on else None,
        },
    }


def equipment_view(view: Reading) -> dict[str, Any]:
    """Box and card of every room, then what stands in none."""
    known = {each.number: each for each in rooms.equipment_of(view.connection, view.account_id)}
    subscribed = accounts.subscriptions_of(view.connection, view.account_id, view.today)
    rents = {each.item_id: each.price for each in subscribed if each.room_id is None}
    items: list[dict[str, Any]] = []
    for room in rooms.rooms_of(view.connection, view.account_id):
        for kind, number, model in (("box", room.chip_id, room.model), ("card", room.card_number, "")):
            named = known.pop(number, None)
            items.append(
                {
                    "kind": kind,
                    "model": model or (named.model if named else ""),
                    "number": tail(number),
                    "room": room.name,
                    "this_box": room.chip_id == view.session.chip_id,
                    **_whose(view, named, rents),
                    "since": room.since.isoformat(),
                }
            )
    items += [
        {
            "kind": each.kind,
            "model": each.model,
            "number": tail(each.number),
            "room": None,
            "this_box": False,
            **_whose(view, each, rents),
            "since": each.since.isoformat(),
        }
        for each in known.values()
    ]
    return {"items": items}


def _whose(view: Reading, named: StoredEquipment | None, rents: dict[str, int]) -> dict[str, Any]:
    fee = rents.get(named.item_id, 0) if named and named.item_id else 0
    return {
        "ownership": "rented" if named and named.rented else "own",
        "fee": money(fee, view.operator.currency),
    }
