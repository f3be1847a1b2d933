"""Payments by the provider (product.md P1-P3, P9): begun here, asked about by the cashier (payments/cashier.py), and
ended by what the provider says, whoever brings it: an answer, a look, a webhook, in any order and number.

The payment's row with its Idempotence-Key is committed before the provider is asked. What is credited is credited by
``payments.credit`` under the provider's name of the payment, once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from tools.headend.clock import from_milliseconds, milliseconds
from tools.headend.domain import payments as rules
from tools.headend.domain.declined import Declined
from tools.headend.domain.numbers import NumberState
from tools.headend.domain.payments import CARD_GONE_REASONS, PaymentState, Purpose
from tools.headend.domain.periods import month_of
from tools.headend.logs import NAME
from tools.headend.payments import ProviderPayment, ProviderState
from tools.headend.storage import numbers, payment_methods, provider_payments
from tools.headend.storage.payment_methods import StoredMethod
from tools.headend.storage.provider_payments import AskedPayment
from tools.headend.use_cases import autopays
from tools.headend.use_cases.payments import credit
from tools.headend.use_cases.work import Work

logger = logging.getLogger(NAME)

CARD, MOBILE = "card", "mobile"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be paid: ``amount`` minor units by ``method`` (sbp, card, mobile); ``method_id``: with this saved
    card, ``number_id``: from this linked number; ``save``: keep the card."""

    amount: int
    method: str
    method_id: str | None = None
    number_id: str | None = None
    save: bool = False
    purpose: Purpose = Purpose.VIEWER


def begin_payment(work: Work, wanted: Wanted) -> AskedPayment:
    """Write a payment that the provider is to be asked for once this is committed. Declined method_refused,
    amount_refused, payment_running, payments_open.
    """
    terms = work.operator.payments
    way = terms.ways.get(wanted.method)
    if way is None:
        raise Declined("method_refused")
    if not way.least <= wanted.amount <= way.most:
        raise Declined("amount_refused", least=work.money(way.least), most=work.money(way.most))
    saved = _saved_card(work, wanted.method_id)
    phone = _phone(work, wanted) if wanted.method == MOBILE else None
    charging = saved is not None or phone is not None
    page = wanted.purpose is Purpose.PAGE
    if charging and provider_payments.open_count(work.connection, work.account_id, page=False, charging=True):
        # its money may be on the way; another one would take it twice
        raise Declined("payment_running")
    if provider_payments.open_count(work.connection, work.account_id, page=page) >= terms.open_most:
        raise Declined("payments_open", most=terms.open_most)
    if wanted.save and len(payment_methods.methods_of(work.connection, work.account_id)) >= terms.methods_most:
        raise Declined("method_refused", "no further card can be saved")
    unattended = wanted.purpose is Purpose.AUTOPAY
    asked = AskedPayment(
        account_id=work.account_id,
        payment_id=str(uuid4()),
        method=wanted.method,
        amount=wanted.amount,
        state=PaymentState.CREATED.value,
        created_at=milliseconds(work.now),
        ended_at=None,
        provider_key=str(uuid4()),
        purpose=wanted.purpose.value,
        confirmation=None if unattended else way.confirmation,
        method_id=saved.method_id if saved else None,
        saved_id=saved.provider_id if saved else None,
        phone=phone,
        save=wanted.save,
        month=month_of(work.today),
        expires_at=milliseconds(work.now + timedelta(seconds=terms.confirm_seconds)),
        provider_id=None,
        payload=None,
        reason=None,
        ask_at=milliseconds(work.now),
        failures=0,
    )
    provider_payments.add(work.connection, asked)
    return asked


def settle(work: Work, payment_id: str, found: ProviderPayment) -> None:
    """Take over what the provider says of a payment that is ours by its metadata."""
    asked = provider_payments.asked_payment(work.connection, work.account_id, payment_id)
    work.touched = False
    if found.currency != work.operator.currency:
        logger.error("payment %s came in %s: the operator must look at it", found.provider_id, found.currency)
        return
    if asked is None:
        # another service of the same shop may have credited it
        logger.error("payment %s names a payment that was never begun here", found.provider_id)
        return
    if asked.provider_id not in (None, found.provider_id):
        _credit_stray(work, found)
        return
    match found.state:
        case ProviderState.SUCCEEDED:
            _succeed(work, asked, found)
        case ProviderState.CANCELED:
            _end(work, asked, rules.canceled(PaymentState(asked.state), found.reason), found.reason, found.provider_id)
        case _:
            _go_on(work, asked, found)


def unanswered(work: Work, payment_id: str) -> None:
    """The provider gave no answer: it is asked again, soon first."""
    asked = provider_payments.asked_payment(work.connection, work.account_id, payment_id)
    work.touched = False
    if asked is None or asked.ask_at is None:
        return
    state = rules.unanswered(PaymentState(asked.state), over=_over(work, asked))
    failures = asked.failures + 1
    _note_open(work, asked, state, failures=failures)


def refused(work: Work, payment_id: str, reason: str) -> None:
    """The provider will not make the payment, and has not."""
    asked = provider_payments.asked_payment(work.connection, work.account_id, payment_id)
    work.touched = False
    if asked is not None and asked.provider_id is None:
        _end(work, asked, rules.canceled(PaymentState(asked.state), reason), reason, None)


def never_made(work: Work, payment_id: str) -> None:
    """The window to confirm is over, and the provider has no such payment: it never will."""
    asked = provider_payments.asked_payment(work.connection, work.account_id, payment_id)
    work.touched = False
    if asked is not None and asked.provider_id is None and not PaymentState(asked.state).ended:
        _end(work, asked, PaymentState.EXPIRED, "never_made", None)


def remove_method(work: Work, method_id: str) -> None:
    """Forget a saved card; what autopayment took from it is off. Declined not_found."""
    if payment_methods.method(work.connection, work.account_id, method_id) is None:
        raise Declined("not_found", "this account has no such card")
    payment_methods.remove(work.connection, work.account_id, method_id)
    autopays.method_gone(work, method_id)


def _succeed(work: Work, asked: AskedPayment, found: ProviderPayment) -> None:
    if asked.state == PaymentState.SUCCEEDED.value:
        return
    credited = credit(work, asked.method, found.amount, found.provider_id, payment_id=asked.payment_id)
    work.touched = not credited.repeated
    provider_payments.note(
        work.connection, asked, provider_id=found.provider_id, ask_at=None, failures=0, payload=None, reason=None
    )
    if asked.save and found.saved is not None:
        _save_card(work, found)
    autopays.paid(work, asked)


def _credit_stray(work: Work, found: ProviderPayment) -> None:
    """Money that came for us beside the payment that was asked for: it is the viewer's all the same."""
    if found.state is not ProviderState.SUCCEEDED:
        return
    credited = credit(work, found.means.value if found.means else CARD, found.amount, found.provider_id)
    work.touched = not credited.repeated
    if not credited.repeated:
        logger.error("payment %s was made beside the one that was asked for, and is credited", found.provider_id)


def _go_on(work: Work, asked: AskedPayment, found: ProviderPayment) -> None:
    if asked.ask_at is None:
        return
    confirmation = found.confirmation
    # the provider may tell how to confirm with the payment alone, and not each time
    by_user = confirmation is not None or asked.payload is not None
    waits = by_user and found.state is ProviderState.PENDING
    state = rules.pending(PaymentState(asked.state), confirmed_by_user=waits, over=_over(work, asked))
    told: dict[str, str] = {}
    if confirmation is not None and (confirmation.kind.value, confirmation.payload) != (
        asked.confirmation,
        asked.payload,
    ):
        told |= {"confirmation": confirmation.kind.value, "payload": confirmation.payload}
    if asked.provider_id is None:
        told |= {"provider_id": found.provider_id, "reference": found.provider_id}
    _note_open(work, asked, state, failures=0, **told)


def _note_open(work: Work, asked: AskedPayment, state: PaymentState, *, failures: int, **told: str) -> None:
    pause = rules.ask_again(work.now - from_milliseconds(asked.created_at), failures)
    if pause is None:
        logger.error("payment %s is given up: the provider tells nothing final", asked.payment_id)
    newly = state is not PaymentState(asked.state)
    work.touched = newly or bool(told)
    ended_at = milliseconds(work.now) if newly and state.ended else asked.ended_at
    ask_at = None if pause is None else milliseconds(work.now + pause)
    provider_payments.note(
        work.connection, asked, state=state.value, ended_at=ended_at, ask_at=ask_at, failures=failures, **told
    )
    if newly and state.ended:
        autopays.failed(work, asked, card_gone=False)


def _end(work: Work, asked: AskedPayment, state: PaymentState, reason: str | None, provider_id: str | None) -> None:
    """Nothing can come of it any more."""
    if asked.ask_at is None:
        return
    newly = state is not PaymentState(asked.state)
    work.touched = newly
    known = {} if provider_id is None else {"provider_id": provider_id, "reference": provider_id}
    ended_at = asked.ended_at or milliseconds(work.now)
    provider_payments.note(
        work.connection, asked, state=state.value, ended_at=ended_at, ask_at=None, reason=(reason or "")[:60], **known
    )
    if newly:
        autopays.failed(work, asked, card_gone=reason in CARD_GONE_REASONS)


def _save_card(work: Work, found: ProviderPayment) -> None:
    card = found.saved
    if card is None:
        return
    mine = payment_methods.methods_of(work.connection, work.account_id)
    known = [each for each in mine if each.provider_id == card.provider_id]
    if known or len(mine) >= work.operator.payments.methods_most:
        return
    at = milliseconds(work.now)
    stored = StoredMethod(str(uuid4()), card.provider_id, card.system, card.last4, card.expires, at)
    payment_methods.add(work.connection, work.account_id, stored)
    autopays.card_saved(work, stored.method_id)


def _saved_card(work: Work, method_id: str | None) -> StoredMethod | None:
    if method_id is None:
        return None
    found = payment_methods.method(work.connection, work.account_id, method_id)
    if found is None:
        raise Declined("method_refused", "this account has no such card")
    return found


def _phone(work: Work, wanted: Wanted) -> str:
    """The linked number with the country's code, digits only (A7)."""
    mine = numbers.numbers_of(work.connection, work.account_id)
    for each in mine:
        if each.number_id == wanted.number_id and each.state == NumberState.LINKED.value:
            code = work.operator.phone_pattern.partition("#")[0]
            return "".join(filter(str.isdigit, code)) + each.number
    raise Declined("method_refused", "this account has no such linked number")


def _over(work: Work, asked: AskedPayment) -> bool:
    return milliseconds(work.now) >= asked.expires_at
