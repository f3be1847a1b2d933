"""Asking the account service as a box: documents, changes under a key of their own, whole lists."""

from __future__ import annotations

import secrets
from typing import Any

import httpx

from tests.support.signin_box import SignInBox


def get(box: SignInBox, path: str) -> dict[str, Any]:
    answer = box.request("GET", path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def post(box: SignInBox, path: str, body: Any = None) -> httpx.Response:
    """A change under a new Idempotency-Key, refused or not."""
    return box.request("POST", path, key=secrets.token_hex(8), body={} if body is None else body)


def done(box: SignInBox, path: str, body: Any = None) -> dict[str, Any]:
    """A change that must be made."""
    answer = post(box, path, body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(box: SignInBox, path: str, body: Any = None) -> tuple[int, str]:
    """Status and code of a change."""
    answer = post(box, path, body)
    return answer.status_code, str(answer.json().get("code"))


def everything(box: SignInBox, path: str, limit: int = 50) -> list[dict[str, Any]]:
    """All pages of a list; ``path`` may have a query."""
    items: list[dict[str, Any]] = []
    separator, cursor = "&" if "?" in path else "?", ""
    while True:
        page = get(box, f"{path}{separator}limit={limit}{cursor}")
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = f"&cursor={page['next_cursor']}"
