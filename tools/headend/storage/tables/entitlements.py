"""What the cards are told that they may watch (product.md T6)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, String, Table

from tools.headend.storage.tables.metadata import metadata

card_refreshes = Table(
    "card_refreshes",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("card_number", String(32), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("generation", BigInteger, nullable=False, server_default="0"),
    Column("requested_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("acknowledged_at", BigInteger),
    Column("due_at", BigInteger, nullable=False),
    Index(None, "state", "due_at"),
)
"""One row a card: ``state`` queued, sent, acknowledged. Only that something is to be sent stands here, never what: it
is worked out when it is sent, so that the last change wins, however many came. ``generation``: which message was sent
last. ``due_at``: when the worker looks at it next. The row of a card that left the account goes once it is told."""

ca_cards = Table(
    "ca_cards",
    metadata,
    Column("card_number", String(32), primary_key=True),
    Column("generation", BigInteger, nullable=False),
    Column("products", JSON, nullable=False),
    Column("sent_at", BigInteger, nullable=False),
)
"""The conditional access of the reference head-end: the newest message that each card was sent."""
