"""What is sold, as the account sees it: its region's prices, what it has of it (product.md T1-T4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tools.headend.api.answers import money
from tools.headend.api.order_view import name_of
from tools.headend.api.reading import Reading
from tools.headend.domain.catalogue import Channel, Item, ItemKind, Operator
from tools.headend.domain.orders import Held
from tools.headend.storage import orders, parental


@dataclass(frozen=True, slots=True)
class Shop:
    """What somebody may choose from: the operator's sales in one region, and what he has of them by item."""

    operator: Operator
    region_id: str
    today: date
    held: Mapping[str, Held]

    def offered(self, *kinds: ItemKind) -> list[tuple[Item, int, bool]]:
        """Items with the price that holds for him and whether they can be ordered here, in the catalogue's order."""
        found: list[tuple[Item, int, bool]] = []
        for item in self.operator.items.values():
            price, held = item.price_in(self.region_id), self.held.get(item.id)
            if item.kind in kinds and (price is not None or held is not None):
                # what he agreed to when he ordered it stays his price
                shown = held.price if held else price
                found.append((item, shown or 0, price is not None))
        return found

    def channels_of(self, item_id: str) -> set[str]:
        return {each.id for each in self.operator.channels.values() if item_id in each.items}


def shop(view: Reading) -> Shop:
    """The sales as this account sees them."""
    held = orders.held(view.connection, view.account_id, view.today)
    by_item = {each.item_id: each for each in sorted(held, key=lambda each: each.going)}
    return Shop(view.operator, view.region.id, view.today, by_item)


def tariffs_view(found: Shop) -> dict[str, Any]:
    """``GET /v1/tariffs``: those of the region, cheapest first, compared with today's."""
    tariffs = [each for each in found.held.values() if each.kind is ItemKind.TARIFF]
    current = next((each.item_id for each in tariffs if each.runs_on(found.today)), "")
    having = found.channels_of(current)
    items = []
    for item, price, sold in sorted(found.offered(ItemKind.TARIFF), key=lambda each: each[1]):
        channels = found.channels_of(item.id)
        state = "current" if item.id == current else "coming" if item.id in found.held else "available"
        items.append(
            {
                "id": item.id,
                "name": dict(item.name),
                "price": money(price, found.operator.currency),
                "channels": len(channels),
                "hd_channels": sum(found.operator.channels[each].hd for each in channels),
                "more_channels": len(channels - having),
                "fewer_channels": len(having - channels),
                "state": state,
                "can_be_ordered": sold,
            }
        )
    return {"items": items}


def tariff_history_view(view: Reading) -> dict[str, Any]:
    """``GET /v1/tariffs/history``: newest first."""
    found = orders.tariffs_held(view.connection, view.account_id)
    return {
        "items": [
            {
                "id": each.item_id,
                "name": dict(name_of(view.operator, each.item_id)),
                "price": money(each.price, view.operator.currency),
                "since": each.since.isoformat(),
                "ends_on": _day(each.ends_on),
            }
            for each in found
        ]
    }


def packages_view(view: Reading) -> dict[str, Any]:
    """``GET /v1/packages``: packages, options and paid subscriptions of the region."""
    found = shop(view)
    hidden = set(parental.settings_of(view.connection, view.account_id).hidden_packages)
    items = []
    for item, price, sold in found.offered(ItemKind.PACKAGE, ItemKind.OPTION):
        held = found.held.get(item.id)
        items.append(
            {
                "id": item.id,
                "kind": item.kind.value,
                "name": dict(item.name),
                "price": money(price, view.operator.currency),
                "channels": len(found.channels_of(item.id)),
                "age": item.age,
                "adult": item.adult,
                "hidden": item.id in hidden,
                "requires": sorted(item.requires),
                "excludes": sorted(item.excludes),
                "state": "available" if held is None else "active" if held.going else "ending",
                "subscription": held.subscription_id if held else None,
                "ends_on": _day(held.ends_on) if held else None,
                "can_be_ordered": sold,
            }
        )
    return {"items": items}


def channels_view(found: Shop, shown: Iterable[Channel]) -> list[dict[str, Any]]:
    """Channels of ``GET /v1/channels``."""
    operator = found.operator
    having = {item_id for item_id, each in found.held.items() if each.runs_on(found.today)}

    def channel(each: Channel) -> dict[str, Any]:
        held = found.held.get(each.single) if each.single else None
        price = operator.items[each.single].price_in(found.region_id) if each.single else None
        return {
            "id": each.id,
            "number": each.number,
            "name": each.name,
            "genre": {"id": each.genre, "name": dict(operator.genres[each.genre])},
            "age": each.age,
            "adult": each.adult,
            "hd": each.hd,
            "items": sorted(each.items),
            "included": bool(having & each.items),
            "chosen": held is not None and held.going,
            "price": money(price, operator.currency) if price is not None else None,
        }

    return [channel(each) for each in shown]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
