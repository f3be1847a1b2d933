"""Lets an open TV know within a second what another process changed: a payment, a charge run, an operator's command.

Every change of an account raises its ``version``. The versions of the accounts that have streams open here are asked
for in one query; those that are ahead of what the streams were told wake them.
"""

from __future__ import annotations

from sqlalchemy import select

from tools.headend.api.hub import Hub
from tools.headend.storage.database import Database
from tools.headend.storage.tables import accounts

EVERY_S = 0.5
_AT_ONCE = 1000
"""Accounts of one query: a statement may have so many parameters on every database."""


def version_of(database: Database, account_id: int) -> int:
    """Which version a stream that opens now begins with."""
    query = select(accounts.c.version).where(accounts.c.account_id == account_id)
    with database.read() as connection:
        return int(connection.execute(query).scalar_one())


def tell_changes(database: Database, hub: Hub) -> None:
    """Wake the streams of the accounts that changed since they were told."""
    listening = hub.accounts()
    for start in range(0, len(listening), _AT_ONCE):
        some = listening[start : start + _AT_ONCE]
        query = select(accounts.c.account_id, accounts.c.version).where(accounts.c.account_id.in_(some))
        with database.read() as connection:
            found = connection.execute(query).all()
        for account_id, version in found:
            hub.saw(account_id, version)
