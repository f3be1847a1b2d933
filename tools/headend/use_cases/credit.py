"""Advance and credit mode (product.md P6). Time calls what is due (runs/credit.py), money restores it (repaying.py)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from sqlalchemy import Connection

from tools.headend.clock import milliseconds
from tools.headend.domain import credit as rules
from tools.headend.domain.account import ServiceState
from tools.headend.domain.credit import CreditState, Standing, WhyNot, late_on, next_due
from tools.headend.domain.declined import Declined
from tools.headend.storage import credits
from tools.headend.storage.accounts import StoredAccount
from tools.headend.use_cases.fees import monthly_fee
from tools.headend.use_cases.work import Work


def standing(connection: Connection, account: StoredAccount, today: date) -> Standing:
    """What decides about credit mode for ``account``."""
    return Standing(
        today=today,
        balance=account.balance,
        monthly_fee=monthly_fee(connection, account.account_id, today),
        promised=account.promised,
        credit_mode=account.credit_mode,
        service=ServiceState(account.service_state),
        contract_since=account.contract_since,
    )


def switch_on(work: Work, agreed_limit: int) -> None:
    """Credit mode with the limit that was shown (minor units).

    Declined promise_open, account_stopped, account_suspended, credit_refused (``reason``), quote_outdated where the
    limit is another one by now.
    """
    terms = work.operator.terms.credit
    now = standing(work.connection, work.account, work.today)
    match rules.why_not(now, terms):
        case None:
            pass
        case WhyNot.PROMISE_OPEN:
            raise Declined("promise_open")
        case WhyNot.NOT_ACTIVE:
            raise Declined("account_stopped" if now.service is ServiceState.STOPPED else "account_suspended")
        case reason:
            raise Declined("credit_refused", reason=reason.value)
    limit = rules.limit(now.monthly_fee, terms)
    if limit != agreed_limit:
        raise Declined("quote_outdated", "the limit is another one by now", limit=work.money(limit))
    due_on = next_due(work.today, terms.due_day)
    row = {
        "account_id": work.account_id,
        "credit_id": str(uuid4()),
        "state": CreditState.ACTIVE.value,
        "limit": limit,
        "due_day": terms.due_day,
        "due_on": due_on,
        "late_on": late_on(due_on),
        "begun_at": milliseconds(work.now),
        "ended_at": None,
    }
    credits.begin(work.connection, row)
    work.reread()


def switch_off(work: Work) -> None:
    """Back to advance, at zero or above only: Declined money_lacking with what is owed."""
    found = credits.current(work.connection, work.account_id)
    if found is None:
        work.touched = False
        return
    if work.account.balance < 0:
        raise Declined("money_lacking", "what is owed must be paid first", lacking=work.money(-work.account.balance))
    credits.end(work.connection, found, work.now)
    work.reread()
