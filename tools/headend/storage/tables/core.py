"""Accounts, what they are charged for, their ledger, their messages; boxes, cards, sessions and what was used up."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
)

from tools.headend.storage.tables.metadata import metadata

settings = Table(
    "settings",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)
"""What this database was made for: ``operator``."""

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("region_id", String(40), nullable=False),
    Column("contract_number", String(40), nullable=False),
    Column("holder_name", String(200), nullable=False),
    Column("address", String(400), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("email", String(254), nullable=False),
    Column("service_state", String(20), nullable=False),
    Column("service_since", Date),
    Column("service_until", Date),
    Column("credit_limit", BigInteger, nullable=False),
    Column("bonus_points", BigInteger, nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("last_entry", Integer, nullable=False),
    Column("contract_since", Date, nullable=False),
    Column("credit_mode", Boolean, nullable=False, server_default=false()),
    Column("charged_through", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("order_count", Integer, nullable=False, server_default="0"),
    Column("version", BigInteger, nullable=False, server_default="0"),
    Column("promised", BigInteger, nullable=False, server_default="0"),
    Column("suspends_on", Date),
    Column("settled_on", Date),
    Index(None, "region_id", "due_on", "account_id"),
)
"""account_id is the account number as a number. ``balance`` is the sum of the wallet's entries, kept in the same
transaction as they are, so that reading it does not grow with the history; ``last_entry`` numbers them.

``charged_through``: the last day that monthly fees are taken for. ``due_on``: the next day on which time alone changes
something here; a change or a read on or after it settles that day first (runs/). ``order_count``: confirmed and undone
orders, so that a quote knows that another one came between. ``version`` grows with every change, so that any process
sees it.
``promised``: how much of the balance is an open promised payment (P4): own money is balance - promised.
``suspends_on``: the first day of a temporary block that was ordered and has not begun (U1).
``settled_on``: the last day that was settled or changed, null while there was none; nothing is dated before it,
whatever a clock says that was set back."""

rooms = Table(
    "rooms",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("room_id", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    Column("chip_id", String(32), nullable=False),
    Column("model", String(80), nullable=False),
    Column("first", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    Column("card_number", String(32), nullable=False),
    Column("since", Date, nullable=False),
)
"""``state``: running, stopped (keeps its place, its fee ends with the paid period). A removed room has no row."""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("subscription_id", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("item_id", String(40), nullable=False),
    Column("room_id", String(40)),
    Column("since", Date, nullable=False),
    Column("ends_on", Date),
    Column("kind", String(20), nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("order_channel", String(20), nullable=False),
    Column("order_room", String(80)),
    Column("order_id", String(40)),
)
"""``since`` to ``ends_on``: the days on which it is on, both included; ``since`` may lie ahead (a tariff from the
next period). ``kind`` and ``price`` (minor units a month) are those that the viewer agreed to, so that a charge needs
no catalogue. ``order_*``: where it was ordered, the room's name for channel tv, and by which order."""

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("month", String(7), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("debit", String(40), nullable=False),
    Column("credit", String(40), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("item_id", String(40)),
    Column("room", String(80)),
    Column("order_channel", String(20)),
    Column("order_room", String(80)),
    Column("order_since", Date),
    Column("period_first", Date),
    Column("period_last", Date),
    Column("method", String(20)),
    Column("receipt_id", String(40)),
    Column("reference", String(80)),
    CheckConstraint("amount > 0", name="amount_above_zero"),
    CheckConstraint("debit <> credit", name="two_accounts"),
    Index(None, "account_id", "month", "at"),
    Index(None, "account_id", "receipt_id"),
)
"""Append only. A row is debit account, credit account, amount: an unbalanced one cannot be written. ``reference``:
what it belongs to: an order, a promise, a transfer, a payment, a suspension, as ``KIND:ID``."""

messages = Table(
    "messages",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", String(40), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("title", JSON, nullable=False),
    Column("text", JSON, nullable=False),
    Column("read_at", BigInteger),
    Index(None, "account_id", "at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(128), primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "created_at"),
)

boxes = Table(
    "boxes",
    metadata,
    Column("chip_id", String(32), primary_key=True),
    Column("account_id", BigInteger),
    Column("public_key", LargeBinary, nullable=False),
    Column("jkt", String(43), nullable=False),
    Column("state", String(20), nullable=False),
    Column("model", String(80), nullable=False),
)
"""``public_key``: the enrolled device key, SubjectPublicKeyInfo in DER; ``jkt`` its RFC 7638 thumbprint.
``account_id`` is null while the box is unpaired (pairing: unpaired, pending, paired, suspended, revoked)."""

cards = Table(
    "cards",
    metadata,
    Column("card_number", String(32), primary_key=True),
    Column("account_id", BigInteger),
    Column("kind", String(20), nullable=False),
    Column("public_key", LargeBinary),
    Column("chip_id", String(32)),
    Column("state", String(20), nullable=False),
    Column("generation", BigInteger, nullable=False, server_default="0"),
)
"""``public_key`` is null for CA cards, which prove nothing; ``chip_id`` is the box that the card is married to,
null while it is of none. ``generation`` counts the messages that told it what it may watch, whosever card it was."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("chip_id", String(32), nullable=False),
    Column("card_number", String(32), nullable=False),
    Column("jkt", String(43), nullable=False),
    Column("acr", String(30), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("end_reason", String(20)),
    Index(None, "chip_id"),
    Index(None, "card_number"),
    Index(None, "expires_at"),
)
"""Only the SHA-256 of a token is kept. ``end_reason`` is null while it lives; revoking a box or card writes it into
its sessions in the same transaction, so that one look-up by token answers everything."""

single_use = Table(
    "single_use",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "expires_at"),
)
"""Nonces and jti values that were used up, as SHA-256 of kind and value."""
