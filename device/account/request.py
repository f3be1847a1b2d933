"""The parameters of account.request as a request to the service, or a refusal before anything is sent."""

from __future__ import annotations

import json
import re
from typing import Any

from device.api.account_paths import account_path
from device.api.errors import InvalidParams
from device.ports.account_service import AccountRequest

MAX_BODY = 64 * 1024
MAX_QUERY = 16
MAX_QUERY_TEXT = 256

_KEY = re.compile(r"[A-Za-z0-9._:~-]{8,64}")


def account_request(params: dict[str, Any], request_id: str | None) -> AccountRequest:
    """``params`` as the method table has checked them; InvalidParams naming what is off."""
    method, path = params["method"], params["path"]
    query, body, key = params.get("query") or {}, params.get("body"), params.get("idempotency_key")
    entry = account_path(method, path)
    if len(query) > MAX_QUERY or any(len(text) > MAX_QUERY_TEXT for pair in query.items() for text in pair):
        raise InvalidParams(f"account.request: query: at most {MAX_QUERY} texts of {MAX_QUERY_TEXT} characters")
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidParams("account.request: idempotency_key: 8 to 64 of A-Z a-z 0-9 . _ : ~ -")
    if entry.keyless and key is not None:
        raise InvalidParams(f"account.request: {method} {entry.template} takes no idempotency_key")
    if entry.changes and not entry.keyless and key is None:
        raise InvalidParams(f"account.request: {method} needs an idempotency_key, made and kept before it is sent")
    if not entry.changes and (key is not None or body is not None):
        raise InvalidParams("account.request: GET takes no body and no idempotency_key")
    if body is not None and len(json.dumps(body, ensure_ascii=False).encode()) > MAX_BODY:
        raise InvalidParams(f"account.request: body: at most {MAX_BODY} bytes")
    return AccountRequest(method, path, dict(query), body, key, request_id, entry.private)


def known_as(request: AccountRequest) -> str:
    """The name under which an answer to a GET is kept."""
    return json.dumps([request.path, sorted(request.query.items())], ensure_ascii=False, separators=(",", ":"))
