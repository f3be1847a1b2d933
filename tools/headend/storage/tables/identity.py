"""PINs, what was tried wrongly, codes that were sent, further contacts (product.md S3, S4, A2, N1)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from tools.headend.storage.tables.metadata import metadata

account_pins = Table(
    "account_pins",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(10), primary_key=True),
    Column("encoded", String(200), nullable=False),
    Column("set_at", BigInteger, nullable=False),
)
"""``kind``: account, or parent (C1). ``encoded``: Argon2id over HMAC(pepper, PIN) as a PHC string; the pepper is not
in the database, so that whoever has read it alone cannot try four digits."""

attempts = Table(
    "attempts",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("purpose", String(40), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger),
)
"""Wrong tries in a row, by what was tried; no row: none. ``locked_until`` is when the lock ends, null without one."""

codes = Table(
    "codes",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("purpose", String(40), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("state", String(12), nullable=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
"""The last code sent for a purpose, as HMAC alone; a new one takes its place, which voids the old.
``state``: sent, verified, locked; one that is sent is also expired after ``expires_at``."""

contacts = Table(
    "contacts",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("contact_id", String(40), primary_key=True),
    Column("use", String(16), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("value", String(254), nullable=False),
    Column("state", String(12), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
"""``use``: notifications (N1), or contract while the contract's phone or e-mail waits for its code; the contract's own
stand in ``accounts``. ``channel``: sms or email. ``state``: pending, confirmed. Only confirmed ones are written to."""
