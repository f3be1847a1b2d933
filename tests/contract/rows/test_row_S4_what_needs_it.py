"""S4: what the PIN is needed for and what never, asked of every operation of the document with its own example."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from tests.support.household_viewer import Viewer
from tests.support.identity_rows import signed_in
from tests.support.signin_box import SignInBox
from tools.headend.api.schemas import AN_ID

NEEDED = {
    "GET /v1/personal",  # A2
    "POST /v1/contacts",
    "DELETE /v1/contacts/{contact_id}",
    "POST /v1/subscriptions",  # T1-T4, M1
    "POST /v1/subscriptions/undo",
    "POST /v1/rooms/{room_id}",  # M1
    "POST /v1/rooms/{room_id}/move",
    "POST /v1/pairing-codes/claim",
    "POST /v1/pairing-codes/claim-by-numbers",
    "POST /v1/suspensions",  # U1
    "DELETE /v1/suspensions/{suspension_id}",
    "POST /v1/parental",  # C1
    "POST /v1/parental/pin",
    "DELETE /v1/parental/pin",
    "DELETE /v1/payment-methods/{method_id}",  # P2; that a saved card pays with the PIN alone stands with P2
    "POST /v1/promised-payments",  # P4
    "POST /v1/autopay",  # P5
    "DELETE /v1/autopay",
    "POST /v1/credit",  # P6
    "POST /v1/transfers/quotes",  # P7
    "POST /v1/transfers",
    "POST /v1/bonus/exchanges",  # B1
}
"""product.md S4; everything else goes without: reading sums, paying in, help."""
STREAM = "GET /v1/events"
BODIES: dict[str, Any] = {
    "POST /v1/autopay": {"mode": "threshold"},
    "POST /v1/payments": {"amount": {"amount": 10000, "currency": "RUB"}, "method": "sbp"},
}
"""Where the members of an example are each right, and not all of them together."""


@pytest.fixture
def box(paying: tuple[Any, Any]) -> SignInBox:
    """A box whose account has a PIN that nobody typed."""
    headend, _ = paying
    headend.clock.advance(60)
    Viewer.afresh(headend)
    return signed_in(headend)


def test_S4_exactly_what_the_rule_names_needs_the_pin(box: SignInBox) -> None:
    document = box.http.get(f"{box.origin}/openapi.json").json()
    asked: dict[str, str] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path}"
            if "security" not in operation or path.startswith("/v1/device/") or name == STREAM:
                continue
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            body = BODIES.get(name, content.get("example", {}))
            named = {each["name"]: AN_ID for each in operation.get("parameters", []) if each["in"] == "path"}
            answer = box.request(
                method.upper(),
                path.format(**named),
                key=secrets.token_hex(8),
                body=None if method == "get" else body,
            )
            asked[name] = str(answer.json().get("code", ""))
    needing = {name for name, code in asked.items() if code == "insufficient_user_authentication"}
    assert needing == NEEDED
    assert len(asked) > 70
    assert {"POST /v1/payments", "POST /v1/tickets", "GET /v1/account"} <= {each for each in asked if not asked[each]}
