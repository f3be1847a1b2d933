"""Reading a request's body and headers, with limits, before any work is done for it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from tools.headend.api.problems import RequestInvalid

MAX_BODY = 64 * 1024
_KEY = re.compile(r"[\x21-\x7e]{1,128}")


async def read_body(request: Request) -> bytes:
    """The body, at most 64 KiB; a FastAPI dependency, since only a coroutine can read it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise RequestInvalid("body", f"at most {MAX_BODY} bytes are read", status=413, code="request_too_large")
    return bytes(body)


def json_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object; RequestInvalid for anything else."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestInvalid("body", "expected JSON") from None
    if not isinstance(document, dict):
        raise RequestInvalid("body", "expected a JSON object")
    return document


def form_fields(request: Request, body: bytes, *names: str) -> list[str]:
    """The fields ``names`` of a form-encoded body (RFC 6749 appendix B), each exactly once."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise RequestInvalid("Content-Type", "expected application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=20)
    except ValueError:
        raise RequestInvalid("body", "expected a form-encoded body") from None
    found: list[str] = []
    for name in names:
        values = [value for key, value in pairs if key == name]
        if len(values) != 1 or not values[0]:
            raise RequestInvalid(name, "is missing" if not values or not values[0] else "stands here more than once")
        found.append(values[0])
    return found


def idempotency_key(request: Request) -> str:
    """The ``Idempotency-Key`` header: 1 to 128 visible ASCII characters."""
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise RequestInvalid("Idempotency-Key", "expected 1 to 128 visible ASCII characters")
    return key
