"""``/v1/suspensions``: the temporary block (product.md U1)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from tools.headend.api import terms_schemas
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.bodies import PathId, parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import IDEMPOTENCY_KEY, PIN_CHANGE_CODES, READ_CODES, problems
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.api.terms_schemas import SuspensionBody
from tools.headend.api.terms_view import suspension_offer_view, suspension_quote_view, suspension_view
from tools.headend.domain import suspensions as rules
from tools.headend.domain.periods import Period
from tools.headend.domain.terms import SuspensionTerms
from tools.headend.storage import suspensions
from tools.headend.use_cases import suspensions as use_cases
from tools.headend.use_cases.work import Work

FirstDay = Annotated[str, Query(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-12-01"])]
Days = Annotated[int, Query(ge=1, le=366, examples=[14])]


def suspension_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/suspensions", tags=["temporary block"])
    operator = services.operator
    terms = operator.terms.suspension

    @router.get("", response_model=terms_schemas.Suspensions, responses=problems("request_invalid", *READ_CODES))
    def list_suspensions(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """Whether a block can be ordered on this TV, from when and for how much; and the blocks, newest first."""
        after = text_cursor(cursor)
        with reading(services, request) as view:
            offer = suspension_offer_view(view)
            rows = suspensions.history(view.connection, view.account_id, limit + 1, after)
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursor_of(shown[-1].requested_at, shown[-1].suspension_id) if more else None
        items = [suspension_view(each, operator) for each in shown]
        return json_response({"offer": offer, "items": items, "next_cursor": next_cursor})

    @router.get(
        "/quote", response_model=terms_schemas.SuspensionQuote, responses=problems("request_invalid", *READ_CODES)
    )
    def quote(request: Request, first_day: FirstDay, days: Days) -> Response:
        """What a block from ``first_day`` for ``days`` calendar days would be and cost."""
        with reading(services, request) as view:
            return json_response(suspension_quote_view(view, _days(first_day, days, view.today, terms)))

    @router.post(
        "",
        response_model=terms_schemas.Suspension,
        responses=problems(
            "request_invalid",
            "suspension_refused",
            "suspension_too_soon",
            "money_lacking",
            "account_stopped",
            "account_suspended",
            *PIN_CHANGE_CODES,
        ),
        openapi_extra=takes(SuspensionBody),
    )
    def order(request: Request, body: Body) -> Response:
        """Orders a block. One that begins today begins at once and takes its fee; the others take it at their start."""
        wanted = parsed(SuspensionBody, body)

        def use_case(work: Work) -> dict[str, Any]:
            days = _days(wanted.first_day, wanted.days, work.today, terms)
            return suspension_view(use_cases.order(work, days), operator)

        return change(services, request, body, use_case, step_up=True)

    @router.delete(
        "/{suspension_id}",
        response_model=terms_schemas.Suspension,
        responses=problems("request_invalid", "not_found", "money_lacking", *PIN_CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def end(request: Request, suspension_id: PathId, body: Body) -> Response:
        """Cancels a block that has not begun; ends one that runs today. Fee and unused days do not come back."""

        def use_case(work: Work) -> dict[str, Any]:
            return suspension_view(use_cases.end(work, suspension_id), operator)

        return change(services, request, body, use_case, step_up=True)

    return router


def _days(first_day: str, days: int, today: date, terms: SuspensionTerms) -> Period:
    """The days that were picked; RequestInvalid where they are outside the operator's terms."""
    try:
        first = date.fromisoformat(first_day)
    except ValueError:
        raise RequestInvalid("first_day", "not a day of the calendar") from None
    if days > terms.days_most:
        raise RequestInvalid("days", f"1 to {terms.days_most}")
    if not today <= first <= rules.latest(today, terms):
        raise RequestInvalid("first_day", f"{today.isoformat()} to {rules.latest(today, terms).isoformat()}")
    return rules.days_of(first, days)
