"""What a promised payment or a withheld credit waits for: that money comes in (product.md P4, P6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.headend.domain import promises as rules
from tools.headend.domain.credit import CreditState, next_due
from tools.headend.domain.ledger import Entry, EntryKind, promise_back, promise_reference
from tools.headend.storage import credits, promises
from tools.headend.use_cases.fees import coming_up

if TYPE_CHECKING:
    from tools.headend.use_cases.work import Work


def repay(work: Work) -> None:
    """After money came in: take an open promise back that has done its work, and settle what stood open before it.

    ``use_cases.work.finish`` calls it when everything is booked and the service has returned (P10), since that charges.
    What an overdue promise had covered is paid, and a credit limit that was held back (P6) counts again, as soon as
    own money is at zero or above.
    """
    account = work.account
    if account.own_money < 0:
        return
    if work.opening < 0:
        promises.clear(work.connection, work.account_id, work.now)
    if account.credit_mode and account.credit_limit == 0:
        _restore_credit(work)
    if account.promised:
        _repay_open(work)


def _repay_open(work: Work) -> None:
    found = promises.open_promise(work.connection, work.account_id)
    if found is None:
        return
    done = rules.may_be_taken_back(
        own=work.account.own_money,
        own_before=found.own_before,
        paid_since=promises.paid_since(work.connection, work.account_id, found.entry_id),
        amount=found.amount,
        coming=coming_up(work.connection, work.account, work.today, found.due_on),
    )
    if not done:
        return
    reference = promise_reference(found.promise_id)
    work.post([Entry(work.now, work.today, EntryKind.PROMISE, promise_back(found.amount), reference=reference)])
    promises.end(work.connection, found, work.now)
    work.reread()


def _restore_credit(work: Work) -> None:
    credit = credits.current(work.connection, work.account_id)
    if credit is not None and credit.state == CreditState.WITHHELD.value:
        credits.restore(work.connection, credit, next_due(work.today, credit.due_day))
        work.reread()
