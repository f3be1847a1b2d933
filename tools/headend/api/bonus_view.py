"""The bonus programme as the box shows it, from rows and rules (product.md B1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tools.headend.api.answers import money
from tools.headend.api.reading import Reading
from tools.headend.clock import from_milliseconds, milliseconds, rfc3339
from tools.headend.domain.bonus import Reward, spendable
from tools.headend.domain.catalogue import Operator
from tools.headend.storage import bonus
from tools.headend.storage.bonus import StoredBonusEntry, StoredExchange

_EXCHANGES_SHOWN = 20
_DAY = timedelta(days=1)


def bonus_view(view: Reading) -> dict[str, Any]:
    """Points, when they expire, what they suffice for."""
    rules, currency = view.operator.bonus, view.operator.currency
    member = bonus.member(view.connection, view.account_id)
    grants = bonus.grants_of(view.connection, view.account_id, milliseconds(view.now))
    free = sum(grant.left for grant in spendable(grants))
    expiring: Counter[date] = Counter()
    for grant in grants:
        expiring[grant.expires_on] += grant.left
    exchanges = bonus.exchanges_of(view.connection, view.account_id, _EXCHANGES_SHOWN)
    return {
        "member": member is not None and member.active,
        "since": rfc3339(from_milliseconds(member.joined_at)) if member and member.active else None,
        "name": dict(rules.name),
        "text": dict(rules.text),
        "percent": rules.percent,
        "point": money(rules.point, currency),
        "points": view.account.bonus_points,
        "spendable": free,
        "owed": member.owed if member else 0,
        "expiring": [{"points": points, "on": day.isoformat()} for day, points in sorted(expiring.items())],
        "discount": money(bonus.waiting_discount(view.connection, view.account_id), currency),
        "rewards": [_reward(each, free) for each in rules.rewards.values()],
        "exchanges": [_exchange(each, view.operator) for each in exchanges],
    }


def bonus_entry_view(entry: StoredBonusEntry, rewards: Mapping[str, str], operator: Operator) -> dict[str, Any]:
    """A row of the history; ``rewards``: by the id of the exchange."""
    what, _, named = entry.reference.partition(":")
    reward = rewards.get(named) if what == "exchange" else None
    return {
        "id": entry.entry_id,
        "at": rfc3339(from_milliseconds(entry.at)),
        "date": entry.day.isoformat(),
        "kind": entry.kind,
        "points": entry.points,
        "reward": _name(reward, operator) if reward else None,
        "order_id": named if what == "order" else None,
    }


def _reward(reward: Reward, points: int) -> dict[str, Any]:
    return {
        "id": reward.id,
        "kind": reward.kind.value,
        "name": dict(reward.name),
        "text": dict(reward.text),
        "points": reward.points,
        "enough": points >= reward.points,
        "lacking": max(0, reward.points - points),
    }


def _exchange(exchange: StoredExchange, operator: Operator) -> dict[str, Any]:
    return {
        "id": exchange.exchange_id,
        "reward": exchange.reward_id,
        "name": _name(exchange.reward_id, operator),
        "kind": exchange.kind,
        "points": exchange.points,
        "left": money(exchange.amount_left, operator.currency) if exchange.kind == "discount" else None,
        "state": exchange.state,
        "ends_on": (exchange.over_on - _DAY).isoformat() if exchange.over_on else None,
        "at": rfc3339(from_milliseconds(exchange.at)),
    }


def _name(reward_id: str, operator: Operator) -> dict[str, str]:
    reward = operator.bonus.rewards.get(reward_id)
    # what was exchanged stays in the history when it is no longer offered; then its id is all that is left
    return dict(reward.name) if reward else dict.fromkeys(operator.title, reward_id)
