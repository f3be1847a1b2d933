"""Requests with their threads, applications for a visit (product.md H1)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Index, Integer, String, Table

from tools.headend.storage.tables.metadata import metadata

tickets = Table(
    "tickets",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket_id", String(40), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("subject", JSON, nullable=False),
    Column("entry_id", Integer),
    Column("phone", String(20)),
    Column("call_on", Date),
    Column("call_span", String(20)),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("unread", Boolean, nullable=False),
    Index(None, "account_id", "changed_at"),
)
"""``subject``: as it was worded then, in all languages. ``entry_id``: the ledger's row that a dispute is about.
``phone``, ``call_on``, ``call_span``: where, on which day and in which part of it a call-back is due. ``messages``
numbers the thread; ``unread``: the operator wrote and no TV has shown it."""

ticket_messages = Table(
    "ticket_messages",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket_id", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("author", String(10), nullable=False),
    Column("text", JSON, nullable=False),
)
"""``author``: viewer, operator, service (a ready answer). ``text``: one wording, or one a language."""

applications = Table(
    "applications",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("application_id", String(40), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("day", Date, nullable=False),
    Column("slot", String(20), nullable=False),
    Column("address", String(400), nullable=False),
    Column("item_id", String(40)),
    Column("note", String(500)),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Index(None, "account_id", "created_at"),
)
"""``address``: the contract's at that time. ``item_id``: what is to be connected, for kind service."""
