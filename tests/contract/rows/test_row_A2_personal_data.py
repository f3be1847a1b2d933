"""A2: personal data masked until the PIN; the contract's contacts are changed by PIN, code and a notice to the old."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest

from device.api.waiting import wait_until
from tests.support.headend_server import RunningHeadend
from tests.support.identity_rows import EMAIL, forget_identity, later, not_that, outcome, problem, signed_in
from tests.support.signin_box import SignInBox
from tools.headend.api import identity_schemas as schemas

PIN = "4071"


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    """A box of family whose viewer gave the PIN."""
    forget_identity(headend)
    client = signed_in(headend)
    client.set_pin(PIN)
    client.step_up(PIN)
    return client


def add(box: SignInBox, value: str, channel: str = "sms", use: str = "contract") -> Any:
    return box.request("POST", "/v1/contacts", body={"use": use, "channel": channel, "value": value})


def confirm(box: SignInBox, contact_id: str, code: str) -> tuple[int, str]:
    return outcome(box.request("POST", f"/v1/contacts/{contact_id}/confirm", body={"code": code}))


def targets(box: SignInBox) -> list[tuple[str, str, str]]:
    document = box.request("GET", "/v1/contacts").json()
    schemas.Contacts.model_validate(document, strict=True)
    return [(each["use"], each["target"], each["state"]) for each in document["items"]]


def personal(box: SignInBox) -> dict[str, Any]:
    document = box.request("GET", "/v1/personal").json()
    schemas.Personal.model_validate(document, strict=True)
    found: dict[str, Any] = document
    return found


def test_A2_masked_until_the_pin_but_for_the_account_number(headend: RunningHeadend, box: SignInBox) -> None:
    plain = signed_in(headend)
    home = plain.request("GET", "/v1/account").json()
    assert home["account_number"] == "102733458021"
    assert home["holder"]["phone"] == "+7 ••• •••-••-34" and "Петров" not in str(home)
    assert problem(plain.request("GET", "/v1/personal")) == (401, "insufficient_user_authentication")
    assert personal(box) == {
        "account_number": "102733458021",
        "contract_number": "3344-0217-85",
        "name": "Иван Петров",
        "address": "г. Химки, ул. Лесная, д. 12, кв. 45",
        "phone": "9005550134",
        "email": "ivan.petrov@example.org",
        "contacts": [],
    }


def test_A2_the_contracts_phone_is_changed_by_pin_and_code(headend: RunningHeadend, box: SignInBox) -> None:
    wanted = {"use": "contract", "channel": "sms", "value": "9005550177"}
    plain = signed_in(headend)
    assert problem(plain.request("POST", "/v1/contacts", body=wanted)) == (401, "insufficient_user_authentication")
    added = add(box, "9005550177")
    schemas.ContactRequested.model_validate(added.json(), strict=True)
    assert headend.code_message()["target"] == "+79005550177", "the code goes to the new one"
    assert personal(box)["phone"] == "9005550134", "until it is confirmed the old one stays"
    assert ("contract", "+7 ••• •••-••-77", "pending") in targets(box)
    code = headend.sent_code()
    assert confirm(box, added.json()["id"], not_that(code)) == (403, "code_wrong")
    assert confirm(plain, added.json()["id"], code) == (200, ""), "the PIN was given when it was named"
    assert personal(box)["phone"] == "9005550177"
    assert targets(box)[0] == ("contract", "+7 ••• •••-••-77", "confirmed") and len(targets(box)) == 2


def test_A2_a_pin_code_that_went_to_the_old_contact_is_void(headend: RunningHeadend, box: SignInBox) -> None:
    assert box.request("POST", "/v1/pin/codes", body={"channel": "sms"}).status_code == 200
    went_to_the_old = headend.sent_code()
    added = add(box, "9005550177")
    assert confirm(box, added.json()["id"], headend.sent_code()) == (200, "")
    reset = box.request("POST", "/v1/pin/reset", body={"code": went_to_the_old, "new_pin": "5209"})
    assert problem(reset) == (403, "code_wrong")
    assert box.request("POST", "/v1/pin/codes", body={"channel": "sms"}).status_code == 200, "at once: to the new one"
    assert headend.code_message()["target"] == "+79005550177"
    reset = box.request("POST", "/v1/pin/reset", body={"code": headend.sent_code(), "new_pin": "5209"})
    assert reset.status_code == 200


def test_A2_the_old_contact_gets_a_notice(headend: RunningHeadend, box: SignInBox) -> None:
    before = len(headend.sent())
    added = add(box, "new@example.org", "email").json()
    assert confirm(box, added["id"], headend.sent_code()) == (200, "")
    told = wait_until(
        lambda: [each for each in headend.sent()[before:] if each["target"] == EMAIL and "договора" in each["text"]],
        limit=10,
        what="the notice",
    )
    assert not re.search(r"\d{6}", told[0]["text"]), "no code goes there"


@pytest.mark.parametrize("written", ["+79005550177", "79005550177", "8 (900) 555-01-77", "900 555 01 77"])
def test_A2_a_leading_7_or_8_is_taken_and_dropped(headend: RunningHeadend, box: SignInBox, written: str) -> None:
    added = add(box, written)
    assert added.status_code == 200
    assert confirm(box, added.json()["id"], headend.sent_code()) == (200, "")
    assert personal(box)["phone"] == "9005550177"


@pytest.mark.parametrize(
    ("channel", "value"),
    [
        ("sms", "900555017"),
        ("sms", "90055501777"),
        ("sms", "+19005550177"),
        ("sms", "+9005550177"),
        ("sms", "٩٠٠٥٥٥٠١٧٧"),
        ("sms", "9005550177\n"),
        ("sms", "a@example.org"),
        ("email", "9005550177"),
        ("email", "a@localhost"),
        ("email", "a b@example.org"),
        ("email", "a@example.org\r\nBcc: b@example.org"),
        ("email", "a" * 250 + "@example.org"),
    ],
)
def test_A2_what_nothing_can_be_sent_to_is_refused(box: SignInBox, channel: str, value: str) -> None:
    refused = add(box, value, channel)
    assert problem(refused) == (400, "request_invalid")
    assert refused.json()["errors"][0]["field"] == "value"


@pytest.mark.parametrize(("seconds", "expected"), [(900, (200, "")), (901, (403, "code_wrong"))])
def test_A2_the_code_is_good_for_15_minutes(
    headend: RunningHeadend, box: SignInBox, seconds: int, expected: tuple[int, str]
) -> None:
    added = add(box, "9005550177").json()
    code = headend.sent_code()
    assert confirm(later(headend, seconds), added["id"], code) == expected


def test_A2_a_new_number_voids_the_code_of_the_one_before(headend: RunningHeadend, box: SignInBox) -> None:
    first = add(box, "9005550177").json()
    code = headend.sent_code()
    assert problem(add(box, "9005550188")) == (409, "code_too_soon")
    headend.clock.advance(60)
    box.challenge()
    second = add(box, "9005550188").json()
    assert confirm(box, first["id"], code) == (404, "not_found")
    assert confirm(box, second["id"], headend.sent_code()) == (200, "")
    assert personal(box)["phone"] == "9005550188"


def test_A2_the_same_contact_needs_no_change(box: SignInBox) -> None:
    assert problem(add(box, "+7 900 555-01-34")) == (409, "contact_known")


def test_A2_contacts_of_notifications_may_differ_from_the_contracts(headend: RunningHeadend, box: SignInBox) -> None:
    added = add(box, "9005550177", use="notifications").json()
    assert confirm(box, added["id"], headend.sent_code()) == (200, "")
    assert confirm(box, added["id"], "000000") == (200, ""), "it is confirmed already"
    assert personal(box)["phone"] == "9005550134"
    assert personal(box)["contacts"] == [
        {"id": added["id"], "channel": "sms", "value": "9005550177", "state": "confirmed"}
    ]
    assert problem(add(box, "9005550177", use="notifications")) == (409, "contact_known")
    path, key = f"/v1/contacts/{added['id']}", secrets.token_hex(8)
    assert problem(signed_in(headend).request("DELETE", path, key=key)) == (401, "insufficient_user_authentication")
    assert box.request("DELETE", path, key=key).json() == {"id": added["id"], "removed": True}
    assert len(targets(box)) == 2
    assert problem(box.request("DELETE", path, key=secrets.token_hex(8))) == (404, "not_found")


def test_A2_4_contacts_for_notifications_and_no_fifth(headend: RunningHeadend, box: SignInBox) -> None:
    for number in range(4):
        headend.clock.advance(60)
        box = signed_in(headend)
        box.step_up(PIN)
        added = add(box, f"900555018{number}", use="notifications").json()
        assert confirm(box, added["id"], headend.sent_code()) == (200, "")
    headend.clock.advance(60)
    box.challenge()
    assert problem(add(box, "9005550199", use="notifications")) == (409, "contact_limit")


def test_A2_the_contracts_own_cannot_be_removed_nor_another_accounts(headend: RunningHeadend, box: SignInBox) -> None:
    added = add(box, "9005550177", use="notifications").json()
    key = secrets.token_hex(8)
    assert problem(box.request("DELETE", "/v1/contacts/contract-sms", key=key)) == (404, "not_found")
    stranger = signed_in(headend, "debt")
    assert confirm(stranger, added["id"], headend.sent_code()) == (404, "not_found")
    assert len(targets(box)) == 3
