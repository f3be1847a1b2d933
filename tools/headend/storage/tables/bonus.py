"""Bonus points: who takes part, what was granted, what became of it (product.md B1)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Date, Index, String, Table

from tools.headend.storage.tables.metadata import metadata

bonus_members = Table(
    "bonus_members",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("joined_at", BigInteger, nullable=False),
    Column("left_at", BigInteger),
    Column("base", BigInteger, nullable=False, server_default="0"),
    Column("owed", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("base >= 0", name="base_not_below_zero"),
    CheckConstraint("owed >= 0", name="owed_not_below_zero"),
)
"""Who ever joined; ``left_at`` is null while he takes part. ``base``: the fees, in minor units, that points were
reckoned from, so that rounding never adds up. ``owed``: points to be taken back that were spent already."""

bonus_grants = Table(
    "bonus_grants",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("grant_id", String(80), primary_key=True),
    Column("points", BigInteger, nullable=False),
    Column("points_left", BigInteger, nullable=False),
    Column("granted_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
    CheckConstraint("points_left >= 0", name="left_not_below_zero"),
)
"""``grant_id`` is what they were earned by: ``order:ID``, ``charge:DAY``… ``expires_on``: the first day without
them. The account's bonus_points is the sum of ``points_left``."""

bonus_entries = Table(
    "bonus_entries",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", String(100), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("reference", String(80), nullable=False),
    Column("taken", JSON),
    Index(None, "account_id", "at"),
)
"""The history, append only. ``points`` is signed: by how much the points changed; ``base`` by how much their base
did. ``taken``: the grants that points were taken from, ``[[grant_id, points]…]``, so that an undo gives them back."""

bonus_exchanges = Table(
    "bonus_exchanges",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("exchange_id", String(40), primary_key=True),
    Column("reward_id", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("amount_left", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("over_on", Date),
    CheckConstraint("amount_left >= 0", name="amount_left_not_below_zero"),
    Index(None, "account_id", "at"),
)
"""``state``: a discount is waiting until its ``amount`` (minor units) was taken off monthly fees, then used; a
service is active until it is ended on ``over_on``, the first day without; a gift is ordered, then handed_over."""
