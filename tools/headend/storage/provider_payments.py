"""Payments by the provider in the database: what it was asked for, and what it has said (product.md P1, P9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.payments import PaymentState, Purpose
from tools.headend.storage.tables import payment_links, payments, provider_payments

_ENDED_BADLY = (PaymentState.CANCELED.value, PaymentState.EXPIRED.value)
_OPEN = (
    PaymentState.CREATED.value,
    PaymentState.AWAITING_USER.value,
    PaymentState.PROCESSING.value,
    PaymentState.UNKNOWN.value,
)


@dataclass(frozen=True, slots=True)
class AskedPayment:
    """A payment with what the provider is asked for it; instants in milliseconds, ``amount`` minor units. The members
    are the columns of ``payments`` and ``provider_payments``."""

    account_id: int
    payment_id: str
    method: str
    amount: int
    state: str
    created_at: int
    ended_at: int | None
    provider_key: str
    purpose: str
    confirmation: str | None
    method_id: str | None
    saved_id: str | None
    phone: str | None
    save: bool
    month: str
    expires_at: int
    provider_id: str | None
    payload: str | None
    reason: str | None
    ask_at: int | None
    failures: int


_OF_PAYMENTS = ("account_id", "payment_id", "method", "amount", "state", "created_at", "ended_at")
_OF_PROVIDER = tuple(name for name in AskedPayment.__slots__ if name not in _OF_PAYMENTS)
_JOINED = payments.join(
    provider_payments,
    and_(
        provider_payments.c.account_id == payments.c.account_id,
        provider_payments.c.payment_id == payments.c.payment_id,
    ),
)
_ASKED = (
    select(*[payments.c[name] for name in _OF_PAYMENTS], *[provider_payments.c[name] for name in _OF_PROVIDER])
    .select_from(_JOINED)
    .where(payments.c.account_id == bindparam("account_id"))
)
_ONE = _ASKED.where(payments.c.payment_id == bindparam("payment_id"))


def add(connection: Connection, asked: AskedPayment) -> None:
    """Write a payment that the provider is about to be asked for."""
    row = {name: getattr(asked, name) for name in AskedPayment.__slots__}
    own = {name: row[name] for name in _OF_PAYMENTS}
    connection.execute(insert(payments), {**own, "reference": asked.payment_id})
    names = ("account_id", "payment_id", *_OF_PROVIDER)
    connection.execute(insert(provider_payments), {name: row[name] for name in names})
    connection.execute(insert(payment_links), {"payment_id": asked.payment_id, "account_id": asked.account_id})


def linked(connection: Connection, payment_id: str) -> AskedPayment | None:
    """The payment of a link that a phone opens."""
    query = select(payment_links.c.account_id).where(payment_links.c.payment_id == payment_id)
    account_id = connection.execute(query).scalar()
    return asked_payment(connection, account_id, payment_id) if account_id is not None else None


def asked_payment(connection: Connection, account_id: int, payment_id: str) -> AskedPayment | None:
    """A payment by the provider; None where the account has none of that name."""
    row = connection.execute(_ONE, {"account_id": account_id, "payment_id": payment_id}).first()
    return AskedPayment(*row) if row else None


def note(connection: Connection, asked: AskedPayment, **values: Any) -> None:
    """Change what is known of it: columns of either table."""
    for table, names in ((payments, ("state", "ended_at", "reference")), (provider_payments, _OF_PROVIDER)):
        changed = {name: value for name, value in values.items() if name in names}
        if changed:
            which = and_(table.c.account_id == asked.account_id, table.c.payment_id == asked.payment_id)
            connection.execute(update(table).where(which).values(changed))


def claim(connection: Connection, account_id: int, payment_id: str, now: datetime, until: datetime) -> bool:
    """Put its next asking off to ``until``, so that nobody else asks meanwhile; False where it is not due."""
    columns = provider_payments.c
    mine = and_(columns.account_id == account_id, columns.payment_id == payment_id)
    due = update(provider_payments).where(mine, columns.ask_at <= milliseconds(now))
    return bool(connection.execute(due.values(ask_at=milliseconds(until))).rowcount)


def due(connection: Connection, now: datetime, limit: int) -> list[tuple[int, str]]:
    """Accounts and payments about which the provider is to be asked, those that wait longest first."""
    columns = provider_payments.c
    query = (
        select(columns.account_id, columns.payment_id)
        .where(columns.ask_at <= milliseconds(now))
        .order_by(columns.ask_at)
        .limit(limit)
    )
    return [(row.account_id, row.payment_id) for row in connection.execute(query)]


def open_count(connection: Connection, account_id: int, *, page: bool, charging: bool = False) -> int:
    """How many payments have not ended, begun on the page where nobody is signed in (``page``) or by the account's own;
    ``charging``: only those that take money from a saved card or a number."""
    columns = provider_payments.c
    # what was given up without a final word takes no money any more
    query = _counted(account_id, and_(payments.c.state.in_(_OPEN), columns.ask_at.is_not(None)))
    begun = columns.purpose == Purpose.PAGE.value
    query = query.where(begun if page else ~begun)
    if charging:
        query = query.where(columns.saved_id.is_not(None) | columns.phone.is_not(None))
    return int(connection.execute(query).scalar_one())


def autopaid_in_month(connection: Connection, account_id: int, month: str) -> int:
    """What autopayments have taken in a month or may still take, minor units."""
    columns = provider_payments.c
    query = (
        select(func.coalesce(func.sum(payments.c.amount), 0))
        .select_from(_JOINED)
        .where(
            payments.c.account_id == account_id,
            columns.purpose == Purpose.AUTOPAY.value,
            columns.month == month,
            payments.c.state.not_in(_ENDED_BADLY),
        )
    )
    return int(connection.execute(query).scalar_one())


def _counted(account_id: int, which: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(_JOINED).where(payments.c.account_id == account_id, which)
