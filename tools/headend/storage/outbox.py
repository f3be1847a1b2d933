"""What still has to go out to accounts by SMS and e-mail, in the database (product.md N1, A4).

Whoever sends claims a row by moving its ``next_at`` ahead, sends outside the transaction, then deletes the row. A
process that is killed in between leaves the row, which is sent again under the same id: the gateways know it by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from tools.headend.storage.tables import accounts, contacts, outbox

NOTICE, RECEIPT, STATEMENT = "notice", "receipt", "statement"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row: ``document`` and ``detail`` say what goes out, ``target`` where to (None: the account's contacts)."""

    account_id: int
    outbox_id: str
    channel: str
    document: str
    detail: str
    target: str | None
    attempts: int


_ROW = (
    outbox.c.account_id,
    outbox.c.outbox_id,
    outbox.c.channel,
    outbox.c.document,
    outbox.c.detail,
    outbox.c.target,
    outbox.c.attempts,
)


def put(
    connection: Connection,
    account_id: int,
    outbox_id: str,
    channel: str,
    document: str,
    detail: str,
    at: int,
    target: str | None = None,
) -> None:
    """Have ``document`` go out, not before ``at`` (ms)."""
    row = {
        "account_id": account_id,
        "outbox_id": outbox_id,
        "channel": channel,
        "document": document,
        "detail": detail,
        "target": target,
        "next_at": at,
    }
    connection.execute(insert(outbox), row)


def due(connection: Connection, now: int, limit: int) -> list[Waiting]:
    """At most ``limit`` rows that may go out now, the longest waiting first."""
    query = select(*_ROW).where(outbox.c.next_at <= now).order_by(outbox.c.next_at).limit(limit)
    return [Waiting(*row) for row in connection.execute(query)]


def claim(connection: Connection, waiting: Waiting, now: int, until: int) -> bool:
    """Take a row that is due until ``until`` (ms); False where somebody else has it, or it is gone."""
    changed = connection.execute(
        update(outbox)
        .where(*_mine(waiting), outbox.c.next_at <= now)
        .values(next_at=until, attempts=outbox.c.attempts + 1)
    )
    return bool(changed.rowcount)


def direct(connection: Connection, waiting: Waiting, targets: list[str]) -> None:
    """Give a row its target, and each further target a row of its own that goes out on its own."""
    first, *others = targets
    connection.execute(update(outbox).where(*_mine(waiting)).values(target=first))
    for number, target in enumerate(others, 2):
        outbox_id = f"{waiting.outbox_id[:36]}.{number}"
        put(connection, waiting.account_id, outbox_id, waiting.channel, waiting.document, waiting.detail, 0, target)


def later(connection: Connection, waiting: Waiting, at: int) -> None:
    """Not before ``at`` (ms)."""
    connection.execute(update(outbox).where(*_mine(waiting)).values(next_at=at))


def done(connection: Connection, waiting: Waiting) -> None:
    """It is out, or will never be."""
    connection.execute(delete(outbox).where(*_mine(waiting)))


def targets_of(connection: Connection, account_id: int, channel: str) -> list[str]:
    """Where to write to: the account's contacts for notifications that were confirmed by a code, else the contract's
    (N1); empty: nowhere."""
    confirmed = _confirmed(connection, account_id, channel)
    if confirmed:
        return confirmed
    column = accounts.c.phone if channel == "sms" else accounts.c.email
    found = connection.execute(select(column).where(accounts.c.account_id == account_id)).scalar()
    return [str(found)] if found else []


def _confirmed(connection: Connection, account_id: int, channel: str) -> list[str]:
    columns = contacts.c
    query = (
        select(columns.value)
        .where(
            columns.account_id == account_id,
            columns.use == "notifications",
            columns.channel == channel,
            columns.state == "confirmed",
        )
        .order_by(columns.created_at, columns.contact_id)
    )
    return list(connection.execute(query).scalars())


def _mine(waiting: Waiting) -> tuple[Any, ...]:
    return (
        outbox.c.account_id == waiting.account_id,
        outbox.c.outbox_id == waiting.outbox_id,
        outbox.c.channel == waiting.channel,
    )
