"""Money paid in, from whatever side it is reported: credited once (product.md P9)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from tools.headend.clock import milliseconds
from tools.headend.domain import ledger
from tools.headend.domain.account import ServiceState
from tools.headend.domain.declined import Declined
from tools.headend.domain.ledger import Entry, EntryKind
from tools.headend.domain.notices import Event
from tools.headend.storage import entitlements, payments
from tools.headend.storage.payments import KnownPayment
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import Work


@dataclass(frozen=True, slots=True)
class Credited:
    """What became of a payment; ``repeated``: it had been credited before, and nothing was done."""

    payment_id: str
    repeated: bool


def credit(work: Work, method: str, amount: int, reference: str, *, payment_id: str | None = None) -> Credited:
    """Credit ``amount`` (minor units, above 0) that came by ``method`` and is called ``reference`` there.

    Once for each method and reference, however often it is reported; Declined payment_mismatch where the same was
    reported with another account or sum. ``payment_id``: the account's payment that was waiting for it; without one
    it is a new payment.
    """
    known = payments.known(work.connection, method, reference)
    if known is not None:
        if (known.account_id, known.amount) != (work.account_id, amount):
            raise Declined("payment_mismatch", "this payment was credited with another account or sum")
        work.touched = False
        return Credited(known.payment_id, repeated=True)
    payment = KnownPayment(work.account_id, payment_id or str(uuid4()), amount)
    payments.remember(work.connection, method, reference, payment)
    entry = Entry(
        at=work.now,
        day=work.today,
        kind=EntryKind.PAYMENT,
        posting=ledger.payment(method, amount),
        method=method,
        reference=f"payment:{payment.payment_id}",
    )
    [number] = work.post([entry])
    if work.account.service_state == ServiceState.STOPPED.value:
        # too little to bring everything back may still pay for a part of it
        entitlements.queue(work.connection, work.account_id, "payment", work.now)
    write = payments.add_succeeded if payment_id is None else payments.mark_succeeded
    write(work.connection, payment, method, reference, milliseconds(work.now), number)
    tell(work, Event.PAYMENT_RECEIVED, {"amount": amount})
    return Credited(payment.payment_id, repeated=False)
