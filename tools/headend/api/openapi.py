"""The OpenAPI document: every answer with its schema, every refusal with its code and an example."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from tools.headend.api import schemas
from tools.headend.api.examples import add_examples
from tools.headend.api.problems import MEDIA_TYPE, TITLES, problem_body
from tools.headend.domain.declined import KINDS as DECLINED
from tools.headend.identity.refusals import KINDS

_STATUS = {
    "request_invalid": 400,
    "request_running": 409,
    "request_too_large": 413,
    "idempotency_key_reused": 422,
    "unavailable": 503,
}

OPEN_PATHS = (
    "/v1/device/challenge",
    "/v1/device/token",
    "/v1/lookup",
    "/v1/pairing-codes",
    "/v1/pairing-codes/{pairing_id}",
    "/v1/webhooks/{provider}",
)
"""Below ``/v1/``, and asked without a session."""

READ_CODES = (
    "token_invalid",
    "box_revoked",
    "card_revoked",
    "dpop_invalid",
    "dpop_key_mismatch",
    "use_dpop_nonce",
    "jti_used",
    "acr_insufficient",
    "unavailable",
)
"""How any read can be refused."""
PIN_READ_CODES = (*READ_CODES, "insufficient_user_authentication")
"""How a read that needs the PIN can be refused."""
CHANGE_CODES = (*READ_CODES, "extra_box_refused", "request_too_large", "request_running", "idempotency_key_reused")
"""How any change can be refused."""
KEYLESS_CODES = (*READ_CODES, "extra_box_refused", "request_too_large")
"""How a change that takes no Idempotency-Key can be refused: PINs and codes."""
PIN_CHANGE_CODES = (*CHANGE_CODES, "insufficient_user_authentication")
"""How a change that needs the PIN can be refused."""

EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events of this account until its session ends",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'event: account.changed\ndata: {"at": "2026-11-21T16:41:07Z"}\n\n: keep-alive\n\n',
            }
        },
    }
}
METRICS_TEXT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Counters",
        "content": {"text/plain": {"schema": {"type": "string"}, "example": "headend_event_streams 1\n"}},
    }
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "Made and kept by the box before it sends; the same key and body give the same answer",
            "schema": {"type": "string", "minLength": 1, "maxLength": 128},
            "example": "9d1c5a34-9d1b-4a8e-8f6d-0c2f5b1a7e42",
        }
    ]
}


_RETRY_AFTER = {
    "Retry-After": {"description": "Seconds (RFC 9110 section 10.2.3)", "schema": {"type": "integer"}, "example": 60}
}
_RETRIED = (429, 503)


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that may be refused with ``codes``."""
    found: dict[int | str, dict[str, Any]] = {}
    for code in dict.fromkeys(codes):
        refused, declined = KINDS.get(code), DECLINED.get(code)
        kind = refused or declined
        status = kind.status if kind else _STATUS[code]
        title = kind.title if kind else TITLES[code]
        body = problem_body(status, code, title=title, error=refused.error if refused else None)
        response = found.setdefault(
            status,
            {
                "description": "",
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
                **({"headers": _RETRY_AFTER} if status in _RETRIED else {}),
            },
        )
        response["content"][MEDIA_TYPE]["examples"][code] = {"summary": title, "value": json.loads(body)}
        response["description"] = ", ".join(response["content"][MEDIA_TYPE]["examples"])
    return found


def json_body(model: type[BaseModel]) -> dict[str, Any]:
    """The documented body of a route that reads it itself, with limits."""
    return _body("application/json", model)


def form_body(model: type[BaseModel]) -> dict[str, Any]:
    return _body("application/x-www-form-urlencoded", model)


def _body(media_type: str, model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    schema = _inlined(schema, schema.pop("$defs", {}))
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def _inlined(schema: Any, models: dict[str, Any]) -> Any:
    """The schema with the models that it refers to written out, since a body's are nowhere else in the document."""
    match schema:
        case {"$ref": str(reference)}:
            return _inlined(models[reference.removeprefix("#/$defs/")], models)
        case dict():
            # a discriminator names models; each of them says by a constant which one it is
            return {key: _inlined(value, models) for key, value in schema.items() if key != "discriminator"}
        case list():
            return [_inlined(each, models) for each in schema]
    return schema


def install(app: FastAPI, origin: str) -> None:
    """Answer ``/openapi.json`` with the document made here."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, origin)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI, origin: str) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, servers=[{"url": origin}]
    )
    components = document.setdefault("components", {}).setdefault("schemas", {})
    problem = schemas.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components.update(problem.pop("$defs", {}))
    components["Problem"] = problem
    # FastAPI's own validation answer never leaves this service: it becomes a problem with status 400
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    for path in document["paths"].values():
        for operation in path.values():
            validation = operation["responses"].get("422", {})
            if "application/json" in validation.get("content", {}):
                del operation["responses"]["422"]
    document["components"]["securitySchemes"] = {
        "dpop": {"type": "http", "scheme": "dpop", "description": "RFC 9449: a token bound to the device key"}
    }
    for path, operations in document["paths"].items():
        if path.startswith("/v1/") and path not in OPEN_PATHS:
            for operation in operations.values():
                operation["security"] = [{"dpop": []}]
    add_examples(document)
    return document
