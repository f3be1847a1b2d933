"""What nobody's box sends: ids and cursors made by hand. It is refused by its field, on both databases the same; a 5xx
would have a box come again and again (quality.md, Hostile input)."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox

BY_TEXT = (
    "/v1/messages",
    "/v1/tickets",
    "/v1/applications",
    "/v1/payments",
    "/v1/bonus/entries",
    "/v1/subscriptions/orders",
    "/v1/transfers",
    "/v1/suspensions",
    "/v1/promised-payments",
    "/v1/channels",
)
BY_NUMBER = ("/v1/ledger/entries", "/v1/receipts", "/v1/statements?from=2026-10-01&to=2026-11-01")
NUL, HALF_A_PAIR = "\x00", "\ud800"


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    client = headend.box()
    client.sign_in()
    return client


def with_cursor(path: str, position: Any) -> str:
    cursor = urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")
    return f"{path}{'&' if '?' in path else '?'}cursor={cursor}"


def field_of(box: SignInBox, method: str, path: str) -> tuple[int, str]:
    key = secrets.token_hex(8) if method == "POST" else None
    answer = box.request(method, path, key=key, body={} if key else None)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, str(answer.json().get("errors", [{"field": answer.json()["code"]}])[0]["field"])


@pytest.mark.parametrize(
    "position", [[1, NUL], [1, HALF_A_PAIR], [True, "a"], [1.0, "a"], [2**62, "a"], [1, 1], [1], [], None, {"a": 1}]
)
def test_a_cursor_that_is_none_of_a_list_by_text_is_refused(box: SignInBox, position: Any) -> None:
    assert {path: field_of(box, "GET", with_cursor(path, position)) for path in BY_TEXT} == dict.fromkeys(
        BY_TEXT, (400, "cursor")
    )


@pytest.mark.parametrize("position", [[1, True], [True, 1], [1, "e1"], [1, 2**62], [1, 1, 1], "1"])
def test_a_cursor_that_is_none_of_a_list_by_number_is_refused(box: SignInBox, position: Any) -> None:
    assert {path: field_of(box, "GET", with_cursor(path, position)) for path in BY_NUMBER} == dict.fromkeys(
        BY_NUMBER, (400, "cursor")
    )


@pytest.mark.parametrize("name", ["%00", "%ED%A0%80", "%D1%8F", "a" * 41, "a%20b"])
def test_what_can_be_no_id_is_refused_before_it_is_looked_for(box: SignInBox, name: str) -> None:
    assert field_of(box, "GET", f"/v1/receipts/{name}") == (400, "receipt_id")
    assert field_of(box, "POST", f"/v1/messages/{name}/read") == (400, "message_id")
    assert field_of(box, "POST", f"/v1/rooms/{name}/move") == (400, "room_id")


def test_what_cannot_be_done_at_a_path_says_what_can(box: SignInBox) -> None:
    """RFC 9110 section 15.5.6."""
    refused = box.http.put(f"{box.origin}/v1/account")
    assert (refused.status_code, refused.json()["code"], refused.headers["Allow"]) == (405, "method_not_allowed", "GET")
