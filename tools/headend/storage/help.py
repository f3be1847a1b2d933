"""Requests, their threads and applications in the database (product.md H1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from tools.headend.domain.help import OVER, TicketKind, TicketState
from tools.headend.storage.tables import applications, ticket_messages, tickets

Position = tuple[int, str]
"""Where a page ended: instant (ms) and id of its last row."""
Wording = Mapping[str, str] | str


@dataclass(frozen=True, slots=True)
class StoredTicket:
    """A request; instants in milliseconds."""

    ticket_id: str
    kind: str
    state: str
    subject: Mapping[str, str]
    entry_id: int | None
    phone: str | None
    call_on: date | None
    call_span: str | None
    created_at: int
    changed_at: int
    messages: int
    unread: bool


@dataclass(frozen=True, slots=True)
class StoredTicketMessage:
    """One message of a thread; ``text`` in one wording, or one a language."""

    number: int
    at: int
    author: str
    text: Wording


@dataclass(frozen=True, slots=True)
class StoredApplication:
    """An application for a visit."""

    application_id: str
    kind: str
    state: str
    day: date
    slot: str
    address: str
    item_id: str | None
    note: str | None
    created_at: int
    changed_at: int


_TICKET = [tickets.c[each] for each in StoredTicket.__dataclass_fields__]
_MESSAGE = [ticket_messages.c[each] for each in StoredTicketMessage.__dataclass_fields__]
_APPLICATION = [applications.c[each] for each in StoredApplication.__dataclass_fields__]


def add_ticket(connection: Connection, account_id: int, ticket: StoredTicket) -> None:
    row = {name: getattr(ticket, name) for name in StoredTicket.__dataclass_fields__}
    connection.execute(insert(tickets), {"account_id": account_id, **row})


def add_message(
    connection: Connection, account_id: int, ticket: StoredTicket, author: str, text: Wording, at: int
) -> StoredTicket:
    """Append to a thread; the ticket as it stands then. The account is locked by the caller."""
    number = ticket.messages + 1
    row = {"account_id": account_id, "ticket_id": ticket.ticket_id, "number": number}
    connection.execute(insert(ticket_messages), {**row, "at": at, "author": author, "text": text})
    return change_ticket(connection, account_id, ticket, messages=number, changed_at=at)


def change_ticket(connection: Connection, account_id: int, ticket: StoredTicket, **values: Any) -> StoredTicket:
    mine = and_(tickets.c.account_id == account_id, tickets.c.ticket_id == ticket.ticket_id)
    connection.execute(update(tickets).where(mine).values(values))
    changed = {name: getattr(ticket, name) for name in StoredTicket.__dataclass_fields__} | values
    return StoredTicket(**changed)


def ticket(connection: Connection, account_id: int, ticket_id: str) -> StoredTicket | None:
    query = select(*_TICKET).where(tickets.c.account_id == account_id, tickets.c.ticket_id == ticket_id)
    row = connection.execute(query).first()
    return StoredTicket(*row) if row else None


def tickets_of(connection: Connection, account_id: int, limit: int, after: Position | None) -> list[StoredTicket]:
    """At most ``limit`` requests, the last changed first, behind ``after``."""
    columns = tickets.c
    query = select(*_TICKET).where(columns.account_id == account_id)
    if after is not None:
        at, ticket_id = after
        query = query.where(or_(columns.changed_at < at, and_(columns.changed_at == at, columns.ticket_id < ticket_id)))
    query = query.order_by(columns.changed_at.desc(), columns.ticket_id.desc()).limit(limit)
    return [StoredTicket(*row) for row in connection.execute(query)]


def thread(connection: Connection, account_id: int, ticket_id: str) -> list[StoredTicketMessage]:
    """The messages of a request, oldest first."""
    columns = ticket_messages.c
    query = select(*_MESSAGE).where(columns.account_id == account_id, columns.ticket_id == ticket_id)
    return [StoredTicketMessage(*row) for row in connection.execute(query.order_by(columns.number))]


def open_tickets(connection: Connection, account_id: int) -> int:
    """How many requests are not closed."""
    query = select(func.count()).where(tickets.c.account_id == account_id, tickets.c.state != TicketState.CLOSED.value)
    return int(connection.execute(query).scalar_one())


def unread_tickets(connection: Connection, account_id: int) -> int:
    query = select(func.count()).where(tickets.c.account_id == account_id, tickets.c.unread)
    return int(connection.execute(query).scalar_one())


def dispute_of(connection: Connection, account_id: int, entry_id: int) -> str | None:
    """The request that disputes a charge and is not closed."""
    query = select(tickets.c.ticket_id).where(
        tickets.c.account_id == account_id,
        tickets.c.kind == TicketKind.DISPUTE.value,
        tickets.c.entry_id == entry_id,
        tickets.c.state != TicketState.CLOSED.value,
    )
    found = connection.execute(query).scalar()
    return str(found) if found is not None else None


def add_application(connection: Connection, account_id: int, application: StoredApplication) -> None:
    row = {name: getattr(application, name) for name in StoredApplication.__dataclass_fields__}
    connection.execute(insert(applications), {"account_id": account_id, **row})


def change_application(
    connection: Connection, account_id: int, application: StoredApplication, **values: Any
) -> StoredApplication:
    mine = and_(applications.c.account_id == account_id, applications.c.application_id == application.application_id)
    connection.execute(update(applications).where(mine).values(values))
    changed = {name: getattr(application, name) for name in StoredApplication.__dataclass_fields__} | values
    return StoredApplication(**changed)


def application(connection: Connection, account_id: int, application_id: str) -> StoredApplication | None:
    columns = applications.c
    query = select(*_APPLICATION).where(columns.account_id == account_id, columns.application_id == application_id)
    row = connection.execute(query).first()
    return StoredApplication(*row) if row else None


def applications_of(
    connection: Connection, account_id: int, limit: int, after: Position | None
) -> list[StoredApplication]:
    """At most ``limit`` applications, newest first, behind ``after``."""
    columns = applications.c
    query = select(*_APPLICATION).where(columns.account_id == account_id)
    if after is not None:
        at, application_id = after
        older = and_(columns.created_at == at, columns.application_id < application_id)
        query = query.where(or_(columns.created_at < at, older))
    query = query.order_by(columns.created_at.desc(), columns.application_id.desc()).limit(limit)
    return [StoredApplication(*row) for row in connection.execute(query)]


def open_applications(connection: Connection, account_id: int) -> int:
    """How many are not over."""
    query = select(func.count()).where(
        applications.c.account_id == account_id, applications.c.state.not_in([each.value for each in OVER])
    )
    return int(connection.execute(query).scalar_one())


def waiting_tickets(connection: Connection) -> list[tuple[int, StoredTicket, Wording | None]]:
    """All accounts' requests that wait for the operator, the longest waiting first, with what was said last."""
    columns, said = tickets.c, ticket_messages.c
    last = and_(
        said.account_id == columns.account_id, said.ticket_id == columns.ticket_id, said.number == columns.messages
    )
    query = (
        select(columns.account_id, said.text, *_TICKET)
        .select_from(tickets.outerjoin(ticket_messages, last))
        .where(columns.state == TicketState.OPEN.value)
        .order_by(columns.changed_at)
    )
    return [(row[0], StoredTicket(*row[2:]), row[1]) for row in connection.execute(query)]


def waiting_applications(connection: Connection) -> list[tuple[int, StoredApplication]]:
    """All accounts' applications that are not over, the next visit first."""
    columns = applications.c
    query = (
        select(columns.account_id, *_APPLICATION)
        .where(columns.state.not_in([each.value for each in OVER]))
        .order_by(columns.day, columns.slot)
    )
    return [(row[0], StoredApplication(*row[1:])) for row in connection.execute(query)]
