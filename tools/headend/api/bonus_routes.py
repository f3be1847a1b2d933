"""``/v1/bonus``: points, their history, joining and leaving, what they are exchanged for (product.md B1)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import bonus_schemas as schemas
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.bodies import parsed, takes
from tools.headend.api.bonus_view import bonus_entry_view, bonus_view
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import CHANGE_CODES, IDEMPOTENCY_KEY, PIN_CHANGE_CODES, READ_CODES, problems
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.storage import bonus as stored
from tools.headend.use_cases import bonus, rewards


def bonus_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/bonus", tags=["bonus"])

    @router.get("", response_model=schemas.BonusProgramme, responses=problems(*READ_CODES))
    def programme(request: Request) -> Response:
        """Points, when they expire, the rewards and which of them the points suffice for."""
        with reading(services, request) as view:
            return json_response(bonus_view(view))

    @router.get("/entries", response_model=schemas.BonusEntries, responses=problems("request_invalid", *READ_CODES))
    def entries(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """What became of the points, newest first."""
        after = text_cursor(cursor)
        with reading(services, request) as view:
            rows = stored.history(view.connection, view.account_id, limit + 1, after)
            named = stored.rewards_of(view.connection, view.account_id, [each.reference for each in rows])
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursor_of(shown[-1].at, shown[-1].entry_id) if more else None
        items = [bonus_entry_view(each, named, services.operator) for each in shown]
        return json_response({"items": items, "next_cursor": next_cursor})

    @router.post(
        "/join",
        response_model=schemas.Membership,
        responses=problems("request_invalid", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def join(request: Request, body: Body) -> Response:
        """Take part: what is charged from now on earns points."""
        return change(services, request, body, bonus.join, step_up=False)

    @router.post(
        "/leave",
        response_model=schemas.Membership,
        responses=problems("request_invalid", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def leave(request: Request, body: Body) -> Response:
        """Earn no more; the points that are there stay until they expire."""
        return change(services, request, body, bonus.leave, step_up=False)

    @router.post(
        "/exchanges",
        response_model=schemas.Exchanged,
        responses=problems(
            "request_invalid",
            "not_found",
            "points_lacking",
            "service_held",
            "account_stopped",
            "account_suspended",
            *PIN_CHANGE_CODES,
        ),
        openapi_extra=takes(schemas.ExchangeBody),
    )
    def exchange(request: Request, body: Body) -> Response:
        """Exchange points for a reward."""
        wanted = parsed(schemas.ExchangeBody, body)
        return change(services, request, body, lambda work: rewards.exchange(work, wanted.reward), step_up=True)

    return router
