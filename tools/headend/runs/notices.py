"""Notices of what time alone does, for all accounts of a settled day at once (product.md N1).

One INSERT … SELECT writes the notices of those claimed accounts that want the event, one more each channel fills the
outbox. A notice of a day is named by its event and day, so that no account is told twice.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    func,
    insert,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.types import TypeEngine

from tools.headend.clock import milliseconds
from tools.headend.domain.account import ServiceState
from tools.headend.domain.ledger import FEES, WALLET
from tools.headend.domain.notices import TOPICS, Event
from tools.headend.domain.periods import month_of
from tools.headend.runs.settling import Settling
from tools.headend.storage.outbox import NOTICE
from tools.headend.storage.tables import (
    accounts,
    ledger_entries,
    notice_channels,
    notice_settings,
    notices,
    outbox,
)


def tell_many(
    settling: Settling,
    event: Event,
    where: ColumnElement[bool],
    *,
    amount: ColumnElement[Any] | int | None = None,
    day: ColumnElement[Any] | date | None = None,
) -> None:
    """Tell ``event`` to those claimed accounts for which ``where`` holds and who want to know.

    ``where``, ``amount`` (minor units) and ``day`` are expressions over ``accounts`` (correlated subqueries for what
    lies in other tables), or plain values. Once an account, event and day.
    """
    topic = TOPICS[event]
    default = settling.operator.notices.defaults[topic]
    fixed = topic in settling.operator.notices.fixed
    chosen = notice_channels.c
    wants = {name: _wants(chosen[name], getattr(default, name), fixed=fixed) for name in ("sms", "email", "tv")}
    # where nothing is told unless it was chosen, only those who chose are looked at
    with_choice = accounts.join(
        notice_channels,
        and_(chosen.account_id == accounts.c.account_id, chosen.topic == topic.value),
        isouter=default.any,
    )
    notice_id = f"{event.value}-{settling.day.isoformat()}"
    at = milliseconds(settling.at)
    rows = (
        select(
            accounts.c.account_id,
            literal(notice_id),
            literal(at),
            literal(event.value),
            _value(amount, BigInteger()),
            _value(day, Date()),
            sql_cast(null(), JSON),
            wants["tv"],
        )
        .select_from(with_choice)
        .where(settling.claimed, or_(*wants.values()), where)
    )
    told = ("account_id", "notice_id", "at", "event", "amount", "day", "name", "tv")
    if not _insert(settling, notices, told, rows):
        return
    its_notice = and_(notices.c.account_id == accounts.c.account_id, notices.c.notice_id == notice_id)
    for channel in ("sms", "email"):
        waiting = (
            select(
                accounts.c.account_id,
                literal(notice_id),
                literal(channel),
                literal(NOTICE),
                literal(notice_id),
                literal(at),
            )
            .select_from(with_choice.join(notices, its_notice))
            .where(settling.claimed, wants[channel])
        )
        columns = ("account_id", "outbox_id", "channel", "document", "detail", "next_at")
        _insert(settling, outbox, columns, waiting)


def tell_day(settling: Settling) -> None:
    """What the day took, whom it stopped, whose balance it brought low: the day's last step."""
    entry = ledger_entries.c
    fees = and_(entry.debit == WALLET, entry.kind.in_([kind.value for kind in set(FEES.values())]))
    charged = _of_the_day(settling, case((fees, entry.amount), else_=0))
    tell_many(settling, Event.CHARGED, charged > 0, amount=charged)
    stopped = and_(accounts.c.service_state == ServiceState.STOPPED.value, accounts.c.service_since == settling.day)
    tell_many(settling, Event.SERVICE_STOPPED, stopped, amount=-(accounts.c.balance + accounts.c.credit_limit))
    _tell_low_balances(settling)


def _tell_low_balances(settling: Settling) -> None:
    """Tell those whose balance the day brought below what they chose."""
    entry = ledger_entries.c
    moved = case((entry.credit == WALLET, entry.amount), (entry.debit == WALLET, -entry.amount), else_=0)
    chosen = (
        select(notice_settings.c.balance_low)
        .where(notice_settings.c.account_id == accounts.c.account_id)
        .scalar_subquery()
    )
    limit = func.coalesce(chosen, settling.operator.notices.balance_low)
    fell = and_(accounts.c.balance < limit, accounts.c.balance - _of_the_day(settling, moved) >= limit)
    tell_many(settling, Event.BALANCE_LOW, fell, amount=accounts.c.balance)


def _of_the_day(settling: Settling, amount: ColumnElement[int]) -> ColumnElement[int]:
    """The sum of ``amount`` over what this day has booked so far, per account."""
    entry = ledger_entries.c
    return (
        select(func.coalesce(func.sum(amount), 0))
        .where(
            entry.account_id == accounts.c.account_id,
            entry.month == month_of(settling.day),
            entry.at == milliseconds(settling.at),
        )
        .scalar_subquery()
    )


def _wants(chosen: ColumnElement[bool], default: bool, *, fixed: bool) -> ColumnElement[bool]:
    """Whether an account's row, or its absence (null), asks for a channel."""
    if default and fixed:
        return literal(True, Boolean())
    return func.coalesce(chosen, literal(default, Boolean()))


def _value(value: ColumnElement[Any] | date | int | None, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    if isinstance(value, ColumnElement):
        return value
    return sql_cast(null(), kind) if value is None else literal(value, kind)


def _insert(settling: Settling, table: Any, columns: tuple[str, ...], rows: Select[Any]) -> int:
    return settling.connection.execute(insert(table).from_select(columns, rows)).rowcount
