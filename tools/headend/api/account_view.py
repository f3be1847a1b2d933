"""``GET /v1/account`` from rows and rules: product.md A1 and A2 in one document."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from tools.headend.api.answers import money
from tools.headend.clock import Clock
from tools.headend.domain import account as rules
from tools.headend.domain import masking
from tools.headend.domain.account import AccountState, Service, ServiceState, Subscription
from tools.headend.domain.attention import attention
from tools.headend.domain.catalogue import ItemKind, Operator, Region
from tools.headend.domain.periods import local_date
from tools.headend.storage import accounts
from tools.headend.storage.accounts import StoredAccount, StoredRoom, StoredSubscription


def account_view(
    connection: Connection, operator: Operator, clock: Clock, account_id: int, chip_id: str
) -> dict[str, Any]:
    """The document of one account as the box ``chip_id`` sees it."""
    stored = accounts.account(connection, account_id)
    region = operator.regions[stored.region_id]
    today = local_date(clock.now(), region.time_zone)
    rooms = accounts.rooms_of(connection, account_id)
    subscribed = accounts.subscriptions_of(connection, account_id, today)
    unread = accounts.unread_messages(connection, account_id)
    state = _state(stored, today, rooms, subscribed, operator)
    charge = rules.next_charge(state)
    following = charge.day if charge else None
    return {
        **_sums(state, operator),
        "account_number": f"{stored.account_id:012d}",
        "currency": operator.currency,
        "time_zone": region.time_zone.key,
        "region": dict(region.name),
        "service": {
            "state": state.service.state.value,
            "since": _iso(state.service.since),
            "until": _iso(state.service.until),
        },
        "tariff": _tariff(state, operator),
        "bonus": {"points": stored.bonus_points},
        "services": [_service(each, following, operator) for each in state.subscriptions],
        "rooms": [_room(each, chip_id) for each in rooms],
        "rooms_max": operator.rooms_max,
        "unread_messages": unread,
        "attention": [
            {"code": each.code, "severity": each.severity, "params": dict(each.params)}
            for each in attention(state, operator, unread)
        ],
        "holder": _holder(stored, operator),
    }


def region_of(connection: Connection, operator: Operator, account_id: int) -> Region:
    """The region of an account, which says in what time zone its days are."""
    return operator.regions[accounts.region_id(connection, account_id)]


def _state(
    stored: StoredAccount,
    today: date,
    rooms: list[StoredRoom],
    subscribed: list[StoredSubscription],
    operator: Operator,
) -> AccountState:
    names = {room.room_id: room.name for room in rooms}

    def subscription(each: StoredSubscription) -> Subscription:
        item = operator.items[each.item_id]
        room = names.get(each.room_id) if each.room_id else None
        return Subscription(each.subscription_id, item.id, item.kind, item.name, item.price, room, each.ends_on)

    return AccountState(
        today=today,
        balance=stored.balance,
        service=Service(ServiceState(stored.service_state), stored.service_since, stored.service_until),
        subscriptions=tuple(subscription(each) for each in subscribed),
        credit_limit=stored.credit_limit,
    )


def _sums(state: AccountState, operator: Operator) -> dict[str, Any]:
    following = rules.next_charge(state)
    enough = rules.enough_until(state)
    currency = operator.currency
    return {
        "balance": money(state.balance, currency),
        "monthly_fee": money(rules.monthly_fee(state), currency),
        "to_pay": money(rules.to_pay(state, operator.rounding), currency),
        "debt": money(rules.debt(state), currency),
        "next_charge": {"date": following.day.isoformat(), "sum": money(following.amount, currency)}
        if following
        else None,
        "enough_until": {"state": enough.state.value, "date": _iso(enough.day)},
    }


def _tariff(state: AccountState, operator: Operator) -> dict[str, Any] | None:
    for each in state.subscriptions:
        if each.kind is ItemKind.TARIFF:
            return {"id": each.item_id, "name": dict(each.name), "price": money(each.price, operator.currency)}
    return None


def _service(each: Subscription, following: date | None, operator: Operator) -> dict[str, Any]:
    charged_next = following if each.ends_on is None and each.price else None
    return {
        "id": each.id,
        "kind": each.kind.value,
        "name": dict(each.name),
        "room": each.room,
        "price": money(each.price, operator.currency),
        "state": "active" if each.ends_on is None else "ending",
        "ends_on": _iso(each.ends_on),
        "next_charge": _iso(charged_next),
    }


def _room(room: StoredRoom, chip_id: str) -> dict[str, Any]:
    return {
        "id": room.room_id,
        "name": room.name,
        "this_box": room.chip_id == chip_id,
        "state": room.state,
        "model": room.model,
    }


def _holder(stored: StoredAccount, operator: Operator) -> dict[str, Any]:
    return {
        "contract_number": masking.contract_number(stored.contract_number),
        "name": masking.name(stored.holder_name),
        "address": masking.address(stored.address),
        "phone": masking.phone(stored.phone, operator.phone_pattern),
        "email": masking.email(stored.email),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
