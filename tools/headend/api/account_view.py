"""``GET /v1/account`` from rows and rules: product.md A1 and A2 in one document."""

from __future__ import annotations

from datetime import date
from typing import Any

from tools.headend.api.answers import money
from tools.headend.api.reading import Reading
from tools.headend.domain import account as rules
from tools.headend.domain import masking
from tools.headend.domain.account import AccountState, Block, Service, ServiceState, Subscription
from tools.headend.domain.attention import attention
from tools.headend.domain.catalogue import ItemKind, Operator
from tools.headend.storage import accounts, promises, suspensions
from tools.headend.storage.accounts import StoredAccount, StoredRoom, StoredSubscription


def account_view(view: Reading) -> dict[str, Any]:
    """The document of one account as the box that asks sees it."""
    connection, operator, stored = view.connection, view.operator, view.account
    rooms = accounts.rooms_of(connection, view.account_id)
    unread = accounts.unread_messages(connection, view.account_id)
    state = _state(view, rooms)
    charge = rules.next_charge(state)
    following = charge.day if charge else None
    return {
        **_sums(state, operator),
        "account_number": f"{stored.account_id:012d}",
        "currency": operator.currency,
        "time_zone": view.region.time_zone.key,
        "region": dict(view.region.name),
        "service": {
            "state": state.service.state.value,
            "since": _iso(state.service.since),
            "until": _iso(state.service.until),
        },
        "tariff": _tariff(state, operator),
        "bonus": {"points": stored.bonus_points},
        "services": [_service(each, following, operator) for each in state.subscriptions if each.runs_on(view.today)],
        "rooms": [_room(each, view.session.chip_id) for each in rooms],
        "rooms_max": operator.rooms_max,
        "unread_messages": unread,
        "attention": [
            {"code": each.code, "severity": each.severity, "params": dict(each.params)}
            for each in attention(state, operator, unread)
        ],
        "holder": _holder(stored, operator),
    }


def account_state(view: Reading) -> AccountState:
    """The account as the rules of A1 know it."""
    return _state(view, accounts.rooms_of(view.connection, view.account_id))


def _state(view: Reading, rooms: list[StoredRoom]) -> AccountState:
    stored, operator = view.account, view.operator
    names = {room.room_id: room.name for room in rooms}

    def subscription(each: StoredSubscription) -> Subscription:
        item = operator.items.get(each.item_id)
        # what somebody has stays his when it is no longer sold; then its id is all that is left of its name
        name = item.name if item else dict.fromkeys(operator.title, each.item_id)
        room = names.get(each.room_id) if each.room_id else None
        kind = ItemKind(each.kind)
        return Subscription(each.subscription_id, each.item_id, kind, name, each.price, room, each.ends_on, each.since)

    subscribed = accounts.all_subscriptions_of(view.connection, view.account_id, view.today)
    return AccountState(
        today=view.today,
        balance=stored.balance,
        service=Service(ServiceState(stored.service_state), stored.service_since, stored.service_until),
        subscriptions=tuple(subscription(each) for each in subscribed),
        credit_limit=stored.credit_limit,
        promise_due=stored.promised,
        promise_until=_promise_until(view) if stored.promised else None,
        charged_through=stored.charged_through,
        block=_block(view) if stored.suspends_on is not None else None,
    )


def _block(view: Reading) -> Block | None:
    ordered = suspensions.current(view.connection, view.account_id)
    return Block(ordered.first_day, ordered.last_day, ordered.fee) if ordered else None


def _promise_until(view: Reading) -> date | None:
    promised = promises.open_promise(view.connection, view.account_id)
    return promised.due_on if promised else None


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
        if each.kind is ItemKind.TARIFF and each.runs_on(state.today):
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
