"""The day that an account was settled or changed last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("settled_on", sa.Date(), nullable=True))
    # what is known of the time before: the day of the newest entry
    op.execute(
        "UPDATE accounts SET settled_on = (SELECT day FROM ledger_entries"
        " WHERE ledger_entries.account_id = accounts.account_id AND entry_id = accounts.last_entry)"
    )
