"""New boxes on their way to an account (product.md M1; contracts.md, pairing)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table

from tools.headend.storage.tables.metadata import metadata

pairing_codes = Table(
    "pairing_codes",
    metadata,
    Column("pairing_id", String(40), primary_key=True),
    Column("digest", LargeBinary(32)),
    Column("chip_id", String(32), nullable=False),
    Column("card_number", String(32), nullable=False),
    Column("account_id", BigInteger),
    Column("expires_at", BigInteger, nullable=False),
    Column("polled_at", BigInteger),
    Column("paired_at", BigInteger),
    Index(None, "digest"),
    Index(None, "chip_id"),
    Index(None, "expires_at"),
)
"""A look-up table, led by its own key. ``digest``: HMAC of the code that the new box shows, with a key of the service's
(the code itself is on the TV alone, its box and card have proved their keys); null where a viewer typed Chip ID and
card number instead. ``account_id``: who found the box, by the code, which uses the code up, or by the numbers.
``paired_at``: when an account took the box. ``polled_at``: when the box asked last (RFC 8628 section 3.5)."""
