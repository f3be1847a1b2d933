"""Temporary blocks by time alone: they begin, where own money suffices for the fee, and end (product.md U1).

The rest of the month in which one ends is charged by the monthly charge, which finds the account active and the
month not charged.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, literal, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.account import ServiceState
from tools.headend.domain.ledger import SERVICE_REVENUE, WALLET, EntryKind, suspension_reference
from tools.headend.domain.notices import Event
from tools.headend.domain.suspensions import ALL_BLOCKED, NOT_BLOCKED, SuspensionState
from tools.headend.runs.notices import tell_many
from tools.headend.runs.settling import Settling
from tools.headend.storage import entitlements
from tools.headend.storage.suspensions import flags
from tools.headend.storage.tables import accounts, ledger_entries, suspensions

_MINE = suspensions.c.account_id == accounts.c.account_id
_ORDERED = and_(_MINE, suspensions.c.state == SuspensionState.REQUESTED.value)
_CHARGED = and_(_MINE, suspensions.c.state == SuspensionState.CHARGED.value)
_ACTIVE = and_(_MINE, suspensions.c.state == SuspensionState.ACTIVE.value)


def finish_suspensions(settling: Settling) -> None:
    """End the blocks whose last day was the day before."""
    connection, day = settling.connection, settling.day
    over = and_(_ACTIVE, suspensions.c.resumes_on <= day)
    mine = exists().where(settling.claimed, over).correlate(suspensions)
    ended = {"state": SuspensionState.ENDED.value, "ended_at": milliseconds(settling.at), **flags(NOT_BLOCKED)}
    if not connection.execute(update(suspensions).where(mine).values(ended)).rowcount:
        return
    # the account says itself that it is suspended; which of them are so no longer is what has just ended
    suspended = accounts.c.service_state == ServiceState.SUSPENDED.value
    resumed = exists().where(_MINE, suspensions.c.ended_at == milliseconds(settling.at)).correlate(accounts)
    which = and_(settling.claimed, suspended, resumed)
    entitlements.queue_where(connection, which, "resumed", settling.at)
    tell_many(settling, Event.BLOCK_ENDED, and_(suspended, resumed))
    active = {"service_state": ServiceState.ACTIVE.value, "service_since": None, "service_until": None}
    connection.execute(update(accounts).where(which).values(active))


def begin_suspensions(settling: Settling) -> None:
    """Begin the blocks whose first day it is: the fee from own money, then all three flags. Where own money does not
    suffice, or the service is stopped, it is cancelled and the viewer is told."""
    connection, day = settling.connection, settling.day
    due = and_(_ORDERED, accounts.c.suspends_on <= day)
    enough = and_(
        accounts.c.balance - accounts.c.promised >= suspensions.c.fee,
        accounts.c.service_state == ServiceState.ACTIVE.value,
    )
    beginning = exists().where(settling.claimed, due, enough).correlate(suspensions)
    charged = {"state": SuspensionState.CHARGED.value}
    begun = connection.execute(update(suspensions).where(beginning).values(charged)).rowcount
    refused = exists().where(settling.claimed, due).correlate(suspensions)
    at = milliseconds(settling.at)
    cancelled = {"state": SuspensionState.CANCELLED.value, "ended_at": at}
    lacking = connection.execute(update(suspensions).where(refused).values(cancelled)).rowcount
    if begun:
        _block(settling)
    if lacking:
        _tell_cancelled(settling, at)
    if begun or lacking:
        over = and_(settling.claimed, accounts.c.suspends_on <= day)
        connection.execute(update(accounts).where(over).values(suspends_on=None))


def _block(settling: Settling) -> None:
    connection = settling.connection
    settling.post(
        {
            "kind": EntryKind.SERVICE_FEE.value,
            "debit": WALLET,
            "credit": SERVICE_REVENUE,
            "amount": suspensions.c.fee,
            "order_channel": suspensions.c.order_channel,
            "order_room": suspensions.c.order_room,
            "order_since": suspensions.c.first_day,
            "period_first": suspensions.c.first_day,
            "period_last": suspensions.c.last_day,
            "reference": literal(suspension_reference(""), ledger_entries.c.reference.type)
            + suspensions.c.suspension_id,
        },
        accounts.join(suspensions, _CHARGED),
        suspensions.c.fee > 0,
    )

    def of_it(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return select(column).where(_CHARGED).correlate(accounts).scalar_subquery()

    beginning = exists().where(_CHARGED).correlate(accounts)
    which = and_(settling.claimed, beginning)
    first, last, fee = suspensions.c.first_day, suspensions.c.last_day, suspensions.c.fee
    tell_many(settling, Event.BLOCK_BEGUN, beginning, amount=of_it(fee), day=of_it(last))
    entitlements.queue_where(connection, which, "suspended", settling.at)
    suspended = {
        "service_state": ServiceState.SUSPENDED.value,
        "service_since": of_it(first),
        "service_until": of_it(last),
    }
    connection.execute(update(accounts).where(which).values(suspended))
    active = {"state": SuspensionState.ACTIVE.value, **flags(ALL_BLOCKED)}
    mine = exists().where(settling.claimed, _CHARGED).correlate(suspensions)
    connection.execute(update(suspensions).where(mine).values(active))


def _tell_cancelled(settling: Settling, at: int) -> None:
    of_it = and_(_MINE, suspensions.c.state == SuspensionState.CANCELLED.value, suspensions.c.ended_at == at)
    fee = select(suspensions.c.fee).where(of_it).correlate(accounts).scalar_subquery()
    lacking = fee - (accounts.c.balance - accounts.c.promised)
    which = exists().where(of_it).correlate(accounts)
    tell_many(settling, Event.BLOCK_CANCELLED, which, amount=case((lacking > 0, lacking), else_=0))
