"""Payments in the database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, and_, insert, or_, select, update

from tools.headend.storage.tables import ledger_entries, payment_references, payments

SUCCEEDED = "succeeded"


@dataclass(frozen=True, slots=True)
class KnownPayment:
    """A payment as its sender's reference finds it; ``amount`` minor units."""

    account_id: int
    payment_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class StoredPayment:
    """A payment of the account; instants in milliseconds, ``amount`` minor units, ``receipt_id`` once credited."""

    payment_id: str
    method: str
    reference: str
    amount: int
    state: str
    created_at: int
    ended_at: int | None
    receipt_id: str | None


_STORED = select(
    payments.c.payment_id,
    payments.c.method,
    payments.c.reference,
    payments.c.amount,
    payments.c.state,
    payments.c.created_at,
    payments.c.ended_at,
    ledger_entries.c.receipt_id,
).select_from(
    payments.outerjoin(
        ledger_entries,
        and_(ledger_entries.c.account_id == payments.c.account_id, ledger_entries.c.entry_id == payments.c.entry_id),
    )
)


def known(connection: Connection, method: str, reference: str) -> KnownPayment | None:
    columns = payment_references.c
    query = select(columns.account_id, columns.payment_id, columns.amount).where(
        columns.reference == reference, columns.method == method
    )
    row = connection.execute(query).first()
    return KnownPayment(*row) if row else None


def remember(connection: Connection, method: str, reference: str, payment: KnownPayment) -> None:
    """Claim the reference; IntegrityError where somebody else did at the same time, and then he is to be asked."""
    row = {
        "method": method,
        "reference": reference,
        "account_id": payment.account_id,
        "payment_id": payment.payment_id,
        "amount": payment.amount,
    }
    connection.execute(insert(payment_references), row)


def add_succeeded(
    connection: Connection, payment: KnownPayment, method: str, reference: str, at: int, entry_id: int
) -> None:
    """Write a payment that was credited by the ledger's row ``entry_id`` at ``at`` (ms)."""
    row = {
        "account_id": payment.account_id,
        "payment_id": payment.payment_id,
        "method": method,
        "reference": reference,
        "amount": payment.amount,
        "state": SUCCEEDED,
        "created_at": at,
        "ended_at": at,
        "entry_id": entry_id,
    }
    connection.execute(insert(payments), row)


def mark_succeeded(
    connection: Connection, payment: KnownPayment, method: str, reference: str, at: int, entry_id: int
) -> None:
    """The same for a payment whose row waited for it."""
    which = and_(payments.c.account_id == payment.account_id, payments.c.payment_id == payment.payment_id)
    row = {
        "method": method,
        "reference": reference,
        "amount": payment.amount,
        "state": SUCCEEDED,
        "ended_at": at,
        "entry_id": entry_id,
    }
    connection.execute(update(payments).where(which).values(row))


def payment(connection: Connection, account_id: int, payment_id: str) -> StoredPayment | None:
    mine = and_(payments.c.account_id == account_id, payments.c.payment_id == payment_id)
    row = connection.execute(_STORED.where(mine)).first()
    return StoredPayment(*row) if row else None


def payments_of(
    connection: Connection, account_id: int, limit: int, after: tuple[int, str] | None
) -> list[StoredPayment]:
    """At most ``limit`` payments, newest first, behind ``after`` (``created_at`` and id of a page's last)."""
    columns = payments.c
    query = _STORED.where(columns.account_id == account_id)
    if after is not None:
        at, payment_id = after
        query = query.where(
            or_(columns.created_at < at, and_(columns.created_at == at, columns.payment_id < payment_id))
        )
    query = query.order_by(columns.created_at.desc(), columns.payment_id.desc()).limit(limit)
    return [StoredPayment(*row) for row in connection.execute(query)]
