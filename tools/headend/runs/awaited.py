"""What an account awaits of promises, credit and temporary blocks: sources of its due day (runs/due.py)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, null, select

from tools.headend.domain.account import ServiceState
from tools.headend.domain.credit import CreditState
from tools.headend.domain.promises import PromiseState
from tools.headend.domain.suspensions import SuspensionState
from tools.headend.storage.tables import accounts, credits, promises, suspensions

_SUSPENDED = accounts.c.service_state == ServiceState.SUSPENDED.value


def next_of_promises(settled: date) -> ColumnElement[Any]:
    """The due day of the open promise, then the day on which it is taken back; null without one, or in a block."""
    mine = and_(promises.c.account_id == accounts.c.account_id, promises.c.state == PromiseState.ACTIVE.value)
    awaited = select(case((promises.c.due_on > settled, promises.c.due_on), else_=promises.c.back_on)).where(mine)
    return case(
        (and_(accounts.c.promised > 0, ~_SUSPENDED), awaited.correlate(accounts).scalar_subquery()), else_=null()
    )


def next_of_credit(settled: date) -> ColumnElement[Any]:
    """The due day of the credit, then the day after it; null where none is due, or in a block."""
    mine = and_(credits.c.account_id == accounts.c.account_id, credits.c.state == CreditState.ACTIVE.value)
    awaited = select(case((credits.c.due_on > settled, credits.c.due_on), else_=credits.c.late_on)).where(mine)
    return case(
        (and_(accounts.c.credit_mode, ~_SUSPENDED), awaited.correlate(accounts).scalar_subquery()), else_=null()
    )


def next_of_suspensions(_settled: date) -> ColumnElement[Any]:
    """When the ordered block begins, or the day after the one that runs; null where there is none."""
    mine = and_(suspensions.c.account_id == accounts.c.account_id, suspensions.c.state == SuspensionState.ACTIVE.value)
    over = select(suspensions.c.resumes_on).where(mine).correlate(accounts).scalar_subquery()
    return case((_SUSPENDED, over), else_=accounts.c.suspends_on)
