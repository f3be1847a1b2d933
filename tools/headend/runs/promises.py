"""Promised payments by time alone: reminded on their due day, taken back on the day after (product.md P4).

What falls into a temporary block waits for its end (U1).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, literal, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.account import ServiceState
from tools.headend.domain.ledger import PROMISES, WALLET, EntryKind, promise_reference
from tools.headend.domain.notices import Event
from tools.headend.domain.promises import PromiseState
from tools.headend.runs.notices import tell_many
from tools.headend.runs.settling import Settling
from tools.headend.storage.tables import accounts, ledger_entries, promises

_MINE = promises.c.account_id == accounts.c.account_id
_OPEN = and_(_MINE, promises.c.state == PromiseState.ACTIVE.value)
_NOT_SUSPENDED = accounts.c.service_state != ServiceState.SUSPENDED.value


def take_promises_back(settling: Settling) -> None:
    """Remind of those that are due, take back those that were: repaid where own money and credit cover it."""
    due = exists().where(_OPEN, promises.c.due_on == settling.day).correlate(accounts)
    if _any(settling, due):
        tell_many(settling, Event.PROMISE_DUE, due, amount=accounts.c.promised, day=settling.day)
    back = and_(_OPEN, promises.c.back_on <= settling.day, _NOT_SUSPENDED)
    taken = settling.post(
        {
            "kind": EntryKind.PROMISE.value,
            "debit": WALLET,
            "credit": PROMISES,
            "amount": promises.c.amount,
            "reference": literal(promise_reference(""), ledger_entries.c.reference.type) + promises.c.promise_id,
        },
        accounts.join(promises, back),
    )
    if taken:
        _end(settling, back)


def _end(settling: Settling, back: ColumnElement[bool]) -> None:
    connection, at = settling.connection, milliseconds(settling.at)
    covered = exists().where(settling.claimed, back, accounts.c.balance + accounts.c.credit_limit >= 0)
    uncovered = exists().where(settling.claimed, back, accounts.c.balance + accounts.c.credit_limit < 0)
    repaid = {"state": PromiseState.REPAID.value, "ended_at": at, "cleared_at": at}
    overdue = {"state": PromiseState.OVERDUE.value, "ended_at": at}
    connection.execute(update(promises).where(covered.correlate(promises)).values(repaid))
    if connection.execute(update(promises).where(uncovered.correlate(promises)).values(overdue)).rowcount:
        amount = -(accounts.c.balance + accounts.c.credit_limit)
        tell_many(settling, Event.PROMISE_OVERDUE, became_overdue(settling), amount=amount)
    gone = exists().where(_MINE, promises.c.ended_at == at).correlate(accounts)
    connection.execute(update(accounts).where(settling.claimed, accounts.c.promised > 0, gone).values(promised=0))


def became_overdue(settling: Settling) -> ColumnElement[bool]:
    """Of ``accounts``: a promise was taken back on this day and nothing covers it."""
    return (
        exists()
        .where(_MINE, promises.c.state == PromiseState.OVERDUE.value, promises.c.ended_at == milliseconds(settling.at))
        .correlate(accounts)
    )


def _any(settling: Settling, which: ColumnElement[bool]) -> bool:
    query = select(accounts.c.account_id).where(settling.claimed, accounts.c.promised > 0, which).limit(1)
    return settling.connection.execute(query).first() is not None
