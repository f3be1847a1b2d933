"""``/v1/internet``: Internet on the same account (product.md I1). It is changed through /v1/subscriptions."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import internet_schemas as schemas
from tools.headend.api.answers import json_response
from tools.headend.api.internet_view import internet_view
from tools.headend.api.openapi import READ_CODES, problems
from tools.headend.api.reading import reading
from tools.headend.api.services import Services


def internet_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/internet", tags=["internet"])

    @router.get("", response_model=schemas.Internet, responses=problems(*READ_CODES))
    def internet(request: Request) -> Response:
        """Tariff, speed, options, traffic left and used by day, and what having it beside TV saves."""
        with reading(services, request) as view:
            return json_response(internet_view(view))

    return router
