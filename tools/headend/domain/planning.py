"""Plans for what was asked: tariffs (T1), packages and options (T2, T3), Personal TV (T4), Internet (I1). Pure.

A package, an option or a channel is held once an account (M2). What ends works to the end of what is paid; asked for
again before that, it goes on and costs nothing now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from tools.headend.domain.catalogue import Item, ItemKind, Operator
from tools.headend.domain.declined import Declined
from tools.headend.domain.orders import (
    DAY,
    Change,
    ChangeTariff,
    Connect,
    Disconnect,
    End,
    Held,
    Line,
    Open,
    Plan,
    RoomChange,
    SetChannels,
    Situation,
    When,
    applied,
    begun,
    ended,
    resumed,
)
from tools.headend.domain.periods import Period, last_of_month, next_first, part_price


def plan(situation: Situation, changes: Sequence[Change]) -> Plan:
    """What ``changes``, one after the other, cost and do; Declined where one may not be."""
    made = Plan()
    for change in changes:
        made = made.then(_planned(situation.after(made), change))
    for conflict in new_conflicts(situation, situation.held, applied(situation.held, made.subscriptions)):
        raise conflict
    return made


def _planned(situation: Situation, change: Change) -> Plan:
    match change:
        case Connect(item_id):
            return _connect(situation, item_id)
        case Disconnect(subscription_id):
            return _disconnect(situation, subscription_id)
        case ChangeTariff(item_id, When.NOW):
            return _tariff_now(situation, item_id)
        case ChangeTariff(item_id):
            return _tariff_next(situation, item_id)
        case SetChannels(channel_ids):
            return _set_channels(situation, channel_ids)
        case RoomChange():
            return change.plan(situation)


class _By(Enum):
    """How something is changed."""

    CONNECTING = auto()
    TARIFF = auto()
    CHANNELS = auto()
    ROOMS = auto()


def _changed_by(operator: Operator, item_id: str, kind: ItemKind) -> _By:
    match kind:
        case ItemKind.TARIFF:
            return _By.TARIFF
        case ItemKind.INTERNET:
            return _By.TARIFF if item_id in operator.internet.tariffs else _By.CONNECTING
        case ItemKind.CHANNEL:
            return _By.CHANNELS
        case ItemKind.ROOM:
            return _By.ROOMS
    return _By.CONNECTING


def disconnectable(operator: Operator, item_id: str, kind: ItemKind) -> bool:
    """Whether it is ended by itself: tariffs are changed, rooms are stopped."""
    allowed = kind is not ItemKind.INTERNET or operator.internet.change_on_tv
    return allowed and _changed_by(operator, item_id, kind) in (_By.CONNECTING, _By.CHANNELS)


def _sold(situation: Situation, item_id: str, by: _By) -> tuple[Item, int]:
    """The item and its price where the account is."""
    operator = situation.operator
    item = operator.items.get(item_id)
    price = situation.price(item) if item else None
    if item is None or price is None:
        raise Declined("item_not_sold", item=item_id)
    if _changed_by(operator, item_id, item.kind) is not by or not _changeable(situation, item.kind):
        raise Declined("change_unsuitable", item=item_id)
    return item, price


def _changeable(situation: Situation, kind: ItemKind) -> bool:
    """Internet is changed where the rule allows it here, by who has it (I1)."""
    if kind is not ItemKind.INTERNET:
        return True
    running, coming = _tariffs(situation, kind)
    return situation.operator.internet.change_on_tv and (running or coming) is not None


def _held(situation: Situation, item_id: str) -> Held | None:
    """What the account has of an item: what goes on rather than what ends."""
    found = [each for each in situation.held if each.item_id == item_id and not _is_over(situation, each)]
    return max(found, key=lambda each: each.going, default=None)


def _is_over(situation: Situation, held: Held) -> bool:
    return held.ends_on is not None and held.ends_on < max(situation.today, held.since)


def _connect(situation: Situation, item_id: str) -> Plan:
    item, price = _sold(situation, item_id, _By.CONNECTING)
    return _on(situation, item, price)


def _on(situation: Situation, item: Item, price: int) -> Plan:
    held = _held(situation, item.id)
    if held is None:
        return begun(situation, item, price)
    if held.going or held.price == 0 < price:
        # what bonus points paid for ends by itself (B1): going on at its price, it would be free for ever
        raise Declined("already_connected", item=item.id)
    return resumed(situation, held)


def _disconnect(situation: Situation, subscription_id: str) -> Plan:
    held = next((each for each in situation.held if each.subscription_id == subscription_id), None)
    if held is None or _is_over(situation, held):
        raise Declined("not_found", "this account has no such subscription")
    if not disconnectable(situation.operator, held.item_id, held.kind):
        raise Declined("change_unsuitable", item=held.item_id)
    if not held.going:
        raise Declined("nothing_to_change", item=held.item_id)
    return ended(situation, held)


def _tariffs(situation: Situation, kind: ItemKind) -> tuple[Held | None, Held | None]:
    """The tariff of TV or Internet that runs today, and the one that will from the next period on."""
    today = situation.today
    mine = [
        each
        for each in situation.held
        if each.kind is kind
        and not _is_over(situation, each)
        and _changed_by(situation.operator, each.item_id, kind) is _By.TARIFF
    ]
    running = next((each for each in mine if each.runs_on(today)), None)
    coming = next((each for each in mine if each.since > today), None)
    return running, coming


def _tariff_now(situation: Situation, item_id: str) -> Plan:
    """The unused part of the old one is returned, the part of the new one charged (T1, T5)."""
    item, price = _sold(situation, item_id, _By.TARIFF)
    running, coming = _tariffs(situation, item.kind)
    if running is not None and running.item_id == item_id:
        return _stay(situation, running, coming)
    changed = _void(coming)
    if running is not None:
        changed = changed.then(_given_back(situation, running))
    return changed.then(begun(situation, item, price))


def _tariff_next(situation: Situation, item_id: str) -> Plan:
    """The old one works to the end of the period, the new one is charged with the next (T1)."""
    item, price = _sold(situation, item_id, _By.TARIFF)
    running, coming = _tariffs(situation, item.kind)
    if running is not None and running.item_id == item_id:
        return _stay(situation, running, coming)
    if coming is not None and coming.item_id == item_id:
        raise Declined("nothing_to_change", item=item_id)
    since = next_first(situation.today)
    changed = _void(coming)
    if running is not None and running.going:
        last = last_of_month(situation.today)
        line = Line(running.item_id, running.kind, running.price, ends=last)
        changed = changed.then(Plan((line,), (End(running.subscription_id, last, None),)))
    opened = Open(situation.new_id(), item.id, item.kind, price, since)
    return changed.then(Plan((Line(item.id, item.kind, price, starts=since),), (opened,)))


def _stay(situation: Situation, running: Held, coming: Held | None) -> Plan:
    """The tariff that runs goes on, instead of the coming one where there is one."""
    if running.going:
        raise Declined("nothing_to_change", item=running.item_id)
    return _void(coming).then(resumed(situation, running))


def _void(coming: Held | None) -> Plan:
    """A tariff that was to come does not."""
    if coming is None:
        return Plan()
    line = Line(coming.item_id, coming.kind, coming.price, ends=coming.since - DAY)
    return Plan((line,), (End(coming.subscription_id, coming.since - DAY, coming.ends_on),))


def _given_back(situation: Situation, held: Held) -> Plan:
    """``held`` was on until yesterday; what is paid of it from today on is returned."""
    today, yesterday = situation.today, situation.today - DAY
    paid = min(situation.charged_through, last_of_month(today), held.ends_on or last_of_month(today))
    period = Period(today, paid) if paid >= today else None
    amount = -part_price(held.price, period) if period else 0
    line = Line(held.item_id, held.kind, held.price, amount, period, ends=yesterday)
    return Plan((line,), (End(held.subscription_id, yesterday, held.ends_on),))


def _set_channels(situation: Situation, channel_ids: Sequence[str]) -> Plan:
    channels = situation.operator.channels
    wanted: dict[str, str] = {}
    for channel_id in channel_ids:
        channel = channels.get(channel_id)
        if channel is None or channel.single is None:
            raise Declined("item_not_sold", item=channel_id)
        wanted[channel.single] = channel_id
    singles = [each for each in situation.held if each.kind is ItemKind.CHANNEL and each.going]
    made = Plan()
    for held in singles:
        if held.item_id not in wanted:
            made = made.then(ended(situation, held))
    having = {each.item_id for each in situation.held if each.going and each.since <= situation.today}
    for item_id, channel_id in wanted.items():
        if any(held.item_id == item_id for held in singles):
            continue
        if having & channels[channel_id].items:
            raise Declined("already_included", item=channel_id)
        made = made.then(_on(situation, *_sold(situation, item_id, _By.CHANNELS)))
    if not made.lines:
        raise Declined("nothing_to_change")
    return made


@dataclass(frozen=True, slots=True)
class _Conflict:
    code: str
    item_id: str
    others: frozenset[str]


def _conflicts(situation: Situation, held: Iterable[Held]) -> set[_Conflict]:
    """What does not go together, of everything that goes on: each needs one of ``requires`` from its first day on."""
    starts = {each.item_id: max(each.since, situation.today) for each in held if each.going}
    found: set[_Conflict] = set()
    for item_id, start in starts.items():
        item = situation.operator.items.get(item_id)
        if item is None:
            continue
        if item.requires and not any(starts[other] <= start for other in item.requires & starts.keys()):
            found.add(_Conflict("item_required", item_id, item.requires))
        found.update(
            _Conflict("item_excluded", item_id, frozenset((other,))) for other in item.excludes & starts.keys()
        )
    return found


def new_conflicts(situation: Situation, before: Iterable[Held], after: Iterable[Held]) -> list[Declined]:
    """What goes together no longer; what did not before is not this order's doing."""
    new = _conflicts(situation, after) - _conflicts(situation, before)
    ordered = sorted(new, key=lambda each: (each.code, each.item_id))
    return [Declined(each.code, item=each.item_id, items=sorted(each.others)) for each in ordered]
