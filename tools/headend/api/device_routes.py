"""``/v1/device/*``: challenge, token, and the end of a session (contracts.md, Silent sign-in)."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from device.api.redaction import tail
from tools.headend.api import schemas
from tools.headend.api.answers import json_response
from tools.headend.api.direct import direct
from tools.headend.api.guard import url_of
from tools.headend.api.openapi import form_body, json_body, problems
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.requests import form_fields, json_object, read_body
from tools.headend.api.services import Services
from tools.headend.clock import rfc3339
from tools.headend.identity.assertion import IDENTIFIER
from tools.headend.identity.refusals import KINDS, Refusal
from tools.headend.identity.sign_in import Attempt, Grant

Body = Annotated[bytes, Depends(read_body)]
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_RESOURCE_ONLY = ("token_invalid", "acr_insufficient")
SIGN_IN_CODES = tuple(code for code in KINDS if code not in _RESOURCE_ONLY)
_END_CODES = (
    "token_invalid",
    "box_revoked",
    "card_revoked",
    "dpop_invalid",
    "dpop_key_mismatch",
    "use_dpop_nonce",
    "jti_used",
    "unavailable",
)


def device_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/device", tags=["device"], route_class=direct(services))

    @router.post(
        "/challenge",
        response_model=schemas.Challenge,
        responses=problems("request_invalid", "request_too_large"),
        openapi_extra=json_body(schemas.ChallengeRequest),
    )
    async def challenge(body: Body) -> Response:
        """A nonce for one Chip ID, good for 120 s, and the service's time; every Chip ID gets one, known or not."""
        chip_id = json_object(body).get("chip_id")
        if not isinstance(chip_id, str) or not IDENTIFIER.fullmatch(chip_id):
            raise RequestInvalid("chip_id", "expected a Chip ID: 1 to 32 letters, digits, '.', '_' or '-'")
        now = rfc3339(services.clock.now())
        return json_response({"nonce": services.challenges.issue(chip_id), "server_time": now})

    @router.post(
        "/token",
        response_model=schemas.Token,
        responses=problems("request_invalid", "request_too_large", *SIGN_IN_CODES, "unavailable"),
        openapi_extra=form_body(schemas.TokenRequest),
    )
    async def token(request: Request, body: Body) -> Response:
        """Signs the box in: assertion by the device key, DPoP proof by the same key, proof by the card."""
        grant_type, assertion = form_fields(request, body, "grant_type", "assertion")
        if grant_type != GRANT_TYPE:
            raise RequestInvalid("grant_type", f"expected {GRANT_TYPE}")
        address = request.client.host if request.client else "-"
        proofs = request.headers.getlist("dpop")
        try:
            attempt = Attempt(address, assertion, proofs, url_of(request, services.origin))
            grant = await _signed_in(services, attempt)
        except Refusal as refusal:
            services.metrics.count("headend_sign_ins_total", outcome=refusal.code)
            request.scope["state"]["log"]["refused"] = refusal.code
            raise
        services.metrics.count("headend_sign_ins_total", outcome="granted")
        session = grant.session
        account_number = f"{session.account_id:012d}"
        request.scope["state"]["log"].update(account=tail(account_number), chip=tail(session.chip_id))
        return json_response(
            {
                "access_token": grant.token,
                "token_type": "DPoP",
                "expires_in": grant.expires_in,
                "account_number": account_number,
                "acr": session.acr,
            }
        )

    @router.delete("/session", status_code=204, responses=problems(*_END_CODES))
    def end_session(request: Request) -> Response:
        """The card is out, or another one is in: this session's token is worth nothing from now on."""
        admitted = services.guard.end(request)
        services.registry.end_session(admitted.session, admitted.jti)
        services.hub.tell(admitted.session.account_id, changed=False)
        return Response(status_code=204)

    return router


async def _signed_in(services: Services, attempt: Attempt) -> Grant:
    """Only what may wait needs a thread: of SQLite the writing, of a server every look-up (direct.py)."""
    run, sign_in = asyncio.get_running_loop().run_in_executor, services.sign_in
    if services.database.sqlite:
        return await run(services.threads, sign_in.open, attempt, sign_in.judge(attempt))
    return await run(services.threads, sign_in.attempt, attempt)
