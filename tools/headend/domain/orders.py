"""What an order is made of (product.md T5): what was asked, what it costs line by line, what it does. Pure.

A ``Plan`` is made for a ``Situation`` when a quote is given, is kept with it, and is carried out word for word when
the quote is confirmed; undoing reverts the same operations. domain/planning.py makes plans for tariffs, packages,
options and channels, domain/room_orders.py for rooms. Sums are minor units, days are of the account's region.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Literal

from tools.headend.domain.catalogue import Item, ItemKind, Operator
from tools.headend.domain.declined import Declined
from tools.headend.domain.periods import Period, part_price, rest_of_month

DAY = timedelta(days=1)


class When(StrEnum):
    """When a tariff changes (T1)."""

    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Connect:
    """A package, an option or a paid subscription from today on (T2, T3)."""

    item_id: str


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Something that is going works to the end of the paid period (T2, T3)."""

    subscription_id: str


@dataclass(frozen=True, slots=True)
class ChangeTariff:
    """Another tariff, now or from the next period on (T1)."""

    item_id: str
    when: When


@dataclass(frozen=True, slots=True)
class SetChannels:
    """Exactly these channels one by one, by their ids (T4); the others of Personal TV end."""

    channel_ids: tuple[str, ...]


class RoomChange(ABC):
    """A change of a TV (M1, M2); domain/room_orders.py has them, each a frozen dataclass."""

    @abstractmethod
    def plan(self, situation: Situation) -> Plan:
        """What it costs and does; Declined where it may not be."""


Change = Connect | Disconnect | ChangeTariff | SetChannels | RoomChange
"""What an order may ask for."""


@dataclass(frozen=True, slots=True)
class Held:
    """A subscription that runs today or will. ``since`` to ``ends_on``, both included, are the days it is on."""

    subscription_id: str
    item_id: str
    kind: ItemKind
    price: int
    since: date
    ends_on: date | None
    room_id: str | None = None

    @property
    def going(self) -> bool:
        """It goes on until somebody ends it."""
        return self.ends_on is None

    def runs_on(self, day: date) -> bool:
        return self.since <= day and (self.ends_on is None or day <= self.ends_on)

    def fee_from(self, day: date) -> int:
        """What is charged where the month is charged from ``day`` on; 0 where it is not on then."""
        if not self.runs_on(day):
            return 0
        rest = rest_of_month(day)
        return part_price(self.price, Period(day, min(rest.last, self.ends_on or rest.last)))


@dataclass(frozen=True, slots=True)
class HeldRoom:
    """A TV of the account; ``state`` running or stopped."""

    room_id: str
    name: str
    first: bool
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a quote. ``amount`` above 0 is charged, below 0 returned, 0: nothing moves now.

    ``price`` is for a whole month. ``period``: the days that the amount is for; None where it is 0. ``starts``: the
    first day on which the order has it on; ``ends``: the last one.
    """

    item_id: str
    kind: ItemKind
    price: int
    amount: int = 0
    period: Period | None = None
    starts: date | None = None
    ends: date | None = None
    room_id: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A new subscription."""

    subscription_id: str
    item_id: str
    kind: ItemKind
    price: int
    since: date
    room_id: str | None = None
    op: Literal["open"] = "open"


@dataclass(frozen=True, slots=True)
class End:
    """``ends_on`` of a subscription becomes another: None lets it go on; ``was`` is what undoing writes back.

    A day before its first one makes a subscription void: it never runs.
    """

    subscription_id: str
    ends_on: date | None
    was: date | None
    op: Literal["end"] = "end"


SubscriptionOperation = Open | End


ADD_ROOM, REMOVE_ROOM, ROOM_STATE = "add", "remove", "state"


@dataclass(frozen=True, slots=True)
class RoomOperation:
    """What an order does to a TV; ``kind``: ADD_ROOM, REMOVE_ROOM, ROOM_STATE; ``data`` (JSON-like) holds what doing
    and undoing it need (room_orders.py)."""

    kind: str
    room_id: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What confirming does, in this order, and what it costs."""

    lines: tuple[Line, ...] = ()
    subscriptions: tuple[SubscriptionOperation, ...] = ()
    rooms: tuple[RoomOperation, ...] = ()

    @property
    def total(self) -> int:
        """What is charged; below 0: returned."""
        return sum(line.amount for line in self.lines)

    @property
    def spending(self) -> int:
        """What counts towards the limit of orders (C1: T1-T4 and rooms): what those take, never below 0."""
        return max(0, sum(line.amount for line in self.lines if line.kind is not ItemKind.INTERNET))

    @property
    def gives(self) -> bool:
        """Whether it switches something on, now or later; what only ends needs no money and no running service."""
        return any(isinstance(each, Open) or each.ends_on is None for each in self.subscriptions)

    def then(self, other: Plan) -> Plan:
        """Both, one after the other."""
        return Plan(self.lines + other.lines, self.subscriptions + other.subscriptions, self.rooms + other.rooms)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a plan is made for. ``charged_through``: the last day that monthly fees are taken for."""

    operator: Operator
    region_id: str
    today: date
    charged_through: date
    held: tuple[Held, ...]
    rooms: tuple[HeldRoom, ...]
    new_id: Callable[[], str]
    """Gives the id of a further subscription or room."""

    @property
    def paid_through(self) -> date:
        """The last day of what is paid: what is disconnected works to it. Yesterday where nothing is."""
        return max(self.charged_through, self.today - DAY)

    def price(self, item: Item) -> int | None:
        """What ``item`` costs a month where the account is; None where it is not sold."""
        return item.price_in(self.region_id)

    def after(self, plan: Plan) -> Situation:
        """The same with subscriptions and rooms as ``plan`` leaves them."""
        held, rooms = applied(self.held, plan.subscriptions), applied_rooms(self.rooms, plan.rooms)
        return replace(self, held=tuple(held), rooms=tuple(rooms))


def begun(situation: Situation, item: Item, price: int, *, room: HeldRoom | None = None) -> Plan:
    """``item`` from today on, the rest of the month charged by its part (T5)."""
    period = rest_of_month(situation.today)
    room_id, name = (room.room_id, room.name) if room else (None, None)
    line = Line(
        item.id, item.kind, price, part_price(price, period), period, starts=situation.today, room_id=room_id, room=name
    )
    opened = Open(situation.new_id(), item.id, item.kind, price, situation.today, room_id)
    return Plan((line,), (opened,))


def ended(situation: Situation, held: Held, *, room: str | None = None) -> Plan:
    """``held`` works to the end of what is paid, and nothing is returned (T5)."""
    last = situation.paid_through
    line = Line(held.item_id, held.kind, held.price, ends=last, room_id=held.room_id, room=room)
    return Plan((line,), (End(held.subscription_id, last, held.ends_on),))


def resumed(situation: Situation, held: Held, *, room: str | None = None) -> Plan:
    """``held``, which ends with what is paid, goes on at its price: nothing is charged before the next month."""
    line = Line(held.item_id, held.kind, held.price, starts=situation.today, room_id=held.room_id, room=room)
    return Plan((line,), (End(held.subscription_id, None, held.ends_on),))


def applied(held: Iterable[Held], operations: Sequence[SubscriptionOperation]) -> list[Held]:
    """The subscriptions after ``operations``."""
    found = {each.subscription_id: each for each in held}
    for operation in operations:
        match operation:
            case Open(subscription_id, item_id, kind, price, since, room_id):
                found[subscription_id] = Held(subscription_id, item_id, kind, price, since, None, room_id)
            case End(subscription_id, ends_on):
                found[subscription_id] = replace(found[subscription_id], ends_on=ends_on)
    return list(found.values())


def reverted(held: Iterable[Held], operations: Sequence[SubscriptionOperation]) -> list[Held]:
    """The subscriptions as they were before ``operations``; Declined where a later order changed one of them."""
    found = {each.subscription_id: each for each in held}
    for operation in reversed(operations):
        now = found.get(operation.subscription_id)
        left = operation.ends_on if isinstance(operation, End) else None
        if now is None or now.ends_on != left:
            raise Declined("undo_superseded")
        match operation:
            case Open():
                del found[operation.subscription_id]
            case End():
                found[operation.subscription_id] = replace(now, ends_on=operation.was)
    return list(found.values())


def turned(before: Sequence[Held], after: Sequence[Held], first: date) -> list[Line]:
    """What undoing moves besides the order's own lines where the month of ``first`` was charged in between.

    A month that was charged for what the order opened is returned, one of what it had ended is charged.
    """
    fees: dict[str, int] = {}
    found = {each.subscription_id: each for each in (*before, *after)}
    for sign, held in ((-1, before), (1, after)):
        for each in held:
            fees[each.subscription_id] = fees.get(each.subscription_id, 0) + sign * each.fee_from(first)
    return [
        Line(
            each.item_id, each.kind, each.price, fees[each.subscription_id], rest_of_month(first), room_id=each.room_id
        )
        for each in found.values()
        if fees[each.subscription_id]
    ]


def applied_rooms(rooms: Iterable[HeldRoom], operations: Sequence[RoomOperation]) -> list[HeldRoom]:
    """The rooms after ``operations``."""
    found = {each.room_id: each for each in rooms}
    for operation in operations:
        match operation.kind:
            case "add":
                found[operation.room_id] = HeldRoom(operation.room_id, operation.data["name"], False, "running")
            case "remove":
                del found[operation.room_id]
            case "state":
                found[operation.room_id] = replace(found[operation.room_id], state=operation.data["to"])
    return list(found.values())
