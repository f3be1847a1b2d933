"""``/v1/entitlements``: what the cards may open, and whether they know (product.md T6)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import room_schemas as schemas
from tools.headend.api.answers import json_response
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.entitlement_view import entitlements_view
from tools.headend.api.openapi import CHANGE_CODES, IDEMPOTENCY_KEY, READ_CODES, problems
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.use_cases.entitlements import refresh
from tools.headend.use_cases.work import Work


def entitlement_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/entitlements", tags=["entitlements"])

    @router.get("", response_model=schemas.Entitlements, responses=problems(*READ_CODES))
    def shown(request: Request) -> Response:
        """What each card of the account may open, and whether it has been told."""
        with reading(services, request) as view:
            return json_response(entitlements_view(view, view.session.chip_id))

    @router.post(
        "/refresh",
        response_model=schemas.Entitlements,
        responses=problems("request_invalid", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def again(request: Request, body: Body) -> Response:
        """Have every card of the account told again; `account.changed` comes when it has it. Needs no PIN."""

        def use_case(work: Work) -> dict[str, Any]:
            refresh(work, "viewer")
            return entitlements_view(work, work.chip_id)

        return change(services, request, body, use_case, step_up=False)

    return router
