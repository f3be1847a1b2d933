"""Equipment of an account beside its rooms' boxes, and whose it is (product.md A8)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, String, Table

from tools.headend.storage.tables.metadata import metadata

equipment = Table(
    "equipment",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", String(32), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("model", String(80), nullable=False),
    Column("rented", Boolean, nullable=False),
    Column("item_id", String(40)),
    Column("since", Date, nullable=False),
)
"""``kind``: box, card, router; ``number``: Chip ID, card number, serial number. A box or card of a room that has no row
here is the subscriber's own. ``item_id``: the catalogue item that its rent is charged as; null where it is free."""
