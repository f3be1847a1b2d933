"""Autopayment (product.md P5): agreed to, woken by a falling balance, ended, and what a payment's end makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tools.headend.clock import milliseconds
from tools.headend.domain.autopay import AutopayState, Mode, beginning, try_again_after
from tools.headend.domain.declined import Declined
from tools.headend.domain.notices import Event
from tools.headend.domain.payments import Purpose, next_day_of_month
from tools.headend.domain.periods import local_date
from tools.headend.storage import autopays, payment_methods, tables
from tools.headend.storage.autopays import StoredAutopay
from tools.headend.storage.provider_payments import AskedPayment
from tools.headend.use_cases.notices import tell

if TYPE_CHECKING:
    from tools.headend.use_cases.work import Work


def agree(work: Work, mode: Mode, day: int | None, method_id: str | None) -> StoredAutopay:
    """Switch it on, or change it. Without a card it waits for the first one that is saved. Declined method_refused,
    payment_running.
    """
    before = autopays.autopay_of(work.connection, work.account_id)
    if before is not None and before.state == AutopayState.CHARGING.value:
        raise Declined("payment_running")
    if method_id is None and payment_methods.methods_of(work.connection, work.account_id):
        raise Declined("method_refused", "say which of the saved cards pays")
    if method_id is not None and payment_methods.method(work.connection, work.account_id, method_id) is None:
        raise Declined("method_refused", "this account has no such card")
    agreed = StoredAutopay(
        state=AutopayState.CONSENTED.value,
        mode=mode.value,
        threshold=work.operator.payments.autopay.threshold if mode is Mode.THRESHOLD else None,
        day=day,
        method_id=None,
        payment_id=None,
        failures=0,
        next_at=None,
        consented_at=milliseconds(work.now),
    )
    if method_id is not None:
        agreed = _armed(work, replace(agreed, method_id=method_id))
    autopays.keep(work.connection, work.account_id, agreed)
    return agreed


def switch_off(work: Work) -> None:
    """No further payment begins; one that the provider was asked for is credited where it comes."""
    autopays.switch_off(work.connection, work.account_id)


def method_gone(work: Work, method_id: str) -> None:
    """Its card was removed."""
    now = autopays.autopay_of(work.connection, work.account_id)
    if now is not None and now.method_id == method_id:
        autopays.switch_off(work.connection, work.account_id)


def card_saved(work: Work, method_id: str) -> None:
    """The card that it has waited for is there."""
    now = autopays.autopay_of(work.connection, work.account_id)
    if now is not None and now.state == AutopayState.CONSENTED.value:
        autopays.keep(work.connection, work.account_id, _armed(work, replace(now, method_id=method_id)))


def paid(work: Work, asked: AskedPayment) -> None:
    """A payment has come; where it was autopayment's, that is armed again."""
    now = _of(work, asked)
    if now is not None:
        armed = _armed(work, replace(now, payment_id=None, failures=0))
        autopays.keep(work.connection, work.account_id, armed)


def failed(work: Work, asked: AskedPayment, *, card_gone: bool) -> None:
    """A payment has ended without money; where it was autopayment's, it waits longer each time, and is off at last."""
    now = _of(work, asked)
    if now is None:
        return
    work.touched = True
    failures = now.failures + 1
    pause = None if card_gone else try_again_after(failures, work.operator.payments.autopay)
    if pause is None:
        autopays.switch_off(work.connection, work.account_id)
        tell(work, Event.AUTOPAY_OFF, {"amount": asked.amount})
        return
    next_at = work.now + pause
    autopays.change(
        work.connection,
        work.account_id,
        state=AutopayState.FAILED.value,
        payment_id=None,
        failures=failures,
        next_at=milliseconds(next_at),
    )
    tell(work, Event.AUTOPAY_FAILED, {"amount": asked.amount, "day": local_date(next_at, work.region.time_zone)})


def wake_low(work: Work) -> None:
    """Have it looked at where this change has brought own money below the threshold."""
    if work.account.balance < work.opening:
        mine = (table.c.account_id == work.account_id for table in (tables.accounts, tables.autopays))
        autopays.wake(work.connection, work.now, *mine)


def regular_next(work: Work, stored: StoredAutopay) -> int | None:
    """When it is looked at without anything happening before, in milliseconds."""
    if stored.day is not None:
        return instant(work, next_day_of_month(stored.day, work.today))
    low = work.account.own_money < (stored.threshold or 0)
    return milliseconds(work.now) if low else None


def instant(work: Work, day: date) -> int:
    return milliseconds(beginning(day, work.region.time_zone))


def _armed(work: Work, stored: StoredAutopay) -> StoredAutopay:
    return replace(stored, state=AutopayState.ARMED.value, next_at=regular_next(work, stored))


def _of(work: Work, asked: AskedPayment) -> StoredAutopay | None:
    """The autopayment that waits for this payment."""
    if asked.purpose != Purpose.AUTOPAY.value:
        return None
    now = autopays.autopay_of(work.connection, work.account_id)
    return now if now is not None and now.payment_id == asked.payment_id else None
