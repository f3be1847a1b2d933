"""What accounts are told, by which channels, and what still has to be delivered (product.md N1, A6)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Index, Integer, String, Table

from tools.headend.storage.tables.metadata import metadata

notices = Table(
    "notices",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("notice_id", String(40), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("event", String(20), nullable=False),
    Column("amount", BigInteger),
    Column("day", Date),
    Column("name", JSON(none_as_null=True)),
    Column("tv", Boolean, nullable=False),
    Column("shown_at", BigInteger),
    Index(None, "account_id", "at"),
)
"""``amount``, ``day``, ``name``: the event's parameters. ``tv``: it is a line on the TV; ``shown_at``: when it was."""

outbox = Table(
    "outbox",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("outbox_id", String(40), primary_key=True),
    Column("channel", String(8), primary_key=True),
    Column("document", String(12), nullable=False),
    Column("detail", String(80), nullable=False),
    Column("target", String(254)),
    Column("next_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Index(None, "next_at"),
)
"""What still has to go out by ``channel`` (sms, email); a row is gone once it has. ``document`` and ``detail``: notice
and its id, receipt and its id, statement and its days as FROM/TO. ``target``: where to; null: the account's contacts
at that time. ``next_at``: not before; whoever sends moves it ahead first, so that no two send the same."""

notice_settings = Table(
    "notice_settings",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(2), nullable=False),
    Column("balance_low", BigInteger, nullable=False),
    Column("news", Boolean, nullable=False),
)
"""What the account chose; no row: the operator's rules. ``balance_low``: X, minor units. ``news``: wants news (A6)."""

notice_channels = Table(
    "notice_channels",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("topic", String(20), primary_key=True),
    Column("sms", Boolean, nullable=False),
    Column("email", Boolean, nullable=False),
    Column("tv", Boolean, nullable=False),
)
"""The channels that the account chose for a topic; no row: the operator's rules."""
