"""The monthly charge: on day 1 of the region's month, in advance, every fee that goes on (product.md T5, M2).

What was agreed stands in the subscription itself, so the charge needs no catalogue. Suspended and stopped accounts
are not charged. One whose month is not charged yet although it is active, since a block ended today (U1), is charged
for what is left of the month, by T5.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, case, cast, extract, literal, or_

from tools.headend.domain.account import ServiceState
from tools.headend.domain.ledger import FEES, WALLET, subscription_reference
from tools.headend.domain.periods import Period, rest_of_month
from tools.headend.runs.settling import Settling
from tools.headend.storage.tables import accounts, ledger_entries, rooms, subscriptions


def charge_month(settling: Settling) -> None:
    """Charge the claimed accounts that are active and not charged for this day's month, to the month's end."""
    period = rest_of_month(settling.day)
    uncharged = and_(accounts.c.service_state == ServiceState.ACTIVE.value, accounts.c.charged_through < settling.day)
    text = ledger_entries.c.debit.type
    last, amount = _last_day(period), _amount(period)
    settling.append(
        {
            "kind": case({kind.value: fee.value for kind, fee in FEES.items()}, value=subscriptions.c.kind),
            "debit": WALLET,
            "credit": literal("revenue:", text) + subscriptions.c.kind,
            "amount": amount,
            "item_id": subscriptions.c.item_id,
            "room": rooms.c.name,
            "order_channel": subscriptions.c.order_channel,
            "order_room": subscriptions.c.order_room,
            "order_since": subscriptions.c.since,
            "period_first": period.first,
            "period_last": last,
            "reference": literal(subscription_reference(""), text) + subscriptions.c.subscription_id,
        },
        accounts.join(subscriptions, subscriptions.c.account_id == accounts.c.account_id).outerjoin(
            rooms, and_(rooms.c.account_id == accounts.c.account_id, rooms.c.room_id == subscriptions.c.room_id)
        ),
        uncharged,
        settling.within(subscriptions),
        subscriptions.c.since <= period.first,
        or_(subscriptions.c.ends_on.is_(None), subscriptions.c.ends_on >= period.first),
        amount > 0,
        order_by=(subscriptions.c.position, subscriptions.c.subscription_id),
    )
    # one UPDATE for both: it is the accounts' rows that a run spends its time on
    settling.roll_up(uncharged, charged_through=period.last)


def _last_day(period: Period) -> ColumnElement[Any]:
    """Of what is paid: the period's, or the subscription's where that one ends before."""
    end = literal(period.last, Date)
    return case((subscriptions.c.ends_on < end, subscriptions.c.ends_on), else_=end)


def _amount(period: Period) -> ColumnElement[Any]:
    """``domain.periods.part_price`` in SQL; the whole price for a whole month."""
    days = cast(extract("day", _last_day(period)), Integer) - (period.first.day - 1)
    return (2 * subscriptions.c.price * days + period.of) // (2 * period.of)
