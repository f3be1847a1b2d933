"""What is done with the claimed accounts on every day, in this order, and how a day is settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection

from tools.headend.domain.catalogue import Operator
from tools.headend.runs.autopays import wake_autopays
from tools.headend.runs.bonus import apply_discounts, earn_points, end_services, expire_points
from tools.headend.runs.charge import charge_month
from tools.headend.runs.credit import call_credit_due
from tools.headend.runs.entitlements import refresh_turned
from tools.headend.runs.notices import tell_day
from tools.headend.runs.numbers import check_numbers
from tools.headend.runs.promises import take_promises_back
from tools.headend.runs.settling import Settling, claim, release
from tools.headend.runs.stop import stop_uncovered
from tools.headend.runs.suspensions import begin_suspensions, finish_suspensions
from tools.headend.storage import accounts
from tools.headend.storage.accounts import StoredAccount

Step = Callable[[Settling], None]

STEPS: tuple[Step, ...] = (
    expire_points,
    end_services,
    check_numbers,
    finish_suspensions,
    begin_suspensions,
    take_promises_back,
    call_credit_due,
    charge_month,
    apply_discounts,
    earn_points,
    stop_uncovered,
    wake_autopays,
    refresh_turned,
    tell_day,
)
"""What was to be gone or over is so before the charge; who is stopped is decided when everything was taken."""


def settle_day(settling: Settling) -> int:
    """Settle one day of the accounts that are due on it, in the caller's transaction; returns how many."""
    count = claim(settling)
    if count:
        for step in STEPS:
            step(settling)
        release(settling)
    return count


def settle_account(connection: Connection, operator: Operator, account: StoredAccount, today: date) -> StoredAccount:
    """Settle every due day of one locked account up to ``today``, oldest first; its row afterwards."""
    region = operator.regions[account.region_id]
    while account.due_on <= today:
        settle_day(Settling(connection, operator, region, account.due_on, account.account_id, account.account_id))
        account = accounts.account(connection, account.account_id)
    return account
