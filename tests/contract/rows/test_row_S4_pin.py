"""S4: one account PIN, counted and locked by the service; what it opens, how it is changed and reset."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend, running_headend
from tests.support.identity_rows import forget_identity, later, not_that, outcome, problem, signed_in
from tests.support.postgres import Postgres
from tests.support.signin_box import SignInBox
from tools.headend.api import identity_schemas as schemas
from tools.headend.storage import tables

PIN, OTHER = "4071", "9930"


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    """A signed-in box of family, which has no PIN and has tried nothing."""
    forget_identity(headend)
    return signed_in(headend)


@pytest.fixture
def with_pin(box: SignInBox) -> SignInBox:
    box.set_pin(PIN)
    return box


def try_pin(box: SignInBox, pin: str) -> tuple[int, str]:
    """The outcome of a step-up that leaves the box's token as it is."""
    return outcome(box.request("POST", "/v1/step-up", body={"pin": pin}))


def state(box: SignInBox) -> dict[str, Any]:
    answer = box.request("GET", "/v1/pin").json()
    schemas.PinState.model_validate(answer, strict=True)
    found: dict[str, Any] = answer
    return found


def test_S4_nothing_is_let_through_without_a_pin_that_is_set(box: SignInBox) -> None:
    assert problem(box.request("POST", "/v1/step-up", body={"pin": PIN})) == (409, "pin_not_set")
    refused = box.request("GET", "/v1/personal")
    assert problem(refused) == (401, "insufficient_user_authentication")
    assert 'acr_values="card-proven+pin"' in refused.headers["WWW-Authenticate"]
    assert state(box)["set"] is False
    box.set_pin(PIN)
    assert state(box)["set"] is True
    box.step_up(PIN)
    assert box.request("GET", "/v1/personal").status_code == 200


def test_S4_reading_sums_needs_no_pin(with_pin: SignInBox) -> None:
    for path in ("/v1/account", "/v1/ledger/entries", "/v1/receipts", "/v1/messages"):
        assert with_pin.request("GET", path).status_code == 200


def test_S4_the_raised_token_lives_5_minutes_and_the_old_one_on(headend: RunningHeadend, with_pin: SignInBox) -> None:
    plain = with_pin.token
    answer = with_pin.request("POST", "/v1/step-up", body={"pin": PIN}).json()
    schemas.RaisedToken.model_validate(answer, strict=True)
    assert (answer["expires_in"], answer["acr"]) == (300, "card-proven+pin")
    with_pin.token = answer["access_token"]
    headend.clock.advance(299)
    with_pin.challenge()
    assert with_pin.request("GET", "/v1/personal").status_code == 200
    headend.clock.advance(1)
    assert problem(with_pin.request("GET", "/v1/personal")) == (401, "token_invalid")
    with_pin.token = plain
    assert with_pin.request("GET", "/v1/account").status_code == 200
    assert problem(with_pin.request("GET", "/v1/personal")) == (401, "insufficient_user_authentication")


def test_S4_the_raised_token_is_bound_to_the_same_key(headend: RunningHeadend, with_pin: SignInBox) -> None:
    stolen = with_pin.step_up(PIN)
    thief = signed_in(headend, box="kitchen")
    thief.token = stolen
    assert problem(thief.request("GET", "/v1/personal")) == (401, "dpop_key_mismatch")


def test_S4_revoking_the_box_ends_both_tokens(headend: RunningHeadend, with_pin: SignInBox) -> None:
    plain = with_pin.token
    with_pin.step_up(PIN)
    registry = headend.service.services.registry
    try:
        assert registry.set_box_state(with_pin.chip_id, "revoked")
        for token in (with_pin.token, plain):
            with_pin.token = token
            assert problem(with_pin.request("GET", "/v1/account")) == (401, "box_revoked")
    finally:
        registry.set_box_state(with_pin.chip_id, "paired")


def test_S4_the_card_is_out_and_both_tokens_are_over(headend: RunningHeadend, with_pin: SignInBox) -> None:
    plain = with_pin.token
    raised = with_pin.step_up(PIN)
    with_pin.token = plain
    assert with_pin.request("DELETE", "/v1/device/session").status_code == 204
    for token in (plain, raised):
        with_pin.token = token
        assert problem(with_pin.request("GET", "/v1/account")) == (401, "token_invalid")


def test_S4_3_wrong_pins_lock_for_15_minutes(headend: RunningHeadend, with_pin: SignInBox) -> None:
    for left in (2, 1):
        wrong = with_pin.request("POST", "/v1/step-up", body={"pin": OTHER})
        assert (problem(wrong), wrong.json()["attempts_remaining"]) == ((403, "pin_wrong"), left)
        assert state(with_pin)["attempts_remaining"] == left
    locked = with_pin.request("POST", "/v1/step-up", body={"pin": OTHER})
    assert problem(locked) == (403, "pin_locked")
    assert (locked.json()["retry_after"], locked.headers["Retry-After"]) == (900, "900")
    assert state(with_pin)["locked_until"] == locked.json()["locked_until"]
    assert try_pin(with_pin, PIN) == (403, "pin_locked"), "the right one is not looked at either"
    with_pin = later(headend, 899)
    assert try_pin(with_pin, PIN) == (403, "pin_locked")
    with_pin = later(headend, 1)
    assert state(with_pin)["attempts_remaining"] == 3
    assert try_pin(with_pin, OTHER) == (403, "pin_wrong"), "it is counted anew"
    assert try_pin(with_pin, PIN) == (200, "")


def test_S4_wrong_pins_of_all_boxes_and_ways_count_together(headend: RunningHeadend, with_pin: SignInBox) -> None:
    kitchen = signed_in(headend, box="kitchen")
    assert try_pin(kitchen, OTHER) == (403, "pin_wrong")
    change = {"old_pin": OTHER, "new_pin": "1111"}
    assert problem(with_pin.request("POST", "/v1/pin/change", body=change)) == (403, "pin_wrong")
    assert try_pin(kitchen, OTHER) == (403, "pin_locked")
    assert try_pin(with_pin, PIN) == (403, "pin_locked")


def test_S4_a_right_pin_forgets_the_wrong_ones(with_pin: SignInBox) -> None:
    for _ in range(3):
        assert try_pin(with_pin, OTHER) == (403, "pin_wrong")
        assert try_pin(with_pin, OTHER) == (403, "pin_wrong")
        assert try_pin(with_pin, PIN) == (200, "")


def test_S4_another_accounts_lock_is_its_own(headend: RunningHeadend, with_pin: SignInBox) -> None:
    for _ in range(3):
        try_pin(with_pin, OTHER)
    neighbour = signed_in(headend, "ending")
    assert state(neighbour)["locked_until"] is None


def test_S4_the_lock_survives_a_restart_of_the_service(database_kind: str, postgres: Postgres, tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(postgres.database()) if database_kind == "postgresql" else ""
        with running_headend(tmp_path, households=("family",), database_url=url) as first:
            box = signed_in(first)
            box.set_pin(PIN)
            for _ in range(3):
                try_pin(box, OTHER)
        with running_headend(tmp_path, households=("family",), database_url=url) as second:
            assert try_pin(signed_in(second), PIN) == (403, "pin_locked")
            assert try_pin(later(second, 900), PIN) == (200, ""), "the PIN is known after the restart too"


def test_S4_change_needs_the_old_pin_and_ends_what_it_opened(headend: RunningHeadend, with_pin: SignInBox) -> None:
    plain = with_pin.token
    raised = with_pin.step_up(PIN)
    with_pin.token = plain
    wrong = with_pin.request("POST", "/v1/pin/change", body={"old_pin": OTHER, "new_pin": OTHER})
    assert (problem(wrong), wrong.json()["attempts_remaining"]) == ((403, "pin_wrong"), 2)
    done = with_pin.request("POST", "/v1/pin/change", body={"old_pin": PIN, "new_pin": OTHER})
    assert (done.status_code, done.json()) == (200, {"set": True})
    with_pin.token = raised
    assert problem(with_pin.request("GET", "/v1/personal")) == (401, "token_invalid")
    with_pin.token = plain
    assert try_pin(with_pin, PIN) == (403, "pin_wrong")
    assert try_pin(with_pin, OTHER) == (200, "")


def test_S4_a_pin_of_polaris_has_6_digits_5_tries_and_30_minutes(polaris: RunningHeadend) -> None:
    box = signed_in(polaris)
    short = box.request("POST", "/v1/pin", body={"first_name": "Иван", "last_name": "Петров", "pin": PIN})
    assert problem(short) == (400, "request_invalid") and short.json()["errors"][0]["field"] == "pin"
    box.set_pin("407100")
    assert [try_pin(box, "000000")[1] for _ in range(5)] == ["pin_wrong"] * 4 + ["pin_locked"]
    polaris.clock.advance(1799)
    assert try_pin(signed_in(polaris), "407100")[1] == "pin_locked"
    polaris.clock.advance(1)
    assert try_pin(signed_in(polaris), "407100") == (200, "")


@pytest.mark.parametrize("pin", ["407", "40711", "40a1", "４０７１", 4071, None, "407\x00"])
def test_S4_what_is_no_pin_is_not_counted(with_pin: SignInBox, pin: Any) -> None:
    assert problem(with_pin.request("POST", "/v1/step-up", body={"pin": pin})) == (400, "request_invalid")
    assert state(with_pin)["attempts_remaining"] == 3


def ask_code(box: SignInBox, channel: str = "sms", **more: str) -> Any:
    return box.request("POST", "/v1/pin/codes", body={"channel": channel, **more})


def reset(box: SignInBox, code: str, pin: str = OTHER) -> tuple[int, str]:
    return outcome(box.request("POST", "/v1/pin/reset", body={"code": code, "new_pin": pin}))


def test_S4_a_forgotten_pin_is_reset_by_a_code_to_the_contracts_phone(
    headend: RunningHeadend, with_pin: SignInBox
) -> None:
    for _ in range(3):
        try_pin(with_pin, OTHER)
    assert state(with_pin)["reset"] == [
        {"channel": "sms", "target": "+7 ••• •••-••-34"},
        {"channel": "email", "target": "i•••@example.org"},
    ]
    sent = ask_code(with_pin)
    schemas.CodeSent.model_validate(sent.json(), strict=True)
    assert (sent.json()["target"], sent.json()["digits"]) == ("+7 ••• •••-••-34", 6)
    message = headend.code_message()
    assert (message["channel"], message["target"]) == ("sms", "+79005550134")
    assert reset(with_pin, headend.sent_code()) == (200, "")
    assert try_pin(with_pin, OTHER) == (200, ""), "the lock of the old PIN is over"


def test_S4_a_code_by_email_in_the_boxs_language(headend: RunningHeadend, with_pin: SignInBox) -> None:
    assert ask_code(with_pin, "email", language="sk").status_code == 200
    message = headend.code_message()
    assert (message["channel"], message["target"]) == ("email", "ivan.petrov@example.org")
    assert message["subject"] == "MTS Satelitná TV" and message["text"].startswith("Kód na nový PIN")
    assert reset(with_pin, headend.sent_code()) == (200, "")


@pytest.mark.parametrize(("seconds", "expected"), [(900, (200, "")), (901, (403, "code_wrong"))])
def test_S4_a_code_is_good_for_15_minutes(
    headend: RunningHeadend, with_pin: SignInBox, seconds: int, expected: tuple[int, str]
) -> None:
    ask_code(with_pin)
    code = headend.sent_code()
    assert reset(later(headend, seconds), code) == expected


def test_S4_a_code_is_good_once(headend: RunningHeadend, with_pin: SignInBox) -> None:
    ask_code(with_pin)
    code = headend.sent_code()
    assert reset(with_pin, code) == (200, "")
    assert reset(with_pin, code, PIN) == (403, "code_wrong")
    assert try_pin(with_pin, OTHER) == (200, "")


def test_S4_a_new_code_voids_the_old_and_comes_after_60_seconds(headend: RunningHeadend, with_pin: SignInBox) -> None:
    ask_code(with_pin)
    old = headend.sent_code()
    headend.clock.advance(59)
    with_pin.challenge()
    soon = ask_code(with_pin)
    assert (problem(soon), soon.headers["Retry-After"]) == ((409, "code_too_soon"), "1")
    assert state(with_pin)["send_again_at"] is not None
    headend.clock.advance(1)
    assert state(with_pin)["send_again_at"] is None
    assert ask_code(with_pin, "email").status_code == 200
    new = headend.sent_code()
    if old != new:
        assert reset(with_pin, old) == (403, "code_wrong")
    assert reset(with_pin, new) == (200, "")


def test_S4_5_wrong_codes_lock_whatever_code_is_sent(headend: RunningHeadend, with_pin: SignInBox) -> None:
    ask_code(with_pin)
    code = headend.sent_code()
    wrong = not_that(code)
    assert [reset(with_pin, wrong) for _ in range(4)] == [(403, "code_wrong")] * 4
    assert reset(with_pin, wrong) == (403, "code_locked")
    assert reset(with_pin, code) == (403, "code_locked")
    with_pin = later(headend, 60)
    assert problem(ask_code(with_pin)) == (403, "code_locked"), "a new code brings no new tries"
    with_pin = later(headend, 840)
    assert reset(with_pin, code) == (403, "code_wrong"), "a code that was guessed at is dead"
    assert ask_code(with_pin).status_code == 200
    assert reset(with_pin, headend.sent_code()) == (200, "")


def test_S4_a_code_goes_to_no_contact_of_notifications(headend: RunningHeadend, with_pin: SignInBox) -> None:
    with_pin.step_up(PIN)
    wanted = {"use": "notifications", "channel": "sms", "value": "9005550177"}
    added = with_pin.request("POST", "/v1/contacts", body=wanted).json()
    with_pin.request("POST", f"/v1/contacts/{added['id']}/confirm", body={"code": headend.sent_code()})
    ask_code(with_pin)
    assert headend.code_message()["target"] == "+79005550134"


def test_S4_without_a_usable_contact_salon_and_help_line_are_named(
    headend: RunningHeadend, with_pin: SignInBox
) -> None:
    forget_identity(headend, phone="", email="")
    with_pin.set_pin(PIN)
    found = state(with_pin)
    assert found["reset"] == []
    assert [each["number"] for each in found["help_lines"]] == ["0890", "8 800 250 08 90"]
    assert "паспорт" in found["salon"]["ru"] and "договор" in found["salon"]["ru"]
    assert problem(ask_code(with_pin)) == (409, "contact_missing")


def test_S4_many_guesses_at_once_are_3(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        box = signed_in(headend)
        box.set_pin(PIN)
        boxes = [signed_in(headend, box=name) for name in ("living-room", "kitchen") for _ in range(6)]
        with ThreadPoolExecutor(len(boxes)) as pool:
            outcomes = list(pool.map(lambda each: try_pin(each, OTHER), boxes))
        assert outcomes.count((403, "pin_wrong")) == 2
        assert outcomes.count((403, "pin_locked")) == len(boxes) - 2


def test_S4_no_pin_and_no_code_stands_in_any_table(headend: RunningHeadend, with_pin: SignInBox) -> None:
    with_pin.step_up(PIN)
    plain_code = ask_code(with_pin) and headend.sent_code()
    with headend.service.services.database.read() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for name, value in row._mapping.items():
                    shown = value if isinstance(value, str) else ""
                    assert PIN not in (shown, shown[-4:]) and plain_code not in shown, f"{table.name}.{name}"
        encoded = connection.execute(select(tables.account_pins.c.encoded)).scalars().all()
    assert all(each.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for each in encoded)


def test_S4_a_change_that_was_made_is_answered_when_the_pins_session_is_over(with_pin: SignInBox) -> None:
    plain = with_pin.token
    with_pin.step_up(PIN)
    wanted = {"use": "notifications", "channel": "email", "value": "a@example.org"}
    contact = with_pin.request("POST", "/v1/contacts", body=wanted).json()["id"]
    key = secrets.token_hex(8)
    first = with_pin.request("DELETE", f"/v1/contacts/{contact}", key=key)
    assert first.status_code == 200
    with_pin.token = plain
    again = with_pin.request("DELETE", f"/v1/contacts/{contact}", key=key)
    assert (again.status_code, again.content) == (200, first.content)
    other = with_pin.request("DELETE", f"/v1/contacts/{contact}", key=secrets.token_hex(8))
    assert problem(other) == (401, "insufficient_user_authentication")
