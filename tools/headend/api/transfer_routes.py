"""``/v1/transfers``: own money to another account of the operator (product.md P7)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import terms_schemas
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.bodies import parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import PIN_CHANGE_CODES, READ_CODES, problems
from tools.headend.api.promise_routes import minor_units
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.api.terms_schemas import TransferBody, TransferQuoteBody
from tools.headend.api.terms_view import limits_view, transfer_view
from tools.headend.domain.declined import Declined
from tools.headend.storage import transfers
from tools.headend.storage.transfers import Outgoing
from tools.headend.use_cases import transfers as use_cases
from tools.headend.use_cases.work import Work


def transfer_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/transfers", tags=["transfers"])
    operator = services.operator

    @router.get("", response_model=terms_schemas.Transfers, responses=problems("request_invalid", *READ_CODES))
    def list_transfers(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """What can be sent now, and what was sent, newest first."""
        after = text_cursor(cursor)
        with reading(services, request) as view:
            limits = limits_view(view)
            rows = transfers.history(view.connection, view.account_id, limit + 1, after)
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursor_of(shown[-1].sent_at or 0, shown[-1].transfer_id) if more else None
        items = [transfer_view(each, operator) for each in shown]
        return json_response({"limits": limits, "items": items, "next_cursor": next_cursor})

    @router.post(
        "/quotes",
        response_model=terms_schemas.Transfer,
        responses=problems(
            "request_invalid",
            "recipient_unknown",
            "recipient_self",
            "recipients_exhausted",
            "amount_refused",
            "money_lacking",
            *PIN_CHANGE_CODES,
        ),
        openapi_extra=takes(TransferQuoteBody),
    )
    def quote(request: Request, body: Body) -> Response:
        """Whom the money would go to, masked. Only so many numbers can be tried, and so many names seen a day."""
        wanted = parsed(TransferQuoteBody, body)
        amount = minor_units(wanted.amount, operator, "amount")

        def use_case(work: Work) -> dict[str, Any] | Declined:
            made = use_cases.quote(work, wanted.recipient, amount)
            return made if isinstance(made, Declined) else transfer_view(made, operator)

        return change(services, request, body, use_case, step_up=True)

    @router.post(
        "",
        response_model=terms_schemas.Transfer,
        responses=problems(
            "request_invalid",
            "not_found",
            "quote_expired",
            "quote_used",
            "amount_refused",
            "money_lacking",
            *PIN_CHANGE_CODES,
        ),
        openapi_extra=takes(TransferBody),
    )
    def confirm(request: Request, body: Body) -> Response:
        """Sends what was quoted. It is final."""
        transfer_id = parsed(TransferBody, body).transfer_id
        sent: list[Outgoing] = []

        def use_case(work: Work) -> dict[str, Any]:
            made, outgoing = use_cases.confirm(work, transfer_id)
            sent[:] = [outgoing]
            return transfer_view(made, operator)

        answer = change(services, request, body, use_case, step_up=True)
        services.transfers.deliver(sent)
        return answer

    return router
