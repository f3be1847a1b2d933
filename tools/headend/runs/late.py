"""Who is stopped for a promise or credit that was not paid in time (product.md P4, P6, P10)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from tools.headend.domain.ledger import WALLET
from tools.headend.domain.periods import month_of
from tools.headend.runs.credit import became_late
from tools.headend.runs.promises import became_overdue
from tools.headend.runs.settling import Settling
from tools.headend.storage.tables import accounts, ledger_entries


def late_for_what_runs(settling: Settling) -> ColumnElement[bool]:
    """Of ``accounts``: a promise or credit became late on this day, and the month that runs was not paid without it.

    What is paid runs on (P10): money covers the oldest charges first, so where no more is owed than was ordered since
    the month's charge, the month itself is paid, and only its next charge can stop the service.
    """
    entry = ledger_entries.c
    ordered = (
        select(func.coalesce(func.sum(case((entry.debit == WALLET, entry.amount), else_=-entry.amount)), 0))
        .where(
            entry.account_id == accounts.c.account_id,
            entry.month == month_of(settling.day),
            entry.reference.startswith("order:"),
        )
        .correlate(accounts)
        .scalar_subquery()
    )
    owed = -(accounts.c.balance + accounts.c.credit_limit)
    return and_(owed > 0, or_(became_overdue(settling), became_late(settling)), owed > ordered)
