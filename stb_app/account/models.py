"""The account service's documents as types. A document that does not fit is a ModelError, never a crash later on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from device.api.errors import ApiError
from device.api.money import Money

T = TypeVar("T")

LONGEST_TEXT = 10_000
_UNDRAWABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
_ACCOUNT_NUMBER = re.compile(r"[0-9A-Za-z-]{1,32}")
FIRST_YEAR, LAST_YEAR = 1970, 2999
MOST_SECONDS = 1e10
LARGEST = 10**15
"""Of any number in a document: what a screen can show and a float can hold exactly."""

LocalText = Mapping[str, str]
"""A text that the operator wrote, by language: ``{"ru": "Спорт", "en": "Sport"}``."""


class ModelError(ApiError):
    """The service answered with a document of another shape."""

    code = "unexpected_answer"


def parsed(what: str, document: Any, parse: Callable[[Any], T]) -> T:
    """``parse(document)``, with whatever is wrong in it as one ModelError."""
    try:
        return parse(document)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ModelError(f"{what}: {type(error).__name__}: {error}") from None


def moment(text: str) -> datetime:
    """RFC 3339 -> aware datetime, in years that every time zone can show."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"{text!r} is no time of an account")
    return value


def _optional(value: Any, parse: Callable[[Any], T]) -> T | None:
    return None if value is None else parse(value)


def _text(value: Any) -> str:
    """A text without what no font can draw: control characters, halves of surrogate pairs."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError(f"expected a text of at most {LONGEST_TEXT} characters, not {value!r:.40}")
    return _UNDRAWABLE.sub("", value)


def _account_number(value: Any) -> str:
    if not isinstance(value, str) or not _ACCOUNT_NUMBER.fullmatch(value):
        raise ValueError(f"expected the number of an account, not {value!r:.40}")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise ValueError(f"expected a whole number, not {value!r}")
    return value


def _seconds(value: Any) -> float:
    """An offset between two clocks, at most a few lives of a box."""
    seconds = value + 0.0
    if not abs(seconds) <= MOST_SECONDS:
        raise ValueError(f"expected seconds, not {value!r}")
    return float(seconds)


def _money(value: Any) -> Money:
    money = Money.from_json(value)
    _whole(money.amount)
    return money


def _distinct(models: Iterable[T], name: Callable[[T], object]) -> tuple[T, ...]:
    """A list whose members have names of their own: the focus goes by them."""
    listed = tuple(models)
    if len({name(each) for each in listed}) != len(listed):
        raise ValueError("two of one name")
    return listed


def _local(value: Any) -> LocalText:
    if not isinstance(value, dict) or not value:
        raise ValueError("expected texts by language")
    return {language: _text(text) for language, text in value.items()}


@dataclass(frozen=True)
class Service:
    """One line of "what I pay for": tariff, package, option, or an extra room's fee."""

    id: str
    kind: str
    name: LocalText
    room: str | None
    price: Money
    ends_on: date | None

    @classmethod
    def from_json(cls, document: Any) -> Service:
        return cls(
            id=_text(document["id"]),
            kind=_text(document["kind"]),
            name=_local(document["name"]),
            room=_optional(document.get("room"), _text),
            price=_money(document["price"]),
            ends_on=_optional(document.get("ends_on"), date.fromisoformat),
        )


@dataclass(frozen=True)
class Room:
    """A box of the account and the room it stands in."""

    id: str
    name: str
    this_box: bool
    state: str
    model: str

    @classmethod
    def from_json(cls, document: Any) -> Room:
        return cls(
            _text(document["id"]),
            _text(document["name"]),
            bool(document["this_box"]),
            _text(document["state"]),
            _optional(document.get("model"), _text) or "",
        )


@dataclass(frozen=True)
class Attention:
    """Something that wants the viewer's eye; ``params`` as the service sent them, those that are shown checked."""

    code: str
    severity: str
    params: Mapping[str, Any]

    @classmethod
    def from_json(cls, document: Any) -> Attention:
        code, params = _text(document["code"]), dict(document["params"])
        if code == "subscription_ending":
            params |= {"service": _local(params["service"]), "days": _whole(params["days"])}
        elif code == "unread_messages":
            params |= {"count": _whole(params["count"])}
        elif code == "promise_due":
            params |= {"sum": _money(params["sum"]), "date": date.fromisoformat(params["date"])}
        return cls(code, _text(document["severity"]), params)


@dataclass(frozen=True)
class Account:
    """The answer of ``GET /v1/account``: product.md A1, and A2 masked by the service."""

    number: str
    time_zone: str
    balance: Money
    monthly_fee: Money
    to_pay: Money
    next_charge: tuple[date, Money] | None
    enough: str
    """until, long or stopped; ``enough_until`` is the last day that is covered, or since when it is not."""
    enough_until: date | None
    service_state: str
    service_since: date | None
    service_until: date | None
    bonus_points: int
    services: tuple[Service, ...]
    rooms: tuple[Room, ...]
    rooms_max: int
    unread_messages: int
    attention: tuple[Attention, ...]
    holder: Mapping[str, str]

    @classmethod
    def from_json(cls, document: Any) -> Account:
        upcoming = document["next_charge"]
        enough, service = document["enough_until"], document["service"]
        return cls(
            number=_account_number(document["account_number"]),
            time_zone=_text(document["time_zone"]),
            balance=_money(document["balance"]),
            monthly_fee=_money(document["monthly_fee"]),
            to_pay=_money(document["to_pay"]),
            next_charge=((date.fromisoformat(upcoming["date"]), _money(upcoming["sum"])) if upcoming else None),
            enough=_text(enough["state"]),
            enough_until=_optional(enough.get("date"), date.fromisoformat),
            service_state=_text(service["state"]),
            service_since=_optional(service.get("since"), date.fromisoformat),
            service_until=_optional(service.get("until"), date.fromisoformat),
            bonus_points=_whole(document["bonus"]["points"]),
            services=_distinct(map(Service.from_json, document["services"]), lambda each: (each.kind, each.id)),
            rooms=_distinct(map(Room.from_json, document["rooms"]), lambda each: each.id),
            rooms_max=_whole(document["rooms_max"]),
            unread_messages=_whole(document["unread_messages"]),
            attention=tuple(map(Attention.from_json, document["attention"])),
            holder={key: _text(value) for key, value in document["holder"].items() if value is not None},
        )

    @property
    def this_room(self) -> str | None:
        return next((room.name for room in self.rooms if room.this_box), None)


@dataclass(frozen=True)
class MonthTotal:
    """Charged and paid in one calendar month of the region's time zone; both are zero or more."""

    month: date
    charged: Money
    paid: Money

    @classmethod
    def list_from_json(cls, document: Any) -> tuple[MonthTotal, ...]:
        totals = (
            cls(date.fromisoformat(each["month"] + "-01"), _money(each["charged"]), _money(each["paid"]))
            for each in document["items"]
        )
        return _distinct(totals, lambda each: each.month)


@dataclass(frozen=True)
class Entry:
    """One charge or payment; the amount is negative for a charge."""

    id: str
    date: date
    kind: str
    amount: Money
    service: LocalText | None
    room: str | None
    days: tuple[int, int] | None
    """Days charged of the days of the month, where it was a part of it."""
    method: str | None

    @classmethod
    def list_from_json(cls, document: Any) -> tuple[Entry, ...]:
        return _distinct(map(cls._from_json, document["items"]), lambda each: each.id)

    @classmethod
    def _from_json(cls, document: Any) -> Entry:
        service, period = document.get("service"), document.get("period")
        return cls(
            id=_text(document["id"]),
            date=date.fromisoformat(document["date"]),
            kind=_text(document["kind"]),
            amount=_money(document["amount"]),
            service=_local(service["name"]) if service else None,
            room=_optional(document.get("room"), _text),
            days=(_whole(period["days"]), _whole(period["of"])) if period else None,
            method=_optional(document.get("method"), _text),
        )


@dataclass(frozen=True)
class Message:
    """A message of the operator to this account (A6)."""

    id: str
    at: datetime
    title: LocalText
    text: LocalText
    read: bool

    @classmethod
    def list_from_json(cls, document: Any) -> tuple[Message, ...]:
        messages = (
            cls(_text(m["id"]), moment(m["at"]), _local(m["title"]), _local(m["text"]), bool(m["read"]))
            for m in document["items"]
        )
        return _distinct(messages, lambda each: each.id)


@dataclass(frozen=True)
class Session:
    """``session.status`` of the device service (device.api.methods.SESSION_STATUS)."""

    state: str = "starting"
    code: str | None = None
    reason: str | None = None
    notices: tuple[str, ...] = ()
    account_number: str | None = None
    clock_offset_s: float = 0.0
    """The box's clock minus the service's."""

    @classmethod
    def from_json(cls, document: Any) -> Session:
        return cls(
            state=_text(document["state"]),
            code=_optional(document["code"], _text),
            reason=_optional(document["reason"], _text),
            notices=tuple(map(_text, document["notices"])),
            account_number=_optional(document["account_number"], _text),
            clock_offset_s=_optional(document["clock_offset_s"], _seconds) or 0.0,
        )
