"""Loads an operator's rules and catalogue; every complaint names file and line (device.api.yaml_file)."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from device.api.account_paths import ACCOUNT_PATHS
from device.api.errors import ConfigError
from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.catalogue import Operator, Region
from tools.headend.operators.bonus import load_bonus
from tools.headend.operators.help import load_help, load_news
from tools.headend.operators.identity import load_identity
from tools.headend.operators.internet import load_internet
from tools.headend.operators.nodes import SUM_MOST, limit, local_text
from tools.headend.operators.notices import load_notices
from tools.headend.operators.numbers import load_numbers
from tools.headend.operators.parental import load_parental
from tools.headend.operators.payments import load_payments
from tools.headend.operators.rooms import load_room_rules
from tools.headend.operators.sales import load_sales
from tools.headend.operators.terms import load_terms

__all__ = ["FOLDER", "load_operator", "local_text", "operator_names"]

FOLDER = Path(__file__).parent
_READS = (
    *(each.template for each in ACCOUNT_PATHS if not each.changes and not each.private and "{" not in each.template),
    "/v1/events",
)
"""What a card that proves nothing may be let read: the reads that need neither PIN nor id."""
_DIGITS_LEAST, _DIGITS_MOST = 5, 15
"""Of a telephone number without its country (ITU-T E.164: 15 with it)."""


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
    regions = _regions(rules["regions"])
    sales = load_sales(folder / name, regions)
    internet, internet_items = load_internet(folder / name / "internet.yaml", sales.items)
    items = {**sales.items, **internet_items}
    return Operator(
        name=name,
        title=local_text(rules["title"]),
        currency=_currency(rules["currency"]),
        rounding=rules["rounding"].integer(1, SUM_MOST),
        rooms_max=rules["rooms_max"].integer(1, 100),
        phone_pattern=_phone_pattern(rules["phone_pattern"]),
        ending_notice_days=rules["ending_notice_days"].integer(0, 31),
        box_limit=limit(limits["box"]),
        address_limit=limit(limits["address"]),
        claimed_reads=frozenset(each.choice(*_READS) for each in rules["card_claimed_reads"].items()),
        identity=load_identity(folder / name / "identity.yaml"),
        regions=regions,
        notices=load_notices(folder / name / "notices.yaml"),
        help=load_help(folder / name / "help.yaml", regions),
        news=load_news(folder / name / "news.yaml", regions, items),
        items=items,
        genres=sales.genres,
        channels=sales.channels,
        orders=sales.orders,
        bonus=load_bonus(folder / name / "bonus.yaml", items),
        parental=load_parental(folder / name / "parental.yaml"),
        numbers=load_numbers(folder / name / "numbers.yaml"),
        internet=internet,
        terms=load_terms(folder / name / "terms.yaml", regions),
        rooms=load_room_rules(folder / name / "rooms.yaml"),
        payments=load_payments(folder / name / "payments.yaml"),
    )


def _currency(node: YamlNode) -> str:
    code = node.text()
    if len(code) != 3 or not code.isascii() or not code.isupper():
        raise node.error(f"expected a currency of ISO 4217, three capital letters, found '{code}'")
    return code


def _phone_pattern(node: YamlNode) -> str:
    pattern = node.text()
    if not _DIGITS_LEAST <= pattern.count("#") <= _DIGITS_MOST:
        raise node.error(f"expected {_DIGITS_LEAST} to {_DIGITS_MOST} '#', one for each digit, found '{pattern}'")
    return pattern


def _regions(nodes: YamlNode) -> dict[str, Region]:
    found: dict[str, Region] = {}
    for node in nodes.items():
        region = _region(node)
        if region.id in found:
            raise node["id"].error(f"'{region.id}' stands here twice")
        found[region.id] = region
    if not found:
        raise nodes.error("expected at least one region")
    return found


def _region(node: YamlNode) -> Region:
    node.only("id", "name", "time_zone")
    zone = node["time_zone"]
    try:
        time_zone = ZoneInfo(zone.text())
    except (ZoneInfoNotFoundError, ValueError):
        raise zone.error(f"expected a time zone of the IANA database, found '{zone.text()}'") from None
    return Region(node["id"].text(), local_text(node["name"]), time_zone)
