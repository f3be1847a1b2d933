"""Help, requests and applications as the box shows them (product.md H1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tools.headend.clock import from_milliseconds, rfc3339
from tools.headend.domain import masking
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.help import (
    CHANGEABLE,
    Answered,
    ApplicationKind,
    ApplicationState,
    HelpRules,
    Span,
    TicketKind,
)
from tools.headend.domain.texts import LANGUAGES
from tools.headend.storage.help import StoredApplication, StoredTicket, StoredTicketMessage


def help_view(rules: HelpRules, region_id: str, now: datetime) -> dict[str, Any]:
    """Everything that helps without asking anybody; ``now`` in the region's time."""
    return {
        "lines": [
            {"number": each.number, "where": dict(each.where), "free": each.free, "hours": dict(each.hours)}
            for each in rules.lines
        ],
        "at_hand": dict(rules.at_hand),
        "answers": [_answer(each) for each in rules.answers],
        "salons": [
            {"id": each.id, "name": dict(each.name), "address": each.address, "hours": dict(each.hours)}
            for each in rules.salons
            if each.region == region_id
        ],
        "coverage_url": rules.coverage_url,
        "subjects": [{"id": each.id, "title": dict(each.title)} for each in rules.subjects],
        "chat": {
            "wait_minutes": rules.chat.wait(now.time()),
            "questions": [{"id": each.id, "question": dict(each.question)} for each in rules.ready],
        },
        "call_backs": [span_view(each) for each in rules.call_backs],
    }


def span_view(span: Span) -> dict[str, Any]:
    return {"id": span.id, "from": span.first.strftime("%H:%M"), "to": span.last.strftime("%H:%M")}


def ticket_view(ticket: StoredTicket, operator: Operator) -> dict[str, Any]:
    """One request, without its thread."""
    return {
        "id": ticket.ticket_id,
        "kind": ticket.kind,
        "state": ticket.state,
        "subject": dict(ticket.subject),
        "entry_id": f"e{ticket.entry_id}" if ticket.entry_id is not None else None,
        "call_back": _call_back(ticket, operator),
        "created": rfc3339(from_milliseconds(ticket.created_at)),
        "changed": rfc3339(from_milliseconds(ticket.changed_at)),
        "messages": ticket.messages,
        "unread": ticket.unread,
    }


def thread_view(
    ticket: StoredTicket,
    thread: list[StoredTicketMessage],
    entry: Mapping[str, Any] | None,
    operator: Operator,
    now: datetime,
) -> dict[str, Any]:
    """One request with what was said; ``entry`` is the charge that it is about, ``now`` the region's time."""
    rules, is_chat = operator.help.chat, ticket.kind == TicketKind.CHAT
    return {
        **ticket_view(ticket, operator),
        "thread": [_message(each) for each in thread],
        "entry": entry,
        "phone_url": rules.phone_url.replace("{ticket}", ticket.ticket_id) if is_chat else None,
        "wait_minutes": rules.wait(now.time()) if is_chat else None,
    }


def application_view(application: StoredApplication, operator: Operator) -> dict[str, Any]:
    """One application; the address stays masked."""
    rules = operator.help
    slot = rules.visits.slot(application.slot)
    return {
        "id": application.application_id,
        "kind": application.kind,
        "title": dict(rules.kinds[ApplicationKind(application.kind)]),
        "state": application.state,
        "state_title": dict(rules.states[ApplicationState(application.state)]),
        "day": application.day.isoformat(),
        "slot": span_view(slot) if slot else None,
        "address": masking.address(application.address),
        "item": application.item_id,
        "note": application.note,
        "created": rfc3339(from_milliseconds(application.created_at)),
        "changed": rfc3339(from_milliseconds(application.changed_at)),
        "changeable": application.state in CHANGEABLE,
    }


def _answer(answered: Answered) -> dict[str, Any]:
    return {"id": answered.id, "question": dict(answered.question), "answer": dict(answered.answer)}


def _call_back(ticket: StoredTicket, operator: Operator) -> dict[str, Any] | None:
    if ticket.phone is None or ticket.call_on is None or ticket.call_span is None:
        return None
    span = operator.help.call_back(ticket.call_span)
    return {
        "phone": masking.phone(ticket.phone, operator.phone_pattern),
        "on": ticket.call_on.isoformat(),
        "span": span_view(span) if span else None,
    }


def _message(message: StoredTicketMessage) -> dict[str, Any]:
    # what somebody typed is the same in every language
    text = message.text if isinstance(message.text, Mapping) else dict.fromkeys(LANGUAGES, message.text)
    return {"at": rfc3339(from_milliseconds(message.at)), "author": message.author, "text": dict(text)}
