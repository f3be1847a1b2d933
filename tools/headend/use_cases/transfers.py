"""Transfers to another account of the operator (product.md P7; contracts.md, Ledger).

The sender's ledger row and the outbox row are one transaction; the recipient is locked afterwards, in one of his own.
A transfer is two rows through transfer clearing under one transfer id. Whoever delivers may be killed at any point:
what the recipient has is written beside his ledger row, so that it is delivered once, however often it is tried.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tools.headend.clock import Clock, from_milliseconds, milliseconds
from tools.headend.domain import masking
from tools.headend.domain import transfers as rules
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.declined import Declined
from tools.headend.domain.ledger import Entry, EntryKind, transfer_in, transfer_out, transfer_reference
from tools.headend.domain.notices import Event
from tools.headend.domain.periods import month_of
from tools.headend.domain.transfers import TransferState
from tools.headend.storage import transfers
from tools.headend.storage.database import Database
from tools.headend.storage.transfers import Outgoing, StoredTransfer
from tools.headend.use_cases.attempts import Guarded, attempt
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import Work, begin, finish

_NAMES_WITHIN = timedelta(days=1)
QUOTES_KEPT = timedelta(days=2)
"""How long a quote that nobody confirmed is kept; it counts among the names shown within a day."""


def quote(work: Work, recipient: str, amount: int) -> StoredTransfer | Declined:
    """Whom ``amount`` (minor units) would go to, named masked; nothing moves yet.

    ``recipient``: an account number. Returns recipient_unknown, since the guess is counted; raises Declined
    recipient_self, recipients_exhausted, amount_refused, money_lacking.
    """
    terms, recipient_id = work.operator.terms.transfer, int(recipient)
    work.touched = False
    if recipient_id == work.account_id:
        raise Declined("recipient_self")
    _check_amount(work, amount)
    _check_names(work, terms.names_a_day)
    name = transfers.holder_name(work.connection, recipient_id)
    guarded = Guarded("transfer", "recipient_unknown", "recipients_exhausted", terms.guesses)
    unknown = attempt(work, guarded, lambda: name is not None)
    if unknown is not None or name is None:
        return unknown or Declined("recipient_unknown")
    made = StoredTransfer(
        account_id=work.account_id,
        transfer_id=str(uuid4()),
        state=TransferState.QUOTED.value,
        recipient_id=recipient_id,
        recipient_name=masking.name(name),
        amount=amount,
        created_at=milliseconds(work.now),
        expires_at=milliseconds(work.now + timedelta(seconds=terms.quote_seconds)),
        sent_at=None,
        month=None,
    )
    transfers.keep_quote(work.connection, made)
    return made


def confirm(work: Work, transfer_id: str) -> tuple[StoredTransfer, Outgoing]:
    """Send what was quoted; final. What it returns is to be delivered once this is committed. Declined not_found,
    quote_used, quote_expired, amount_refused, money_lacking.
    """
    found = transfers.transfer(work.connection, work.account_id, transfer_id)
    if found is None:
        raise Declined("not_found", "this account has no such transfer")
    if found.state != TransferState.QUOTED.value:
        raise Declined("quote_used")
    if milliseconds(work.now) > found.expires_at:
        raise Declined("quote_expired")
    _check_amount(work, found.amount)
    reference = transfer_reference(transfer_id)
    work.post([Entry(work.now, work.today, EntryKind.TRANSFER, transfer_out(found.amount), reference=reference)])
    month = month_of(work.today)
    outgoing = transfers.send(work.connection, found, work.now, month)
    tell(work, Event.TRANSFER_SENT, {"amount": found.amount, "name": found.recipient_name})
    sent = replace(found, state=TransferState.SENT.value, sent_at=milliseconds(work.now), month=month)
    return sent, outgoing


def deliver(database: Database, operator: Operator, clock: Clock, sent: Outgoing) -> None:
    """Give a transfer to its recipient, once; DatabaseBusy where the database cannot now."""

    def arrive(connection: Any) -> None:
        work = begin(connection, operator, clock.now(), sent.recipient_id)
        work.touched = not transfers.has_received(connection, sent.recipient_id, sent.transfer_id)
        if work.touched:
            transfers.receive(connection, sent, work.now)
            posting, reference = transfer_in(sent.amount), transfer_reference(sent.transfer_id)
            work.post([Entry(work.now, work.today, EntryKind.TRANSFER, posting, reference=reference)])
            tell(work, Event.TRANSFER_RECEIVED, {"amount": sent.amount})
        finish(work)

    database.write(arrive)
    database.write(lambda connection: transfers.arrived(connection, sent))


def _check_amount(work: Work, amount: int) -> None:
    """Own money only, within both limits (P7)."""
    terms = work.operator.terms.transfer
    sent = transfers.sent_in_month(work.connection, work.account_id, month_of(work.today))
    most = min(terms.most, rules.left_this_month(sent, terms))
    if not terms.least <= amount <= most:
        raise Declined("amount_refused", least=work.money(terms.least), most=work.money(most))
    lacking = amount - work.account.own_money
    if lacking > 0:
        raise Declined("money_lacking", "only own money can be sent", lacking=work.money(lacking))


def _check_names(work: Work, most: int) -> None:
    """A name is shown for each quote, so there are only so many a day."""
    shown = transfers.quotes_since(work.connection, work.account_id, work.now - _NAMES_WITHIN)
    if len(shown) >= most:
        free_at = from_milliseconds(shown[-most]) + _NAMES_WITHIN
        raise Declined("recipients_exhausted", retry_after=max(1.0, (free_at - work.now).total_seconds()))
