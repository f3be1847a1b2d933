"""Promised payments are granted (product.md P4); money repays them (repaying.py), time ends them (runs/promises.py)."""

from __future__ import annotations

from uuid import uuid4

from tools.headend.clock import milliseconds
from tools.headend.domain import promises as rules
from tools.headend.domain.account import ServiceState
from tools.headend.domain.declined import Declined
from tools.headend.domain.ledger import Entry, EntryKind, Posting, promise, promise_reference, service_fee
from tools.headend.domain.notices import Event
from tools.headend.domain.promises import DAY, PromiseState, Standing, WhyNot
from tools.headend.storage import promises
from tools.headend.storage.accounts import StoredAccount
from tools.headend.storage.promises import StoredPromise
from tools.headend.use_cases.fees import monthly_fee
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import Work


def standing(account: StoredAccount, fee: int, *, owes_last: bool) -> Standing:
    """What decides about a promise for ``account``, whose monthly fee is ``fee``."""
    return Standing(
        balance=account.balance,
        monthly_fee=fee,
        open=account.promised > 0,
        owes_last=owes_last,
        credit_mode=account.credit_mode,
        service=ServiceState(account.service_state),
    )


def grant(work: Work, amount: int) -> StoredPromise:
    """Book ``amount`` (minor units) into the balance until it is due.

    Declined: promise_open, account_suspended, promise_refused (``reason``), amount_refused (``least``, ``most``).
    """
    terms, account = work.operator.terms.promise, work.account
    fee = monthly_fee(work.connection, work.account_id, work.today)
    owes_last = promises.owes_last(work.connection, work.account_id)
    match rules.why_not(standing(account, fee, owes_last=owes_last), terms):
        case None:
            pass
        case WhyNot.OPEN:
            raise Declined("promise_open")
        case WhyNot.SUSPENDED:
            raise Declined("account_suspended")
        case reason:
            raise Declined("promise_refused", reason=reason.value)
    most = rules.most(fee, terms)
    if not terms.least <= amount <= most:
        raise Declined("amount_refused", least=work.money(terms.least), most=work.money(most))
    promise_id, due_on, own_before = str(uuid4()), rules.due_on(work.today, terms), account.own_money
    postings = [(EntryKind.PROMISE, promise(amount))]
    if terms.fee:
        postings.append((EntryKind.SERVICE_FEE, service_fee(terms.fee)))
    numbers = work.post([_entry(work, kind, posting, promise_id) for kind, posting in postings])
    granted = StoredPromise(
        account_id=work.account_id,
        promise_id=promise_id,
        state=PromiseState.ACTIVE.value,
        amount=amount,
        fee=terms.fee,
        own_before=own_before,
        entry_id=numbers[-1],
        granted_at=milliseconds(work.now),
        due_on=due_on,
        back_on=due_on + DAY,
        ended_at=None,
        cleared_at=None,
    )
    promises.add(work.connection, granted)
    work.reread()
    tell(work, Event.PROMISE_GRANTED, {"amount": amount, "day": due_on})
    return granted


def _entry(work: Work, kind: EntryKind, posting: Posting, promise_id: str) -> Entry:
    return Entry(work.now, work.today, kind, posting, reference=promise_reference(promise_id))
