"""``/v1/pairing-codes`` as a box asks that is of no account yet: no session, but the same proof as a sign-in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import room_schemas as schemas
from tools.headend.api.answers import json_response
from tools.headend.api.bodies import PathId
from tools.headend.api.device_routes import GRANT_TYPE, SIGN_IN_CODES, Body
from tools.headend.api.guard import url_of
from tools.headend.api.openapi import form_body, problems
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.requests import form_fields
from tools.headend.api.schemas import TokenRequest
from tools.headend.api.services import Services
from tools.headend.domain.declined import Declined
from tools.headend.identity.limits import FailureLimit
from tools.headend.identity.sign_in import Attempt
from tools.headend.use_cases import rooms


def pairing_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/pairing-codes", tags=["pairing"])
    rules = services.operator.rooms
    guesses = FailureLimit(services.operator.address_limit, services.clock)

    @router.post(
        "",
        response_model=schemas.PairingCode,
        responses=problems("request_invalid", "request_too_large", "box_paired", *SIGN_IN_CODES, "unavailable"),
        openapi_extra=form_body(TokenRequest),
    )
    def show(request: Request, body: Body) -> Response:
        """A code for the screen of a new box, by the assertion and DPoP proof of a sign-in; the last one is void."""
        grant_type, assertion = form_fields(request, body, "grant_type", "assertion")
        if grant_type != GRANT_TYPE:
            raise RequestInvalid("grant_type", f"expected {GRANT_TYPE}")
        address = request.client.host if request.client else "-"
        attempt = Attempt(address, assertion, request.headers.getlist("dpop"), url_of(request, services.origin))
        box = services.sign_in.attempt_unpaired(attempt)
        now = services.clock.now()
        return json_response(
            services.database.write(
                lambda connection: rooms.show_code(connection, rules, services.pairing_codes, box, now)
            )
        )

    @router.get(
        "/{pairing_id}",
        response_model=schemas.PairingState,
        responses=problems("request_invalid", "not_found", "slow_down", "rate_limited", "unavailable"),
    )
    def poll(request: Request, pairing_id: PathId) -> Response:
        """Whether the code was used: asked by the box that shows it, which alone knows the id (RFC 8628)."""
        address = request.client.host if request.client else "-"
        # nobody is signed in here, and every guess would take a turn of those who write
        guesses.check(address)
        now = services.clock.now()
        try:
            found = services.database.write(lambda connection: rooms.poll(connection, rules, pairing_id, now))
        except Declined:
            guesses.failed(address)
            raise
        if isinstance(found, Declined):
            raise found
        return json_response(found)

    return router
