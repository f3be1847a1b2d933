"""``/v1/webhooks/{provider}``: the payment provider says that something happened to a payment (product.md P9).

It is not signed, so nothing in it is believed but which payment to look at: the provider is asked for that. What is
answered with anything but 200 comes again.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import payment_schemas as schemas
from tools.headend.api.answers import json_response
from tools.headend.api.bodies import PathId
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import json_body, problems
from tools.headend.api.services import Services
from tools.headend.domain.declined import Declined
from tools.headend.identity.limits import FailureLimit


def webhook_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])
    limit = FailureLimit(services.operator.address_limit, services.clock)

    @router.post(
        "/{provider}",
        response_model=schemas.Taken,
        responses=problems("request_invalid", "request_too_large", "not_found", "rate_limited", "unavailable"),
        openapi_extra=json_body(schemas.Notification),
    )
    def notified(request: Request, provider: PathId, body: Body) -> Response:
        """A notification of the provider; ``taken``: it was about a payment of this service."""
        known = services.cashier.provider
        if known is None or provider != known.name:
            raise Declined("not_found", "no payment provider of this name is used here")
        address = request.client.host if request.client else "-"
        limit.check(address)
        taken = services.cashier.notified(body)
        if not taken:
            # somebody guesses, and every guess costs a question to the provider
            limit.failed(address)
        return json_response({"taken": taken})

    return router
