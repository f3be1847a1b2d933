"""Payments in, which of them are known by what their sender calls them, saved cards, autopayment (product.md P1-P9)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, String, Table

from tools.headend.storage.tables.metadata import metadata

payments = Table(
    "payments",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("payment_id", String(40), primary_key=True),
    Column("method", String(20), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("entry_id", Integer),
    CheckConstraint("amount > 0", name="amount_above_zero"),
    Index(None, "account_id", "created_at"),
)
"""``state``: of contracts.md's machine; what arrives from a bank, terminal or salon has succeeded. ``ended_at``: when
it reached its last state; ``entry_id``: the ledger's row, once it is credited. ``reference`` of a payment by the
provider is its own id until the provider has given it one."""

payment_references = Table(
    "payment_references",
    metadata,
    Column("reference", String(64), primary_key=True),
    Column("method", String(20), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("payment_id", String(40), nullable=False),
    Column("amount", BigInteger, nullable=False),
)
"""The look-up table that makes a payment be credited once: what its sender calls it, to what became of it."""

provider_payments = Table(
    "provider_payments",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("payment_id", String(40), primary_key=True),
    Column("provider_key", String(64), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("confirmation", String(20)),
    Column("method_id", String(40)),
    Column("saved_id", String(64)),
    Column("phone", String(20)),
    Column("save", Boolean, nullable=False),
    Column("month", String(7), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("provider_id", String(64)),
    Column("payload", String(2000)),
    Column("reason", String(60)),
    Column("ask_at", BigInteger),
    Column("failures", Integer, nullable=False),
    Index(None, "ask_at"),
)
"""What the provider is asked for a payment of ours, committed before it is asked. ``provider_key``: its
Idempotence-Key. ``purpose``: viewer, autopay, page. ``confirmation``: qr, page, sms, or null where nobody is there to
agree. ``method_id``: the account's saved card that is charged, ``saved_id`` the provider's name of it, which outlives
its removal. ``month``: of the account's region, for the limit of autopayments. ``payload``: the QR or the page, once
the provider has told it; ``reason``: why it was canceled. ``ask_at``: when the provider is asked again, null once
nothing can change any more; ``failures``: how often in a row it did not answer."""

payment_links = Table(
    "payment_links",
    metadata,
    Column("payment_id", String(40), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
)
"""Look-up: whose payment a page on the phone is about, where nobody is signed in."""

payment_methods = Table(
    "payment_methods",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("method_id", String(40), primary_key=True),
    Column("provider_id", String(64), nullable=False),
    Column("system", String(20), nullable=False),
    Column("last4", String(4), nullable=False),
    Column("expires", String(7), nullable=False),
    Column("saved_at", BigInteger, nullable=False),
)
"""Saved cards: ``provider_id`` charges them, and is shown to nobody; of the number only the last four digits."""

autopays = Table(
    "autopays",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("threshold", BigInteger),
    Column("day", Integer),
    Column("method_id", String(40)),
    Column("payment_id", String(40)),
    Column("failures", Integer, nullable=False),
    Column("next_at", BigInteger),
    Column("consented_at", BigInteger, nullable=False),
    Index(None, "next_at"),
)
"""Autopayment (P5): no row is off. ``state``: consented (no card yet), armed, charging, failed. ``mode``: threshold
(below ``threshold``), day (``day`` of the month). ``payment_id``: the payment that runs. ``next_at``: when it is looked
at next; null while nothing but a falling balance can make it due, and while it charges."""
