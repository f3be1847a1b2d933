"""``/v1/applications``: a service, another TV or a repair, for which somebody comes (product.md H1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import talk_schemas as documents
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.bodies import PathId, parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.help_view import application_view, span_view
from tools.headend.api.openapi import CHANGE_CODES, IDEMPOTENCY_KEY, READ_CODES, problems
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.domain import masking
from tools.headend.domain.help import ApplicationKind
from tools.headend.storage import help as stored
from tools.headend.use_cases import applications
from tools.headend.use_cases.work import Work


def application_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["help"])
    operator = services.operator

    @router.get(
        "/applications",
        response_model=documents.Applications,
        responses=problems("request_invalid", *READ_CODES),
    )
    def listed(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """Applications, newest first."""
        after = text_cursor(cursor)
        with reading(services, request) as view:
            rows = stored.applications_of(view.connection, view.account_id, limit + 1, after)
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursor_of(shown[-1].created_at, shown[-1].application_id) if more else None
        return json_response(
            {"items": [application_view(each, operator) for each in shown], "next_cursor": next_cursor}
        )

    @router.get("/applications/slots", response_model=documents.VisitSlots, responses=problems(*READ_CODES))
    def slots(request: Request) -> Response:
        """When somebody can come, for what, and where to."""
        rules = operator.help
        with reading(services, request) as view:
            days = rules.visits.days(view.today)
            address = masking.address(view.account.address)
        return json_response(
            {
                "days": [each.isoformat() for each in days],
                "slots": [span_view(each) for each in rules.visits.slots],
                "kinds": [{"kind": kind.value, "title": dict(title)} for kind, title in rules.kinds.items()],
                "address": address,
            }
        )

    @router.post(
        "/applications",
        response_model=documents.Application,
        responses=problems("request_invalid", "not_found", "slot_refused", "applications_full", *CHANGE_CODES),
        openapi_extra=takes(documents.ApplicationRequest),
    )
    def apply(request: Request, body: Body) -> Response:
        """Ask somebody to come to the contract's address."""
        wanted = parsed(documents.ApplicationRequest, body)
        kind, day = ApplicationKind(wanted.kind), day_of("day", wanted.day)
        if wanted.item is not None and kind is not ApplicationKind.SERVICE:
            raise RequestInvalid("item", "belongs to kind service alone")

        def use_case(work: Work) -> dict[str, Any]:
            made = applications.apply(work, kind, day, wanted.slot, wanted.item, wanted.note)
            return application_view(made, operator)

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "/applications/{application_id}/move",
        response_model=documents.Application,
        responses=problems("request_invalid", "not_found", "application_fixed", "slot_refused", *CHANGE_CODES),
        openapi_extra=takes(documents.ApplicationMove),
    )
    def move(request: Request, application_id: PathId, body: Body) -> Response:
        """Another day or slot, which the operator has to agree to anew."""
        wanted = parsed(documents.ApplicationMove, body)
        day = day_of("day", wanted.day)

        def use_case(work: Work) -> dict[str, Any]:
            return application_view(applications.move(work, application_id, day, wanted.slot), operator)

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "/applications/{application_id}/cancel",
        response_model=documents.Application,
        responses=problems("request_invalid", "not_found", "application_fixed", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def cancel(request: Request, application_id: PathId, body: Body) -> Response:
        """Nobody need come; cancelling twice is no error."""

        def use_case(work: Work) -> dict[str, Any]:
            return application_view(applications.cancel(work, application_id), operator)

        return change(services, request, body, use_case, step_up=False)

    return router


def day_of(field: str, text: str) -> date:
    """A day of a body; RequestInvalid where the calendar has none such."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestInvalid(field, "there is no such day") from None
