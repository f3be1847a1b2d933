"""The stop for debt: a charge at its date that neither balance, credit nor promise covers (product.md P10)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.account import ServiceState
from tools.headend.domain.ledger import WALLET, EntryKind
from tools.headend.domain.periods import month_of
from tools.headend.runs.late import late_for_what_runs
from tools.headend.runs.settling import Settling
from tools.headend.storage import entitlements
from tools.headend.storage.tables import accounts, ledger_entries

_ACTIVE = accounts.c.service_state == ServiceState.ACTIVE.value


def stop_uncovered(settling: Settling) -> None:
    """Stop the accounts from which this day took more than they have.

    A balance below zero by itself stops nothing: what is paid runs on until a charge at its date is not covered.
    """
    charged_today = exists().where(
        ledger_entries.c.account_id == accounts.c.account_id,
        settling.within(ledger_entries),
        ledger_entries.c.month == month_of(settling.day),
        ledger_entries.c.at == milliseconds(settling.at),
        ledger_entries.c.debit == WALLET,
        ledger_entries.c.kind != EntryKind.PROMISE.value,
    )
    uncovered = accounts.c.balance + accounts.c.credit_limit < 0
    # on most days and in most batches nobody lacks anything, and then nothing has to be looked up
    lacking = select(accounts.c.account_id).where(settling.claimed, _ACTIVE, uncovered).limit(1)
    if settling.connection.execute(lacking).first() is None:
        return
    stop(settling, and_(uncovered, or_(charged_today, late_for_what_runs(settling))))


def stop(settling: Settling, which: ColumnElement[bool]) -> None:
    """Stop the claimed and active accounts ``which``; their cards are told."""
    stopping = and_(settling.claimed, _ACTIVE, which)
    stopped = settling.connection.execute(
        update(accounts)
        .where(stopping)
        .values(service_state=ServiceState.STOPPED.value, service_since=settling.day, service_until=None)
    ).rowcount
    if not stopped:
        return
    now_stopped = and_(accounts.c.service_state == ServiceState.STOPPED.value, accounts.c.service_since == settling.day)
    entitlements.queue_where(settling.connection, and_(settling.claimed, now_stopped), "stopped", settling.at)
