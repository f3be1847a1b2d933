"""Credit mode by time alone (product.md P6): what is owed is due on a day of each month.

A debt that still stands on the day after holds the limit back until it is paid. What falls into a temporary block
waits for its end (U1).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, select, update

from tools.headend.domain.account import ServiceState
from tools.headend.domain.credit import CreditState, late_on, next_due
from tools.headend.domain.notices import Event
from tools.headend.runs.notices import tell_many
from tools.headend.runs.settling import Settling
from tools.headend.storage.tables import accounts, credits

_MINE = and_(credits.c.account_id == accounts.c.account_id, accounts.c.credit_mode)
_ACTIVE = and_(_MINE, credits.c.state == CreditState.ACTIVE.value)
_NOT_SUSPENDED = accounts.c.service_state != ServiceState.SUSPENDED.value


def call_credit_due(settling: Settling) -> None:
    """Remind of what is due; where it is late hold the limit back, else go on to the next due day."""
    connection, day = settling.connection, settling.day
    due = exists().where(_ACTIVE, credits.c.due_on == day).correlate(accounts)
    owing = accounts.c.balance < 0
    if _any(settling, and_(due, owing)):
        tell_many(settling, Event.CREDIT_DUE, and_(due, owing), amount=-accounts.c.balance, day=day)
    late = and_(_ACTIVE, credits.c.late_on <= day, _NOT_SUSPENDED)
    held = exists().where(settling.claimed, late, owing).correlate(credits)
    withheld = {"state": CreditState.WITHHELD.value, "late_on": day}
    if connection.execute(update(credits).where(held).values(withheld)).rowcount:
        which = and_(settling.claimed, became_late(settling))
        connection.execute(update(accounts).where(which).values(credit_limit=0))
    paid = exists().where(settling.claimed, late).correlate(credits)
    for due_day in connection.execute(select(credits.c.due_day).where(paid).distinct()).scalars().all():
        following = next_due(day, due_day)
        values = {"due_on": following, "late_on": late_on(following)}
        connection.execute(update(credits).where(paid, credits.c.due_day == due_day).values(values))


def became_late(settling: Settling) -> ColumnElement[bool]:
    """Of ``accounts``: its limit was held back on this day."""
    return (
        exists()
        .where(_MINE, credits.c.state == CreditState.WITHHELD.value, credits.c.late_on == settling.day)
        .correlate(accounts)
    )


def _any(settling: Settling, which: ColumnElement[bool]) -> bool:
    query = select(accounts.c.account_id).where(settling.claimed, accounts.c.credit_mode, which).limit(1)
    return settling.connection.execute(query).first() is not None
