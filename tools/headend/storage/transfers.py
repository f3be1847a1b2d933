"""Transfers in the database (product.md P7): the sender's side, the outbox, the recipient's side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from tools.headend.clock import milliseconds
from tools.headend.domain.transfers import TransferState
from tools.headend.storage.tables import accounts, transfer_outbox, transfers, transfers_in


@dataclass(frozen=True, slots=True)
class StoredTransfer:
    """The sender's row; ``amount`` in minor units, instants in milliseconds, ``recipient_name`` masked."""

    account_id: int
    transfer_id: str
    state: str
    recipient_id: int
    recipient_name: str
    amount: int
    created_at: int
    expires_at: int
    sent_at: int | None
    month: str | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What was sent and may not have arrived yet; ``account_id`` is the sender."""

    account_id: int
    transfer_id: str
    recipient_id: int
    amount: int
    created_at: int


def holder_name(connection: Connection, account_id: int) -> str | None:
    """Whose account it is, in full; None where there is no such account. To be masked before anybody sees it."""
    query = select(accounts.c.holder_name).where(accounts.c.account_id == account_id)
    name = connection.execute(query).scalar_one_or_none()
    return None if name is None else str(name)


def sent_in_month(connection: Connection, account_id: int, month: str) -> int:
    """What the account sent in a month of its region, minor units."""
    query = select(func.coalesce(func.sum(transfers.c.amount), 0)).where(
        transfers.c.account_id == account_id,
        transfers.c.state == TransferState.SENT.value,
        transfers.c.month == month,
    )
    return int(connection.execute(query).scalar_one())


def quotes_since(connection: Connection, account_id: int, since: datetime) -> list[int]:
    """When recipients' names were shown to the account after ``since``, milliseconds, oldest first."""
    columns = transfers.c
    query = select(columns.created_at).where(columns.account_id == account_id, columns.created_at > milliseconds(since))
    return [int(at) for at in connection.execute(query.order_by(columns.created_at)).scalars()]


def keep_quote(connection: Connection, quoted: StoredTransfer) -> None:
    connection.execute(insert(transfers), asdict(quoted))


def transfer(connection: Connection, account_id: int, transfer_id: str) -> StoredTransfer | None:
    query = select(transfers).where(transfers.c.account_id == account_id, transfers.c.transfer_id == transfer_id)
    row = connection.execute(query).first()
    return StoredTransfer(*row) if row else None


def send(connection: Connection, quoted: StoredTransfer, now: datetime, month: str) -> Outgoing:
    """The quote is confirmed: the sender's row says so, and the outbox holds it until it has arrived."""
    at = milliseconds(now)
    connection.execute(
        update(transfers)
        .where(transfers.c.account_id == quoted.account_id, transfers.c.transfer_id == quoted.transfer_id)
        .values(state=TransferState.SENT.value, sent_at=at, month=month)
    )
    sent = Outgoing(quoted.account_id, quoted.transfer_id, quoted.recipient_id, quoted.amount, at)
    connection.execute(insert(transfer_outbox), asdict(sent))
    return sent


def outgoing(connection: Connection, limit: int) -> list[Outgoing]:
    """The oldest of what may not have arrived yet."""
    query = select(transfer_outbox).order_by(transfer_outbox.c.created_at, transfer_outbox.c.transfer_id).limit(limit)
    return [Outgoing(*row) for row in connection.execute(query)]


def arrived(connection: Connection, sent: Outgoing) -> None:
    """Forget an outbox row: the recipient has it."""
    connection.execute(
        delete(transfer_outbox).where(
            transfer_outbox.c.account_id == sent.account_id, transfer_outbox.c.transfer_id == sent.transfer_id
        )
    )


def has_received(connection: Connection, account_id: int, transfer_id: str) -> bool:
    query = select(transfers_in.c.amount).where(
        transfers_in.c.account_id == account_id, transfers_in.c.transfer_id == transfer_id
    )
    return connection.execute(query).first() is not None


def receive(connection: Connection, sent: Outgoing, now: datetime) -> None:
    """The recipient's side; IntegrityError where he has it already."""
    connection.execute(
        insert(transfers_in).values(
            account_id=sent.recipient_id,
            transfer_id=sent.transfer_id,
            sender_id=sent.account_id,
            amount=sent.amount,
            received_at=milliseconds(now),
        )
    )


def history(connection: Connection, account_id: int, limit: int, after: tuple[int, str] | None) -> list[StoredTransfer]:
    """At most ``limit`` transfers that were sent, newest first, behind ``after`` (``sent_at`` and id)."""
    columns = transfers.c
    query = select(transfers).where(columns.account_id == account_id, columns.state == TransferState.SENT.value)
    if after is not None:
        at, transfer_id = after
        query = query.where(or_(columns.sent_at < at, and_(columns.sent_at == at, columns.transfer_id < transfer_id)))
    query = query.order_by(columns.sent_at.desc(), columns.transfer_id.desc()).limit(limit)
    return [StoredTransfer(*row) for row in connection.execute(query)]


def forget_quotes(connection: Connection, before: datetime) -> int:
    """Delete quotes that nobody confirmed and that were made before ``before``; returns how many."""
    return connection.execute(
        delete(transfers).where(
            transfers.c.state == TransferState.QUOTED.value, transfers.c.created_at < milliseconds(before)
        )
    ).rowcount
