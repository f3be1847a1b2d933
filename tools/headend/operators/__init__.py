"""Loads an operator's rules and catalogue; every complaint names file and line (device.api.yaml_file)."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from device.api.errors import ConfigError
from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.catalogue import Item, ItemKind, Limit, Operator, Region
from tools.headend.domain.texts import LANGUAGES, LocalText

FOLDER = Path(__file__).parent


def operator_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """The operators that can be chosen, by name."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/rules.yaml")))


def load_operator(name: str, folder: Path = FOLDER) -> Operator:
    """The operator ``name``; ConfigError where it does not exist or a file of it cannot be used."""
    if name not in operator_names(folder):
        raise ConfigError(f"no operator is named '{name}'", remedy=f"known: {', '.join(operator_names(folder))}")
    rules = load_yaml(folder / name / "rules.yaml").only(
        "title",
        "currency",
        "rounding",
        "rooms_max",
        "phone_pattern",
        "ending_notice_days",
        "limits",
        "card_claimed_reads",
        "regions",
    )
    limits = rules["limits"].only("box", "address")
    return Operator(
        name=name,
        title=local_text(rules["title"]),
        currency=_currency(rules["currency"]),
        rounding=rules["rounding"].integer(1),
        rooms_max=rules["rooms_max"].integer(1),
        phone_pattern=rules["phone_pattern"].text(),
        ending_notice_days=rules["ending_notice_days"].integer(0, 31),
        box_limit=_limit(limits["box"]),
        address_limit=_limit(limits["address"]),
        claimed_reads=frozenset(rules["card_claimed_reads"].texts()),
        regions={region.id: region for region in map(_region, rules["regions"].items())},
        items=_items(load_yaml(folder / name / "catalogue.yaml").only("items")["items"]),
    )


def local_text(node: YamlNode) -> LocalText:
    """A text in all languages; a missing one is an error at its line."""
    node.only(*LANGUAGES)
    return {language: node[language].text() for language in LANGUAGES}


def _currency(node: YamlNode) -> str:
    code = node.text()
    if len(code) != 3 or not code.isascii() or not code.isupper():
        raise node.error(f"expected a currency of ISO 4217, three capital letters, found '{code}'")
    return code


def _limit(node: YamlNode) -> Limit:
    node.only("failures", "seconds")
    return Limit(node["failures"].integer(1), node["seconds"].integer(1))


def _region(node: YamlNode) -> Region:
    node.only("id", "name", "time_zone")
    zone = node["time_zone"]
    try:
        time_zone = ZoneInfo(zone.text())
    except (ZoneInfoNotFoundError, ValueError):
        raise zone.error(f"expected a time zone of the IANA database, found '{zone.text()}'") from None
    return Region(node["id"].text(), local_text(node["name"]), time_zone)


def _items(nodes: YamlNode) -> dict[str, Item]:
    items: dict[str, Item] = {}
    for node in nodes.items():
        node.only("id", "kind", "name", "price")
        kind = ItemKind(node["kind"].choice(*ItemKind))
        item = Item(node["id"].text(), kind, local_text(node["name"]), node["price"].integer(0))
        if item.id in items:
            raise node["id"].error(f"'{item.id}' stands here twice")
        items[item.id] = item
    if sum(item.kind is ItemKind.ROOM for item in items.values()) != 1:
        raise nodes.error("expected exactly one item of kind room, the fee for one more TV")
    return items
