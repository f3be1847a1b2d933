"""Promised payments, credit mode, transfers, temporary blocks (product.md P4, P6, P7, U1)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, Index, Integer, String, Table

from tools.headend.storage.tables.metadata import metadata

promises = Table(
    "promises",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("promise_id", String(40), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("fee", BigInteger, nullable=False),
    Column("own_before", BigInteger, nullable=False),
    Column("entry_id", Integer, nullable=False),
    Column("granted_at", BigInteger, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("back_on", Date, nullable=False),
    Column("ended_at", BigInteger),
    Column("cleared_at", BigInteger),
    CheckConstraint("amount > 0", name="amount_above_zero"),
    Index(None, "account_id", "granted_at"),
)
"""``state``: active, then repaid or overdue. ``own_before``: own money when it was granted; ``entry_id``: the ledger
row that granted it. ``due_on``: the last day to pay; ``back_on``: the day after, on which it is taken back.
``ended_at``: when it was taken back; ``cleared_at``: when own money was at zero or above again, so that another one
may be granted: with repaid at once, with overdue when it is paid."""

credits = Table(
    "credits",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("credit_id", String(40), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("limit", BigInteger, nullable=False),
    Column("due_day", Integer, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("late_on", Date, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index(None, "account_id", "begun_at"),
)
"""One row for each time that credit mode was on. ``state``: active; withheld, while a debt stands after its due day
and the limit does not count; ended. ``due_on``: the next last day to pay; ``late_on``: the day after."""

transfers = Table(
    "transfers",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("transfer_id", String(40), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("recipient_id", BigInteger, nullable=False),
    Column("recipient_name", String(200), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("month", String(7)),
    CheckConstraint("amount > 0", name="amount_above_zero"),
    Index(None, "account_id", "sent_at"),
)
"""The sender's side. ``state``: quoted, sent. ``recipient_name`` is masked. ``month`` of the sender's region, which
the monthly limit counts."""

transfer_outbox = Table(
    "transfer_outbox",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("transfer_id", String(40), primary_key=True),
    Column("recipient_id", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "created_at"),
)
"""What was sent and may not have arrived: written with the sender's ledger row, read per shard, deleted once the
recipient has it."""

transfers_in = Table(
    "transfers_in",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("transfer_id", String(40), primary_key=True),
    Column("sender_id", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Index(None, "account_id", "received_at"),
)
"""The recipient's side, written with his ledger row: a transfer that is delivered again finds itself here."""

suspensions = Table(
    "suspensions",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("suspension_id", String(40), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("resumes_on", Date, nullable=False),
    Column("fee", BigInteger, nullable=False),
    Column("requested_at", BigInteger, nullable=False),
    Column("order_channel", String(20), nullable=False),
    Column("order_room", String(80)),
    Column("blocks_change", Boolean, nullable=False),
    Column("blocks_entitlement", Boolean, nullable=False),
    Column("blocks_billing", Boolean, nullable=False),
    Column("ended_at", BigInteger),
    Index(None, "account_id", "first_day"),
)
"""``state``: requested, charged (its fee is taken), active (it blocks), ended; cancelled before its start.
``last_day`` is the last day of it, moved where it ends earlier; ``resumes_on`` the day after. ``blocks_*``: the three
flags of what it blocks while it is active: changes of the account's services, watching, monthly fees."""
