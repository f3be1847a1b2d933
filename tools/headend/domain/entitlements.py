"""What a card may open (product.md M2, P10, T6). Pure.

A temporary block blocks everything; a stop for debt blocks what is not paid, and only that. A card opens nothing once
it or its box was revoked.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date

from tools.headend.domain.account import ServiceState
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.orders import Held

_NO_PRODUCTS = frozenset({ItemKind.ROOM, ItemKind.INTERNET})
"""Kinds that no card opens."""

Paid = tuple[str, str | None]
"""A charge by item and by the name of the TV that it is for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A room with its card."""

    room_id: str
    name: str
    card_number: str
    first: bool
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Charged:
    """A ledger row that charges (``amount`` above 0) or returns (below 0) what pays for today."""

    number: int
    item_id: str
    room: str | None
    amount: int


def entitled(
    state: ServiceState, today: date, held: Iterable[Held], places: Iterable[Place], paid: Set[Paid]
) -> dict[str, tuple[str, ...]]:
    """The products of every card of the account, in order; ``paid`` counts only where it is stopped.

    A package is held once an account and opens on every running TV (M2); an extra TV runs while its own fee does.
    """
    if state is ServiceState.SUSPENDED:
        return {place.card_number: () for place in places}
    stopped = state is ServiceState.STOPPED
    names = {place.room_id: place.name for place in places}
    running = [
        each
        for each in held
        if each.runs_on(today)
        and (not stopped or (each.item_id, names.get(each.room_id) if each.room_id else None) in paid)
    ]
    products = tuple(sorted({each.item_id for each in running if each.kind not in _NO_PRODUCTS}))
    rooms = {each.room_id for each in running if each.kind is ItemKind.ROOM}

    def opens(place: Place) -> bool:
        return not place.revoked and (place.first or place.room_id in rooms)

    return {place.card_number: products if opens(place) else () for place in places}


def paid_items(charges: Iterable[Charged], overdue: int) -> frozenset[Paid]:
    """What of the charges for today is paid where ``overdue`` (minor units) is not: the last ones are the unpaid ones.

    What was charged and returned again is neither. One that is paid in part is not paid.
    """
    sums: dict[Paid, int] = {}
    last: dict[Paid, int] = {}
    for each in charges:
        key = (each.item_id, each.room)
        sums[key] = sums.get(key, 0) + each.amount
        if each.amount > 0:
            last[key] = max(last.get(key, 0), each.number)
    left = max(0, overdue)
    paid: set[Paid] = set()
    for key in sorted(last, key=lambda key: last[key], reverse=True):
        if sums[key] <= 0:
            continue
        if left <= 0:
            paid.add(key)
        left -= sums[key]
    return frozenset(paid)
