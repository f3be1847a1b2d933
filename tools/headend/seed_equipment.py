"""Puts a household's equipment into the database: what is rented, the router, boxes that are of no account yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from tools.headend.domain.periods import local_date
from tools.headend.households.model import Household
from tools.headend.identity.records import UNPAIRED
from tools.headend.storage.tables import boxes, cards, equipment

Identity = tuple[dict[str, Any], dict[str, Any]]
"""The rows of a box and of its card."""


def seed_equipment(connection: Connection, household: Household, now: datetime) -> None:
    """What product.md A8 shows beside the rooms."""
    today = local_date(now, household.region.time_zone)
    owner = {"account_id": int(household.account_number)}
    rows = [
        {
            **owner,
            "number": each.number,
            "kind": each.kind,
            "model": each.model,
            "rented": each.rented,
            "item_id": each.item,
            "since": each.since.on(today),
        }
        for each in household.equipment
    ]
    rows += [
        {
            **owner,
            "number": box.chip_id,
            "kind": "box",
            "model": box.model,
            "rented": True,
            "item_id": None,
            "since": box.since.on(today),
        }
        for box in household.boxes
        if box.rented
    ]
    if rows:
        connection.execute(insert(equipment), rows)


def seed_spares(connection: Connection, identities: Iterable[Identity]) -> None:
    """Boxes and cards that are registered and of nobody (product.md M1)."""
    for box, card in identities:
        connection.execute(insert(boxes), {**box, "account_id": None, "state": UNPAIRED})
        connection.execute(insert(cards), {**card, "account_id": None, "chip_id": None, "state": UNPAIRED})
