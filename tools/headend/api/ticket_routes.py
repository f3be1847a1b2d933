"""``/v1/help`` and ``/v1/tickets``: what helps, and requests with a thread (product.md H1, A3)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import talk_schemas as documents
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.bodies import PathId, parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.help_view import help_view, thread_view, ticket_view
from tools.headend.api.ledger_view import entry_view, running
from tools.headend.api.openapi import CHANGE_CODES, IDEMPOTENCY_KEY, READ_CODES, problems
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.domain.declined import Declined
from tools.headend.storage import help as stored
from tools.headend.storage import ledger
from tools.headend.use_cases import tickets
from tools.headend.use_cases.work import Work

_OPENING = ("request_invalid", "tickets_full", *CHANGE_CODES)
_WRITING = ("request_invalid", "not_found", "ticket_closed", "ticket_full", *CHANGE_CODES)


def ticket_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["help"])
    operator = services.operator

    @router.get("/help", response_model=documents.Help, responses=problems(*READ_CODES))
    def help_(request: Request) -> Response:
        """Whom to call and what to have at hand, what is asked often, salons, how a chat begins."""
        with reading(services, request) as view:
            at = view.now.astimezone(view.region.time_zone)
            return json_response(help_view(operator.help, view.region.id, at))

    @router.get("/tickets", response_model=documents.Tickets, responses=problems("request_invalid", *READ_CODES))
    def listed(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """Requests, the last changed first."""
        after = text_cursor(cursor)
        with reading(services, request) as view:
            rows = stored.tickets_of(view.connection, view.account_id, limit + 1, after)
            unread = stored.unread_tickets(view.connection, view.account_id)
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursor_of(shown[-1].changed_at, shown[-1].ticket_id) if more else None
        items = [ticket_view(each, operator) for each in shown]
        return json_response({"unread": unread, "items": items, "next_cursor": next_cursor})

    @router.get(
        "/tickets/{ticket_id}",
        response_model=documents.TicketThread,
        responses=problems("request_invalid", "not_found", *READ_CODES),
    )
    def one(request: Request, ticket_id: PathId) -> Response:
        """One request with its thread."""
        with reading(services, request) as view:
            ticket = stored.ticket(view.connection, view.account_id, ticket_id)
            if ticket is None:
                raise Declined("not_found", "this account has no such request")
            thread = stored.thread(view.connection, view.account_id, ticket_id)
            entry = ledger.entry(view.connection, view.account_id, ticket.entry_id) if ticket.entry_id else None
            charge = entry_view(entry, operator, running(view)) if entry else None
            at = view.now.astimezone(view.region.time_zone)
        return json_response(thread_view(ticket, thread, charge, operator, at))

    @router.post(
        "/tickets",
        response_model=documents.Ticket,
        responses=problems("not_found", *_OPENING),
        openapi_extra=takes(documents.Question),
    )
    def ask(request: Request, body: Body) -> Response:
        """Ask about one of the subjects of ``/v1/help``."""
        wanted = parsed(documents.Question, body)

        def use_case(work: Work) -> dict[str, Any]:
            return ticket_view(tickets.ask(work, wanted.subject, wanted.text), operator)

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "/tickets/disputes",
        response_model=documents.Ticket,
        responses=problems("charge_undisputable", "charge_disputed", *_OPENING),
        openapi_extra=takes(documents.Dispute),
    )
    def dispute(request: Request, body: Body) -> Response:
        """'I did not order this': a request with the charge attached; once while such a one is open."""
        wanted = parsed(documents.Dispute, body)

        def use_case(work: Work) -> dict[str, Any]:
            return ticket_view(tickets.dispute(work, int(wanted.entry_id[1:]), wanted.text), operator)

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "/tickets/chats",
        response_model=documents.Ticket,
        responses=problems("not_found", *_OPENING),
        openapi_extra=takes(documents.ChatQuestion),
    )
    def chat(request: Request, body: Body) -> Response:
        """Begin a chat with a ready question; what is answered at once stands in the thread."""
        wanted = parsed(documents.ChatQuestion, body)

        def use_case(work: Work) -> dict[str, Any]:
            return ticket_view(tickets.chat(work, wanted.question), operator)

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "/tickets/call-backs",
        response_model=documents.Ticket,
        responses=problems("not_found", "phone_refused", *_OPENING),
        openapi_extra=takes(documents.CallBackRequest),
    )
    def call_back(request: Request, body: Body) -> Response:
        """Be called, at the contract's telephone or another, in the next such part of a day."""
        wanted = parsed(documents.CallBackRequest, body)

        def use_case(work: Work) -> dict[str, Any]:
            return ticket_view(tickets.call_back(work, wanted.span, wanted.phone), operator)

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "/tickets/{ticket_id}/messages",
        response_model=documents.Ticket,
        responses=problems(*_WRITING),
        openapi_extra=takes(documents.TicketWriting),
    )
    def write(request: Request, ticket_id: PathId, body: Body) -> Response:
        """Go on with a thread."""
        wanted = parsed(documents.TicketWriting, body)

        def use_case(work: Work) -> dict[str, Any]:
            return ticket_view(tickets.write(work, ticket_id, wanted.text), operator)

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "/tickets/{ticket_id}/questions",
        response_model=documents.Ticket,
        responses=problems(*_WRITING),
        openapi_extra=takes(documents.ChatQuestion),
    )
    def ask_in_chat(request: Request, ticket_id: PathId, body: Body) -> Response:
        """A further ready question in a chat."""
        wanted = parsed(documents.ChatQuestion, body)

        def use_case(work: Work) -> dict[str, Any]:
            return ticket_view(tickets.ask_in_chat(work, ticket_id, wanted.question), operator)

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "/tickets/{ticket_id}/read",
        response_model=documents.Ticket,
        responses=problems("request_invalid", "not_found", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def read(request: Request, ticket_id: PathId, body: Body) -> Response:
        """The viewer has seen the answers."""

        def use_case(work: Work) -> dict[str, Any]:
            return ticket_view(tickets.read(work, ticket_id), operator)

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "/tickets/{ticket_id}/close",
        response_model=documents.Ticket,
        responses=problems("request_invalid", "not_found", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def close(request: Request, ticket_id: PathId, body: Body) -> Response:
        """The viewer needs no more; closing twice is no error."""

        def use_case(work: Work) -> dict[str, Any]:
            return ticket_view(tickets.close(work, ticket_id), operator)

        return change(services, request, body, use_case, step_up=False)

    return router
