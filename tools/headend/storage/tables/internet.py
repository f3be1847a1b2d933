"""Internet on the account (product.md I1). Its tariff and options are subscriptions; here is what was used."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Table

from tools.headend.storage.tables.metadata import metadata

internet_traffic = Table(
    "internet_traffic",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("used", BigInteger, nullable=False),
    CheckConstraint("used >= 0", name="used_not_below_zero"),
)
"""``used``: bytes of one day of the region, both directions."""
