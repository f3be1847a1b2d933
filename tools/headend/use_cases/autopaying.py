"""What autopayment does when it is looked at: pay, wait, or sleep again (product.md P5)."""

from __future__ import annotations

from datetime import timedelta

from tools.headend.clock import milliseconds
from tools.headend.domain import autopay as rules
from tools.headend.domain.account import ServiceState
from tools.headend.domain.autopay import AutopayState, Mode
from tools.headend.domain.declined import Declined
from tools.headend.domain.payments import Purpose
from tools.headend.domain.periods import month_of, next_first
from tools.headend.storage import autopays, provider_payments
from tools.headend.storage.autopays import StoredAutopay
from tools.headend.storage.provider_payments import AskedPayment
from tools.headend.use_cases.autopays import instant, regular_next
from tools.headend.use_cases.fees import monthly_fee
from tools.headend.use_cases.paying import CARD, Wanted, begin_payment
from tools.headend.use_cases.work import Work

_ANOTHER_RUNS = timedelta(minutes=10)
_DAY = timedelta(days=1)


def look(work: Work) -> AskedPayment | None:
    """Begin the payment that is due, which the provider is to be asked for once this is committed; None: there is none.

    Nothing inside a temporary block; never two at once; never more than the month's limit.
    """
    work.touched = False
    now = autopays.autopay_of(work.connection, work.account_id)
    if now is None or now.next_at is None or now.next_at > milliseconds(work.now):
        return None
    if work.account.service_state == ServiceState.SUSPENDED.value:
        until = work.account.service_until or work.today
        _wait(work, instant(work, max(until, work.today) + _DAY))
        return None
    amount = _wanted(work, now)
    if not amount:
        _sleep(work, now)
        return None
    taken = provider_payments.autopaid_in_month(work.connection, work.account_id, month_of(work.today))
    terms = work.operator.payments
    allowed = rules.within(amount, taken, terms.ways[CARD].most, terms.autopay)
    if not allowed:
        _wait(work, instant(work, next_first(work.today)))
        return None
    wanted = Wanted(allowed, CARD, method_id=now.method_id, purpose=Purpose.AUTOPAY)
    try:
        asked = begin_payment(work, wanted)
    except Declined:
        # another payment may bring the money, or the card is gone; either way it is looked at again
        _wait(work, milliseconds(work.now + _ANOTHER_RUNS))
        return None
    work.touched = True
    autopays.change(
        work.connection,
        work.account_id,
        state=AutopayState.CHARGING.value,
        payment_id=asked.payment_id,
        next_at=None,
    )
    return asked


def _wanted(work: Work, now: StoredAutopay) -> int:
    fee = monthly_fee(work.connection, work.account_id, work.today)
    terms, rounding = work.operator.payments.autopay, work.operator.rounding
    return rules.top_up(Mode(now.mode), work.account.own_money, fee, terms, rounding)


def _wait(work: Work, next_at: int) -> None:
    autopays.change(work.connection, work.account_id, next_at=next_at)


def _sleep(work: Work, now: StoredAutopay) -> None:
    """Nothing is lacking: armed, and no failure counts any more."""
    next_at = regular_next(work, now)
    if now.day is None and next_at is not None:
        # below the threshold and nothing to pay: there is no monthly fee; look again when there may be one
        next_at = instant(work, next_first(work.today))
    values = {"state": AutopayState.ARMED.value, "failures": 0, "next_at": next_at}
    autopays.change(work.connection, work.account_id, **values)
    work.touched = now.state != AutopayState.ARMED.value
