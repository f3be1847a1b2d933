"""Quotes and what became of them (product.md T5; contracts.md, order)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table

from tools.headend.storage.tables.metadata import metadata

orders = Table(
    "orders",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("order_id", String(40), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("changes", JSON, nullable=False),
    Column("plan", JSON, nullable=False),
    Column("lines", JSON, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("spending", BigInteger, nullable=False),
    Column("basis", Integer, nullable=False),
    Column("room", String(80)),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("confirmed_at", BigInteger),
    Column("undo_until", BigInteger),
    Column("undone_at", BigInteger),
    Index(None, "account_id", "confirmed_at"),
    Index(None, "state", "expires_at"),
)
"""``changes``: what was asked; ``plan``: what confirming does, with what undoing needs; ``lines`` and ``total``: what
is charged, to the minor unit (below 0: returned); ``spending``: what counts towards the parental limit (C1);
``basis``: the account's order_count that the quote was made for; ``room``: the name of the TV it was asked on."""
