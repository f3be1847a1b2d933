"""Requests with a thread: asked, disputed, chatted, called back, answered (product.md H1, A3)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from device.api.redaction import hide_card_numbers
from tools.headend.clock import milliseconds
from tools.headend.domain.declined import Declined
from tools.headend.domain.help import TicketKind, TicketState, call_back_day
from tools.headend.domain.identity import phone_digits
from tools.headend.domain.notices import Event
from tools.headend.domain.statements import disputable
from tools.headend.domain.texts import LocalText
from tools.headend.storage import help as stored
from tools.headend.storage import ledger
from tools.headend.storage.help import StoredTicket, Wording
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import Work

VIEWER, OPERATOR, SERVICE = "viewer", "operator", "service"
MESSAGES_MOST = 200
"""Messages of one thread; who needs more opens another request."""


def ask(work: Work, subject_id: str, text: str | None) -> StoredTicket:
    """A request about one of the operator's subjects. Declined not_found, tickets_full."""
    subject = work.operator.help.subject(subject_id)
    if subject is None:
        raise Declined("not_found", "there is no such subject")
    return _opened(work, TicketKind.QUESTION, subject.title, text)


def dispute(work: Work, entry_id: int, text: str | None) -> StoredTicket:
    """'I did not order this', with the charge. Declined charge_undisputable, charge_disputed, tickets_full."""
    entry = ledger.entry(work.connection, work.account_id, entry_id)
    if entry is None or not disputable(entry.kind, entry.change):
        raise Declined("charge_undisputable")
    known = stored.dispute_of(work.connection, work.account_id, entry_id)
    if known is not None:
        raise Declined("charge_disputed", ticket_id=known)
    return _opened(work, TicketKind.DISPUTE, work.operator.help.dispute, text, entry_id=entry_id)


def chat(work: Work, question_id: str) -> StoredTicket:
    """A chat that begins with a ready question and its answer. Declined not_found, tickets_full."""
    question = work.operator.help.ready_question(question_id)
    if question is None:
        raise Declined("not_found", "there is no such question")
    ticket = _opened(work, TicketKind.CHAT, question.question, question.question)
    return stored.add_message(
        work.connection, work.account_id, ticket, SERVICE, question.answer, milliseconds(work.now)
    )


def ask_in_chat(work: Work, ticket_id: str, question_id: str) -> StoredTicket:
    """A further ready question in a chat. Declined not_found, ticket_closed, ticket_full."""
    question = work.operator.help.ready_question(question_id)
    ticket = _mine(work, ticket_id)
    if question is None or ticket.kind != TicketKind.CHAT:
        raise Declined("not_found", "there is no such question here")
    ticket = _said(work, ticket, VIEWER, question.question)
    return _said(work, ticket, SERVICE, question.answer)


def call_back(work: Work, span_id: str, phone: str | None) -> StoredTicket:
    """Have the operator call, at ``phone`` or the contract's, in the next such part of a day.

    Declined not_found, phone_refused, tickets_full.
    """
    rules = work.operator.help
    span = rules.call_back(span_id)
    if span is None:
        raise Declined("not_found", "nobody calls in such a part of the day")
    digits = phone_digits(
        phone or work.account.phone, work.operator.phone_digits, work.operator.identity.phone_prefixes
    )
    if digits is None:
        raise Declined("phone_refused")
    day = call_back_day(span, work.now.astimezone(work.region.time_zone))
    return _opened(
        work, TicketKind.CALL_BACK, rules.call_back_subject, None, phone=digits, call_on=day, call_span=span.id
    )


def write(work: Work, ticket_id: str, text: str) -> StoredTicket:
    """The viewer goes on with a thread. Declined not_found, ticket_closed, ticket_full."""
    return _said(work, _mine(work, ticket_id), VIEWER, text)


def read(work: Work, ticket_id: str) -> StoredTicket:
    """The viewer has seen the thread. Declined not_found."""
    ticket = _mine(work, ticket_id)
    if not ticket.unread:
        work.touched = False
        return ticket
    return stored.change_ticket(work.connection, work.account_id, ticket, unread=False)


def close(work: Work, ticket_id: str) -> StoredTicket:
    """The viewer needs no more. Declined not_found."""
    ticket = _mine(work, ticket_id)
    if ticket.state == TicketState.CLOSED:
        work.touched = False
        return ticket
    return stored.change_ticket(
        work.connection,
        work.account_id,
        ticket,
        state=TicketState.CLOSED.value,
        changed_at=milliseconds(work.now),
        unread=False,
    )


def answer(work: Work, ticket_id: str, text: str, *, closing: bool = False) -> StoredTicket:
    """The operator answers, and perhaps closes; the account is told (N1). Declined not_found, ticket_full."""
    ticket = _mine(work, ticket_id)
    ticket = _appended(work, ticket, OPERATOR, text)
    state = TicketState.CLOSED if closing else TicketState.ANSWERED
    ticket = stored.change_ticket(work.connection, work.account_id, ticket, state=state.value, unread=True)
    tell(work, Event.TICKET_ANSWERED, {"name": dict(ticket.subject)})
    return ticket


def _mine(work: Work, ticket_id: str) -> StoredTicket:
    ticket = stored.ticket(work.connection, work.account_id, ticket_id)
    if ticket is None:
        raise Declined("not_found", "this account has no such request")
    return ticket


def _said(work: Work, ticket: StoredTicket, author: str, text: Wording) -> StoredTicket:
    if ticket.state == TicketState.CLOSED:
        raise Declined("ticket_closed")
    ticket = _appended(work, ticket, author, text)
    return stored.change_ticket(work.connection, work.account_id, ticket, state=TicketState.OPEN.value)


def _appended(work: Work, ticket: StoredTicket, author: str, text: Wording) -> StoredTicket:
    if ticket.messages >= MESSAGES_MOST:
        raise Declined("ticket_full")
    return stored.add_message(work.connection, work.account_id, ticket, author, _kept(text), milliseconds(work.now))


def _kept(text: Wording) -> Wording:
    """People write the number of their card into a request; no table keeps one (quality.md, Correct and safe)."""
    return hide_card_numbers(text) if isinstance(text, str) else text


def _opened(work: Work, kind: TicketKind, subject: LocalText, text: Wording | None, **differently: Any) -> StoredTicket:
    rules = work.operator.help
    if stored.open_tickets(work.connection, work.account_id) >= rules.open_most:
        raise Declined("tickets_full", most=rules.open_most)
    at = milliseconds(work.now)
    values: dict[str, Any] = {
        "ticket_id": str(uuid4()),
        "kind": kind.value,
        "state": TicketState.OPEN.value,
        "subject": dict(subject),
        "entry_id": None,
        "phone": None,
        "call_on": None,
        "call_span": None,
        "created_at": at,
        "changed_at": at,
        "messages": 0,
        "unread": False,
    }
    ticket = StoredTicket(**values | differently)
    stored.add_ticket(work.connection, work.account_id, ticket)
    if text is None:
        return ticket
    return stored.add_message(work.connection, work.account_id, ticket, VIEWER, _kept(text), at)
