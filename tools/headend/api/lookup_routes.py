"""``POST /v1/lookup``: the account number for a box that is not signed in (product.md S2)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import identity_schemas as schemas
from tools.headend.api.answers import json_response
from tools.headend.api.bodies import parsed, takes
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import problems
from tools.headend.api.services import Services


def lookup_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["look-up"])

    @router.post(
        "/lookup",
        response_model=schemas.Found,
        responses=problems(
            "request_invalid", "request_too_large", "lookup_refused", "contact_missing", "rate_limited", "unavailable"
        ),
        openapi_extra=takes(schemas.LookupRequest, keyed=False),
    )
    def look_up(request: Request, body: Body) -> Response:
        """The account number's last four digits; the whole is sent to the contract's contact where that is wanted.

        A pair that does not belong together is refused with one code, whichever half is wrong.
        """
        wanted = parsed(schemas.LookupRequest, body)
        address = request.client.host if request.client else "-"
        found, messages = services.lookup.find(
            address, wanted.chip_id, wanted.card_number, wanted.deliver, wanted.language
        )
        services.courier.send(messages)
        return json_response(found)

    return router
