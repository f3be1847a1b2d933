"""P3, Easy payment: from a linked mobile account with the PIN, confirmed by SMS on the phone (product.md P3)."""

from __future__ import annotations

import pytest

from tests.support.household_viewer import Viewer, code_of
from tests.support.operator_side import said_by
from tests.support.paying_home import PayingHome

NUMBER = "9161234567"
LINKED = "/v1/linked-numbers"


@pytest.fixture
def linked(home: PayingHome) -> str:
    """A number that is linked (A7); its id."""
    asked = home.viewer.post(LINKED, {"number": NUMBER})
    account = f"{home.viewer.account_id:012d}"
    said_by(home.headend, "number-state", "--account", account, "--number", NUMBER, "--state", "linked")
    return str(asked["id"])


def test_P3_the_sms_is_answered_on_the_phone(home: PayingHome, linked: str) -> None:
    before = home.viewer.balance()
    payment_id = home.begin(1000, "mobile", number_id=linked)
    shown = home.payment(payment_id)
    assert (shown["state"], shown["confirmation"]) == ("awaiting_user", {"kind": "sms", "payload": None})
    [made] = home.stand_in.payments()[:1]
    assert (made.order.type, made.order.phone) == ("mobile_balance", f"7{NUMBER}")
    home.later(3)
    assert home.state(payment_id) == "awaiting_user"
    home.approve()
    assert home.state(payment_id) == "succeeded"
    assert home.viewer.balance() == before + 1000
    assert home.viewer.get("/v1/payments")["items"][0]["method"] == "mobile"


def test_P3_needs_the_pin(home: PayingHome, linked: str) -> None:
    box = home.viewer.box
    box.sign_in()
    answer = box.request("POST", "/v1/payments", key="mobile-no-pin", body=home.body(1000, "mobile", number_id=linked))
    assert code_of(answer) == (401, "insufficient_user_authentication")


def test_P3_only_from_a_number_of_this_account_that_is_linked(home: PayingHome, linked: str) -> None:
    checked = home.viewer.post(LINKED, {"number": "9160000000"})["id"]
    body = home.body(1000, "mobile", number_id=checked)
    assert code_of(home.viewer.ask("POST", "/v1/payments", body)) == (409, "method_refused")
    other = Viewer(home.headend, "ending")
    body = home.body(1000, "mobile", number_id=linked)
    assert code_of(other.ask("POST", "/v1/payments", body)) == (409, "method_refused")


def test_P3_its_limits_at_their_edges(home: PayingHome, linked: str) -> None:
    for amount in (999, 1_500_001):
        body = home.body(amount, "mobile", number_id=linked)
        assert code_of(home.viewer.ask("POST", "/v1/payments", body)) == (409, "amount_refused")


def test_P3_a_second_one_waits_for_the_first(home: PayingHome, linked: str) -> None:
    home.begin(1000, "mobile", number_id=linked)
    body = home.body(1000, "mobile", number_id=linked)
    assert code_of(home.viewer.ask("POST", "/v1/payments", body)) == (409, "payment_running")
