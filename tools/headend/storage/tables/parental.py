"""Parental control (product.md C1)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Integer, Table

from tools.headend.storage.tables.metadata import metadata

parental = Table(
    "parental",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("age_limit", Integer),
    Column("order_limit", BigInteger),
    Column("hidden_packages", JSON, nullable=False),
)
"""A row where something was set. ``age_limit``: years, null: none; ``order_limit``: minor units a calendar month,
null: the operator's; ``hidden_packages``: ids. The parents' own PIN lies with the other PINs."""
