"""``/v1/statements`` and what is sent by e-mail of it: product.md A4."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import json_response, money, number_cursor
from tools.headend.api.application_routes import day_of
from tools.headend.api.bodies import PathId, parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.ledger_view import entries_page, kinds_view, running
from tools.headend.api.openapi import CHANGE_CODES, IDEMPOTENCY_KEY, READ_CODES, problems
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.api.talk_schemas import DocumentSent, Statement, StatementRequest
from tools.headend.domain.statements import period_fault
from tools.headend.storage import statements
from tools.headend.use_cases import documents
from tools.headend.use_cases.work import Work

First = Annotated[
    date, Query(alias="from", description="The first day, in the region's time zone", examples=["2026-11-01"])
]
Last = Annotated[date, Query(alias="to", description="The last day; today at most", examples=["2026-11-21"])]


def statement_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["account"])
    operator = services.operator

    @router.get("/statements", response_model=Statement, responses=problems("request_invalid", *READ_CODES))
    def statement(request: Request, first: First, last: Last, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """The account from one day to another: what it began and ended with, sums by kind, entries newest first."""
        after = number_cursor(cursor)
        with reading(services, request) as view:
            _check_period(first, last, view.today)
            found = statements.statement(view.connection, view.account_id, first, last)
            rows = statements.entries_between(view.connection, view.account_id, first, last, limit + 1, after)
            goes_on = running(view)
        currency = operator.currency
        sums = {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "opening": money(found.opening, currency),
            "closing": money(found.closing, currency),
            "charged": money(found.total.charged, currency),
            "paid": money(found.total.paid, currency),
            "by_kind": kinds_view(found.total, currency),
        }
        return json_response(sums | entries_page(rows, limit, operator, goes_on))

    @router.post(
        "/statements/email",
        response_model=DocumentSent,
        responses=problems("request_invalid", "contact_missing", *CHANGE_CODES),
        openapi_extra=takes(StatementRequest),
    )
    def statement_email(request: Request, body: Body) -> Response:
        """Send a statement to the account's e-mail."""
        wanted = parsed(StatementRequest, body)
        first, last = day_of("from", wanted.from_), day_of("to", wanted.to)

        def use_case(work: Work) -> dict[str, Any]:
            _check_period(first, last, work.today)
            return _sent(documents.send_statement(work, str(uuid4()), first, last))

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "/receipts/{receipt_id}/email",
        response_model=DocumentSent,
        responses=problems("request_invalid", "not_found", "contact_missing", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def receipt_email(request: Request, receipt_id: PathId, body: Body) -> Response:
        """Send a receipt to the account's e-mail."""

        def use_case(work: Work) -> dict[str, Any]:
            return _sent(documents.send_receipt(work, str(uuid4()), receipt_id))

        return change(services, request, body, use_case, step_up=False)

    return router


def _sent(targets: list[str]) -> dict[str, Any]:
    return {"sent_to": targets}


def _check_period(first: date, last: date, today: date) -> None:
    fault = period_fault(first, last, today)
    if fault is not None:
        raise RequestInvalid(*fault)
