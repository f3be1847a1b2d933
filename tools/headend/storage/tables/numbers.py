"""Telephone numbers linked to accounts (product.md A7)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, String, Table

from tools.headend.storage.tables.metadata import metadata

linked_numbers = Table(
    "linked_numbers",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number_id", String(40), primary_key=True),
    Column("number", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", String(20)),
    Column("requested_at", BigInteger, nullable=False),
    Column("next_on", Date),
    Column("late_on", Date, nullable=False),
    Column("decided_at", BigInteger),
)
"""``state``: requested, checking, linked, refused (``reason``: other_owner, not_confirmed). ``next_on``: the day on
which time alone moves it on, null where it does not. ``late_on``: the first day behind the check."""

number_owners = Table(
    "number_owners",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
)
"""Look-up: whose a linked number is."""
