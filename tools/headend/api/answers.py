"""JSON answers, pages and cursors."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from starlette.responses import Response

from tools.headend.api.problems import RequestInvalid

_CURSOR_MAX = 200


def json_response(document: Any, status: int = 200) -> Response:
    """``document`` as it is: built by our own views, so it is not validated once more on its way out."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, media_type="application/json")


def money(amount: int, currency: str) -> dict[str, Any]:
    """Minor units with their currency, as contracts.md writes them."""
    return {"amount": amount, "currency": currency}


def cursor_of(at: int, row_id: int | str) -> str:
    """Where a page ended; opaque to the box."""
    return urlsafe_b64encode(json.dumps([at, row_id]).encode()).decode().rstrip("=")


def number_cursor(cursor: str | None) -> tuple[int, int] | None:
    """The position of a cursor of numbered rows; RequestInvalid where it is none of ours."""
    match _decoded(cursor):
        case None:
            return None
        case [int(at), int(row_id)]:
            return at, row_id
    raise RequestInvalid("cursor", "not a cursor of this list")


def text_cursor(cursor: str | None) -> tuple[int, str] | None:
    """The same for rows that are named by texts."""
    match _decoded(cursor):
        case None:
            return None
        case [int(at), str(row_id)]:
            return at, row_id
    raise RequestInvalid("cursor", "not a cursor of this list")


def _decoded(cursor: str | None) -> Any:
    if cursor is None:
        return None
    try:
        if len(cursor) > _CURSOR_MAX:
            raise ValueError
        position = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        raise RequestInvalid("cursor", "not a cursor of this list") from None
    # SQLite and PostgreSQL keep 64 bits
    if isinstance(position, list) and any(isinstance(each, int) and abs(each) >= 2**62 for each in position):
        raise RequestInvalid("cursor", "not a cursor of this list")
    return position if position is not None else []
