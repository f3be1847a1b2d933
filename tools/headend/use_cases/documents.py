"""Receipts and statements on their way to the account's e-mail (product.md A4)."""

from __future__ import annotations

from datetime import date

from tools.headend.clock import milliseconds
from tools.headend.domain import masking
from tools.headend.domain.declined import Declined
from tools.headend.storage import ledger, outbox
from tools.headend.use_cases.work import Work


def send_receipt(work: Work, outbox_id: str, receipt_id: str) -> list[str]:
    """Have a receipt sent; the masked addresses. Declined not_found, contact_missing."""
    if ledger.receipt(work.connection, work.account_id, receipt_id) is None:
        raise Declined("not_found", "this account has no such receipt")
    return _send(work, outbox_id, outbox.RECEIPT, receipt_id)


def send_statement(work: Work, outbox_id: str, first: date, last: date) -> list[str]:
    """Have the statement of ``first`` to ``last`` sent; the masked addresses. Declined contact_missing."""
    return _send(work, outbox_id, outbox.STATEMENT, f"{first.isoformat()}/{last.isoformat()}")


def _send(work: Work, outbox_id: str, document: str, detail: str) -> list[str]:
    targets = outbox.targets_of(work.connection, work.account_id, "email")
    if not targets:
        raise Declined("contact_missing", "the account has no e-mail")
    work.touched = False
    outbox.put(work.connection, work.account_id, outbox_id, "email", document, detail, milliseconds(work.now))
    return [masking.email(each) for each in targets]
