"""What an operator sells and by which rules: the data of a brand, read from ``operators/NAME/*.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from tools.headend.domain.texts import LocalText


class ItemKind(StrEnum):
    """What a catalogue item is; decides under which kind its charges are booked."""

    TARIFF = "tariff"
    PACKAGE = "package"
    OPTION = "option"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Item:
    """Something charged by the month; ``price`` in minor units for a whole calendar month."""

    id: str
    kind: ItemKind
    name: LocalText
    price: int


@dataclass(frozen=True, slots=True)
class Region:
    """Where an account is served; months are cut in ``time_zone`` (product.md T5)."""

    id: str
    name: LocalText
    time_zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``failures`` in ``seconds`` (contracts.md: limits count failures only)."""

    failures: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Operator:
    """One brand: currency, rules, regions, catalogue."""

    name: str
    title: LocalText
    currency: str
    rounding: int
    """The sum to pay is rounded up to a multiple of this, in minor units (A1: a rouble is 100)."""
    rooms_max: int
    phone_pattern: str
    """How a telephone number is written, ``#`` for each digit: ``+7 ### ###-##-##``."""
    ending_notice_days: int
    """A subscription that ends within this many days needs the viewer's attention."""
    box_limit: Limit
    address_limit: Limit
    claimed_reads: frozenset[str]
    """Paths that a session with acr ``card-claimed`` may read (contracts.md, Silent sign-in)."""
    regions: Mapping[str, Region]
    items: Mapping[str, Item]

    @property
    def phone_digits(self) -> int:
        return self.phone_pattern.count("#")

    def room_item(self) -> Item:
        """The fee for one more TV (M2)."""
        return next(item for item in self.items.values() if item.kind is ItemKind.ROOM)
