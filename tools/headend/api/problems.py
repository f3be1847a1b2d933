"""Errors as ``application/problem+json`` (RFC 9457) with a stable ``code``: no stack, no SQL, nobody else's data."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from device.api.errors import ApiError
from tools.headend.domain.declined import KINDS, Declined
from tools.headend.identity.records import CARD_AND_PIN
from tools.headend.identity.refusals import Refusal
from tools.headend.logs import NAME
from tools.headend.payments import ProviderUnavailable
from tools.headend.storage.changes import Answer, KeyReused, StillRunning
from tools.headend.storage.database import DatabaseBusy

logger = logging.getLogger(NAME)

MEDIA_TYPE = "application/problem+json"
TITLES = {
    "request_invalid": "The request cannot be understood",
    "request_too_large": "The request is too large",
    "idempotency_key_reused": "The Idempotency-Key was used with another request",
    "request_running": "The first request with this Idempotency-Key is still running",
    "method_not_allowed": "This cannot be done here",
    "unavailable": "The service cannot answer now",
    "internal": "The service failed",
}
_BY_STATUS = {404: "not_found", 405: "method_not_allowed"}


class RequestInvalid(ApiError):
    """The request is off; ``field`` says where."""

    code = "request_invalid"

    def __init__(self, field: str, message: str, *, status: int = 400, code: str = "request_invalid") -> None:
        super().__init__(f"{field}: {message}", code=code)
        self.status = status
        self.errors = [{"field": field, "message": message}]


def problem_body(
    status: int,
    code: str,
    *,
    title: str = "",
    detail: str = "",
    error: str | None = None,
    errors: Any = None,
    data: Mapping[str, Any] | None = None,
) -> str:
    """The document; the same for the same arguments, byte for byte. ``data``: further members."""
    title = title or (KINDS[code].title if code in KINDS else TITLES[code])
    body: dict[str, Any] = {
        "type": f"urn:stb:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "code": code,
    }
    if error is not None:
        body["error"] = error
    if errors is not None:
        body["errors"] = errors
    body.update(data or {})
    return json.dumps(body, ensure_ascii=False)


def declined_answer(declined: Declined) -> Answer:
    """A refused effect as the answer that is kept under its key."""
    kind = declined.kind
    body = problem_body(kind.status, declined.code, title=kind.title, detail=declined.message, data=declined.data)
    return Answer(kind.status, body)


def answer_response(answer: Answer) -> Response:
    """An answer that was kept, or just made, as it goes to the box."""
    if answer.status < 400:
        return Response(answer.body, answer.status, media_type="application/json")
    # a refusal that was kept under its key says how long to wait just as the first one did
    return _response(answer.status, answer.body, json.loads(answer.body).get("retry_after"))


def _response(
    status: int,
    body: str,
    retry_after: float | None = None,
    challenge: str | None = None,
    more: Mapping[str, str] | None = None,
) -> Response:
    headers = dict(more or {})
    if retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(retry_after)))
    if status == 401:
        # RFC 9449 section 7.1: which scheme, and for which algorithms; RFC 9470 section 3: what would be enough
        error = f'error="{challenge}", ' if challenge else ""
        enough = f'acr_values="{CARD_AND_PIN}", ' if challenge == "insufficient_user_authentication" else ""
        headers["WWW-Authenticate"] = f'DPoP {error}{enough}algs="ES256"'
    return Response(body, status, headers, MEDIA_TYPE)


def refusal_response(refusal: Refusal) -> Response:
    """A refused sign-in or request."""
    kind = refusal.kind
    body = problem_body(kind.status, refusal.code, title=kind.title, detail=refusal.message, error=kind.error)
    return _response(kind.status, body, refusal.retry_after, kind.error)


def api_error_response(error: ApiError) -> Response:
    """Any error of ours that a request can end in."""
    match error:
        case Refusal():
            return refusal_response(error)
        case RequestInvalid():
            body = problem_body(error.status, error.code, detail=error.message, errors=error.errors)
            return _response(error.status, body)
        case Declined():
            return _response(error.kind.status, declined_answer(error).body, error.retry_after)
        case KeyReused():
            return _response(422, problem_body(422, error.code, detail=error.message))
        case StillRunning():
            return _response(409, problem_body(409, error.code, detail=error.message), error.retry_after)
        case DatabaseBusy() | ProviderUnavailable():
            return _response(503, problem_body(503, "unavailable", detail=error.message), error.retry_after)
    logger.error("an error without an answer", exc_info=error)
    return _response(500, problem_body(500, "internal"))


def validation_response(errors: Sequence[Any]) -> Response:
    """What FastAPI found wrong with query or path: each field by its name."""
    found = [
        {"field": str(each["loc"][-1]) if each.get("loc") else "", "message": str(each.get("msg", ""))}
        for each in errors
    ]
    detail = "; ".join(f"{each['field']}: {each['message']}" for each in found)
    return _response(400, problem_body(400, "request_invalid", detail=detail, errors=found))


def error_response(error: Exception) -> Response:
    """The problem document of whatever a request ended in."""
    match error:
        case ApiError():
            return api_error_response(error)
        case RequestValidationError():
            return validation_response(error.errors())
        case HTTPException():
            code = _BY_STATUS.get(error.status_code, "request_invalid")
            # RFC 9110 section 15.5.6: who did what cannot be done is told what can, by Allow
            return _response(error.status_code, problem_body(error.status_code, code), more=error.headers)
        case DBAPIError():
            # a full disk, a lost server: the reason is the operator's to read, in the log
            logger.error("the database failed: %s", type(error.orig).__name__, exc_info=error)
            return _response(503, problem_body(503, "unavailable"), retry_after=5)
    logger.error("the service failed", exc_info=error)
    return _response(500, problem_body(500, "internal"))


def install(app: FastAPI) -> None:
    """Make every error of ``app`` a problem document."""

    async def answer(_request: Request, error: Exception) -> Response:
        return error_response(error)

    for kind in (ApiError, RequestValidationError, HTTPException, DBAPIError, Exception):
        app.add_exception_handler(kind, answer)
