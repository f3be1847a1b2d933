"""Exchanging bonus points for discounts, services and gifts (product.md B1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, or_, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.account import ServiceState
from tools.headend.domain.bonus import Reward, RewardKind
from tools.headend.domain.declined import Declined
from tools.headend.domain.periods import shift_months
from tools.headend.storage import accounts, bonus
from tools.headend.storage.tables import accounts as account_rows
from tools.headend.storage.tables import subscriptions
from tools.headend.use_cases.bonus import spend
from tools.headend.use_cases.entitlements import refresh
from tools.headend.use_cases.work import Work

_DAY = timedelta(days=1)
_STATES = {RewardKind.DISCOUNT: "waiting", RewardKind.SERVICE: "active", RewardKind.GIFT: "ordered"}


def exchange(work: Work, reward_id: str) -> dict[str, Any]:
    """Exchange points for a reward of the catalogue; final.

    A discount comes off the next monthly fees and never becomes money that could be transferred on (P7: own money
    only); a service runs at once and ends by itself; a gift is handed over by the operator.
    """
    reward = work.operator.bonus.rewards.get(reward_id)
    if reward is None:
        raise Declined("not_found", "there is no such reward")
    exchange_id = str(uuid4())
    over_on = shift_months(work.today, reward.months) if reward.kind is RewardKind.SERVICE else None
    if over_on is not None and reward.item_id is not None:
        _connect(work, reward.item_id, over_on - _DAY)
    spend(work, reward.points, f"exchange:{exchange_id}")
    bonus.add_exchange(work.connection, work.account_id, **_row(work, reward, exchange_id, over_on))
    return {"exchange_id": exchange_id, "points": work.account.bonus_points}


def hand_over(work: Work, exchange_id: str) -> dict[str, Any]:
    """The operator's side: a gift that was ordered has reached the subscriber."""
    if not bonus.end_exchange(work.connection, work.account_id, exchange_id, "ordered", "handed_over"):
        raise Declined("not_found", "this account has no such gift that is not handed over yet")
    return {"exchange_id": exchange_id, "state": "handed_over"}


def _row(work: Work, reward: Reward, exchange_id: str, over_on: date | None) -> dict[str, Any]:
    return {
        "exchange_id": exchange_id,
        "reward_id": reward.id,
        "kind": reward.kind.value,
        "points": reward.points,
        "amount": reward.amount,
        "amount_left": reward.amount,
        "state": _STATES[reward.kind],
        "at": milliseconds(work.now),
        "over_on": over_on,
    }


def _connect(work: Work, item_id: str, last: date) -> None:
    """The service runs to ``last`` for nothing: its price is 0, so no charge takes it."""
    if work.account.service_state == ServiceState.STOPPED.value:
        raise Declined("account_stopped")
    if work.account.service_state == ServiceState.SUSPENDED.value:
        raise Declined("account_suspended")
    connection, columns = work.connection, subscriptions.c
    mine = columns.account_id == work.account_id
    held = select(columns.subscription_id).where(
        mine, columns.item_id == item_id, or_(columns.ends_on.is_(None), columns.ends_on >= work.today)
    )
    if connection.execute(held.limit(1)).first() is not None:
        raise Declined("service_held", item=item_id)
    position = connection.execute(select(func.coalesce(func.max(columns.position), -1)).where(mine)).scalar_one()
    rooms = {room.chip_id: room.name for room in accounts.rooms_of(connection, work.account_id)}
    connection.execute(
        insert(subscriptions).values(
            account_id=work.account_id,
            subscription_id=str(uuid4()),
            position=position + 1,
            item_id=item_id,
            since=work.today,
            ends_on=last,
            kind=work.operator.items[item_id].kind.value,
            price=0,
            order_channel="tv",
            order_room=rooms.get(work.chip_id or ""),
        )
    )
    # a quote that was made before this does not know of it
    counted = account_rows.c.order_count + 1
    connection.execute(
        update(account_rows).where(account_rows.c.account_id == work.account_id).values(order_count=counted)
    )
    refresh(work, "reward")
