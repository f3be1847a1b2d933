"""Loads what there is of Internet (``internet.yaml``, product.md I1)."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from urllib.parse import urlsplit

from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.catalogue import Item, ItemKind
from tools.headend.domain.internet import GIB, InternetRules, InternetTariff
from tools.headend.operators.nodes import SUM_MOST, local_text

_MBIT_MOST, _GIB_MOST = 10**6, 10**6


def load_internet(path: Path, known: Container[str]) -> tuple[InternetRules, dict[str, Item]]:
    """The rules, and the items for the catalogue; ``known``: the ids that are taken."""
    node = load_yaml(path).only("change_on_tv", "url", "tariffs", "options")
    items: dict[str, Item] = {}
    tariffs: dict[str, InternetTariff] = {}
    for each in node["tariffs"].items():
        item = _item(each.only("id", "name", "price", "alone", "mbit", "traffic_gb"), known, items)
        traffic = each.get("traffic_gb")
        tariffs[item.id] = InternetTariff(
            item_id=item.id,
            mbit=each["mbit"].integer(1, _MBIT_MOST),
            traffic=traffic.integer(1, _GIB_MOST) * GIB if traffic else None,
            alone=each["alone"].integer(item.price, SUM_MOST),
        )
    options = frozenset(_item(each.only("id", "name", "price"), known, items).id for each in node["options"].items())
    rules = InternetRules(node["change_on_tv"].boolean(), _url(node["url"]), tariffs, options)
    return rules, items


def _item(node: YamlNode, known: Container[str], items: dict[str, Item]) -> Item:
    item = Item(node["id"].text(), ItemKind.INTERNET, local_text(node["name"]), node["price"].integer(0, SUM_MOST))
    if item.id in known or item.id in items:
        raise node["id"].error(f"'{item.id}' is the id of something else that is sold")
    items[item.id] = item
    return item


def _url(node: YamlNode) -> str:
    parts = urlsplit(node.text())
    if parts.scheme != "https" or not parts.hostname:
        raise node.error(f"expected an https address, found '{node.text()}'")
    return node.text()
