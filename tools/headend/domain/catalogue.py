"""What an operator sells and by which rules: the data of a brand, read from ``operators/NAME/*.yaml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from tools.headend.domain.bonus import BonusRules
from tools.headend.domain.help import HelpRules
from tools.headend.domain.identity import IdentityRules
from tools.headend.domain.internet import InternetRules
from tools.headend.domain.limits import Limit
from tools.headend.domain.news import News
from tools.headend.domain.notices import NoticeRules
from tools.headend.domain.numbers import NumberRules
from tools.headend.domain.parental import ParentalRules
from tools.headend.domain.payments import PaymentRules
from tools.headend.domain.rooms import RoomRules
from tools.headend.domain.terms import Terms
from tools.headend.domain.texts import LocalText

ADULT_AGE = 18


class ItemKind(StrEnum):
    """What a catalogue item is; decides under which kind its charges are booked."""

    TARIFF = "tariff"
    PACKAGE = "package"
    OPTION = "option"
    ROOM = "room"
    INTERNET = "internet"
    CHANNEL = "channel"
    """One channel of Personal TV (T4)."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something charged by the month; ``price`` in minor units for a whole calendar month."""

    id: str
    kind: ItemKind
    name: LocalText
    price: int
    regional: Mapping[str, int | None] = field(default_factory=dict)
    """Regions where it costs something else; None where it is not sold."""
    requires: frozenset[str] = frozenset()
    """It needs one of these items beside it (T2); empty: none."""
    excludes: frozenset[str] = frozenset()
    """It cannot be held together with any of these; true from either side."""
    age: int = 0
    """From which age on it may be watched (C1); 18 and more is adult (T2)."""

    @property
    def adult(self) -> bool:
        return self.age >= ADULT_AGE

    def price_in(self, region_id: str) -> int | None:
        """Its price where the account is; None where it is not sold."""
        return self.regional.get(region_id, self.price)


@dataclass(frozen=True, slots=True)
class Channel:
    """A TV channel; ``items``: the tariffs and packages that it belongs to."""

    id: str
    number: int
    name: str
    genre: str
    age: int
    hd: bool
    items: frozenset[str]
    single: str | None
    """The catalogue item under which it is sold by itself (T4); None where it is not."""

    @property
    def adult(self) -> bool:
        return self.age >= ADULT_AGE


@dataclass(frozen=True, slots=True)
class OrderRules:
    """How long a quote lives, and how long after its confirmation an order can be undone (T5); seconds."""

    quote_seconds: int
    undo_seconds: int


@dataclass(frozen=True, slots=True)
class Region:
    """Where an account is served; months are cut in ``time_zone`` (product.md T5)."""

    id: str
    name: LocalText
    time_zone: ZoneInfo


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
    identity: IdentityRules
    """PIN, codes, contacts, look-up (S2-S4, A2)."""
    regions: Mapping[str, Region]
    notices: NoticeRules
    help: HelpRules
    news: Sequence[News]
    items: Mapping[str, Item]
    genres: Mapping[str, LocalText]
    channels: Mapping[str, Channel]
    orders: OrderRules
    bonus: BonusRules
    parental: ParentalRules
    numbers: NumberRules
    internet: InternetRules
    terms: Terms
    rooms: RoomRules
    payments: PaymentRules

    @property
    def phone_digits(self) -> int:
        return self.phone_pattern.count("#")

    def room_item(self) -> Item:
        """The fee for one more TV (M2)."""
        return next(item for item in self.items.values() if item.kind is ItemKind.ROOM)
