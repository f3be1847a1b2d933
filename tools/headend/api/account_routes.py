"""``/v1/account``, the ledger and receipts: what an account reads about its money."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from tools.headend.api import schemas
from tools.headend.api.account_view import account_view
from tools.headend.api.answers import cursor_of, json_response, number_cursor
from tools.headend.api.bodies import PathId
from tools.headend.api.direct import direct
from tools.headend.api.ledger_view import entries_page, month_view, receipt_view, running
from tools.headend.api.openapi import READ_CODES, problems
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.domain.declined import Declined
from tools.headend.domain.periods import months_back
from tools.headend.storage import ledger

MONTHS_SHOWN = 12
Limit = Annotated[int, Query(ge=1, le=200, description="Rows of a page")]
Cursor = Annotated[
    str | None,
    Query(max_length=200, description="next_cursor of the page before", examples=["WzE3OTUyNzkyNjcwMDAsIDY0XQ"]),
]
Month = Annotated[str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", examples=["2026-11"])]


def account_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["account"], route_class=direct(services))
    operator = services.operator

    @router.get("/account", response_model=schemas.Account, responses=problems(*READ_CODES))
    def account(request: Request) -> Response:
        """Balance, sum to pay, next charge, until when it is enough, services, rooms, what needs attention."""
        with reading(services, request) as view:
            return json_response(account_view(view))

    @router.get("/ledger/months", response_model=schemas.Months, responses=problems(*READ_CODES))
    def months(request: Request) -> Response:
        """What each of the last 12 months took and brought, oldest first; months of the region's time zone."""
        with reading(services, request) as view:
            shown = months_back(view.today, MONTHS_SHOWN)
            totals = ledger.month_totals(view.connection, view.account_id, shown)
        return json_response({"items": [month_view(each, operator.currency) for each in totals]})

    @router.get(
        "/ledger/entries",
        response_model=schemas.Entries,
        responses=problems("request_invalid", *READ_CODES),
    )
    def entries(request: Request, month: Month = None, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """Charges and payments, newest first, of one month or of all."""
        after = number_cursor(cursor)
        with reading(services, request) as view:
            rows = ledger.entries_of_month(view.connection, view.account_id, month, limit + 1, after)
            goes_on = running(view)
        return json_response(entries_page(rows, limit, operator, goes_on))

    @router.get("/receipts", response_model=schemas.Receipts, responses=problems("request_invalid", *READ_CODES))
    def receipts(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """A receipt for every payment, newest first."""
        after = number_cursor(cursor)
        with reading(services, request) as view:
            rows = ledger.receipts(view.connection, view.account_id, limit + 1, after)
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursor_of(shown[-1].at, shown[-1].entry_id) if more else None
        items = [receipt_view(each, view.account_id, operator) for each in shown]
        return json_response({"items": items, "next_cursor": next_cursor})

    @router.get(
        "/receipts/{receipt_id}",
        response_model=schemas.Receipt,
        responses=problems("request_invalid", "not_found", *READ_CODES),
    )
    def receipt(request: Request, receipt_id: PathId) -> Response:
        """One receipt of this account."""
        with reading(services, request) as view:
            found = ledger.receipt(view.connection, view.account_id, receipt_id)
        if found is None:
            raise Declined("not_found", "this account has no such receipt")
        return json_response(receipt_view(found, view.account_id, operator))

    return router
