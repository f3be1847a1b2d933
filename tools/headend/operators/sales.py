"""Loads what an operator sells: ``catalogue.yaml``, ``channels.yaml`` and the rules of orders, ``orders.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.catalogue import Channel, Item, ItemKind, OrderRules
from tools.headend.domain.texts import LANGUAGES, LocalText
from tools.headend.operators.nodes import local_text

_ID = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_MAX_AGE = 21
_MAX_PRICE = 10**9


@dataclass(frozen=True, slots=True)
class Sales:
    """Everything that is sold; ``items`` holds the channels that are sold singly, too."""

    items: Mapping[str, Item]
    genres: Mapping[str, LocalText]
    channels: Mapping[str, Channel]
    orders: OrderRules


def load_sales(folder: Path, regions: Iterable[str]) -> Sales:
    """The operator's sales from its ``folder``; YamlError at the line where a file of it cannot be used."""
    items = _items(load_yaml(folder / "catalogue.yaml").only("items")["items"], tuple(regions))
    node = load_yaml(folder / "channels.yaml").only("genres", "channels")
    genres: dict[str, LocalText] = {}
    for each in node["genres"].items():
        genres[_new_id(each.only("id", "name")["id"], genres)] = local_text(each["name"])
    channels, sold = _channels(node["channels"], genres, items)
    rules = load_yaml(folder / "orders.yaml").only("quote_seconds", "undo_seconds")
    orders = OrderRules(rules["quote_seconds"].integer(1, 86400), rules["undo_seconds"].integer(0, 86400))
    return Sales({**items, **sold}, genres, channels, orders)


def _items(nodes: YamlNode, regions: tuple[str, ...]) -> dict[str, Item]:
    items: dict[str, Item] = {}
    for node in nodes.items():
        node.only("id", "kind", "name", "price", "regions", "requires", "excludes", "age")
        age, regional = node.get("age"), node.get("regions")
        item = Item(
            id=_new_id(node["id"], items),
            kind=ItemKind(node["kind"].choice("tariff", "package", "option", "room")),
            name=local_text(node["name"]),
            price=node["price"].integer(0, _MAX_PRICE),
            regional=_regional(regional.only(*regions)) if regional else {},
            requires=frozenset(_texts(node, "requires")),
            excludes=frozenset(_texts(node, "excludes")),
            age=age.integer(0, _MAX_AGE) if age else 0,
        )
        items[item.id] = item
    for node in nodes.items():
        for key in ("requires", "excludes"):
            for other in _texts(node, key):
                if other not in items or other == node["id"].text():
                    raise node[key].error(f"'{other}' is no other item of this file")
    if sum(item.kind is ItemKind.ROOM for item in items.values()) != 1:
        raise nodes.error("expected exactly one item of kind room, the fee for one more TV")
    return items


def _regional(node: YamlNode) -> dict[str, int | None]:
    """``{ural: 23000, primorye: none}``: another price, or not sold there."""
    found: dict[str, int | None] = {}
    for region, price in node.entries():
        found[region] = None if price.text() == "none" else price.integer(0, _MAX_PRICE)
    return found


def _channels(
    nodes: YamlNode, genres: Mapping[str, LocalText], items: Mapping[str, Item]
) -> tuple[dict[str, Channel], dict[str, Item]]:
    """The channels, and the items under which single ones are sold."""
    channels: dict[str, Channel] = {}
    sold: dict[str, Item] = {}
    numbers: set[int] = set()
    of_items = [each.id for each in items.values() if each.kind in (ItemKind.TARIFF, ItemKind.PACKAGE)]
    for node in nodes.items():
        node.only("number", "id", "name", "genre", "age", "hd", "in", "single")
        channel_id, number, single = _new_id(node["id"], channels), node["number"].integer(1, 9999), node.get("single")
        if number in numbers:
            raise node["number"].error(f"channel {number} stands here twice")
        numbers.add(number)
        name, age = node["name"].text(), node["age"].integer(0, _MAX_AGE)
        item_id = None
        if single is not None:
            item_id = f"channel-{channel_id}"
            price = single.integer(0, _MAX_PRICE)
            sold[item_id] = Item(item_id, ItemKind.CHANNEL, dict.fromkeys(LANGUAGES, name), price, age=age)
        channels[channel_id] = Channel(
            id=channel_id,
            number=number,
            name=name,
            genre=node["genre"].choice(*genres),
            age=age,
            hd=node["hd"].boolean(),
            items=frozenset(each.choice(*of_items) for each in node["in"].items()),
            single=item_id,
        )
    return channels, sold


def _texts(node: YamlNode, key: str) -> list[str]:
    child = node.get(key)
    return child.texts() if child else []


def _new_id(node: YamlNode, known: Iterable[str]) -> str:
    """An id that is good in a path and in a column, and no number."""
    if not _ID.fullmatch(node.text()):
        raise node.error(f"expected an id of small letters, digits, '-' and '_', found '{node.text()}'")
    if node.text() in known:
        raise node.error(f"'{node.text()}' stands here twice")
    return node.text()
