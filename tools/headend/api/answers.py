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
    position = _decoded(cursor)
    if position is None:
        return None
    at, row_id = position
    if not _is_number(row_id):
        raise _none_of_ours()
    return at, row_id


def text_cursor(cursor: str | None) -> tuple[int, str] | None:
    """The same for rows that are named by texts."""
    position = _decoded(cursor)
    if position is None:
        return None
    at, row_id = position
    if not isinstance(row_id, str) or not (row_id.isascii() and row_id.isprintable()):
        raise _none_of_ours()
    return at, row_id


def _decoded(cursor: str | None) -> tuple[int, Any] | None:
    """What a cursor holds. It came from outside, so only what both databases can compare is let through: PostgreSQL
    takes no NUL, neither takes half a surrogate pair, and a truth is no number to PostgreSQL."""
    if cursor is None:
        return None
    try:
        if len(cursor) > _CURSOR_MAX:
            raise ValueError
        position = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        raise _none_of_ours() from None
    if not isinstance(position, list) or len(position) != 2 or not _is_number(position[0]):
        raise _none_of_ours()
    return position[0], position[1]


def _is_number(value: Any) -> bool:
    """SQLite and PostgreSQL keep 64 bits."""
    return type(value) is int and abs(value) < 2**62


def _none_of_ours() -> RequestInvalid:
    return RequestInvalid("cursor", "not a cursor of this list")
