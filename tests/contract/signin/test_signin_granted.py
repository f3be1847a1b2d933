"""The right way in, and the manners around it."""

from __future__ import annotations

import httpx
import pytest

from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox


def test_the_box_signs_in_and_reads_its_account(headend: RunningHeadend) -> None:
    box = headend.box()
    granted = box.sign_in()
    assert granted["token_type"] == "DPoP"
    assert granted["expires_in"] == 600
    assert granted["account_number"] == "102733458021"
    assert granted["acr"] == "card-proven"
    assert len(granted["access_token"]) >= 43, "256 bits"
    answer = box.request("GET", "/v1/account")
    assert answer.status_code == 200
    assert answer.json()["balance"] == {"amount": 128450, "currency": "RUB"}


def test_the_second_room_signs_in_to_the_same_account(headend: RunningHeadend) -> None:
    kitchen = headend.box("family", "kitchen")
    assert kitchen.sign_in()["account_number"] == "102733458021"
    rooms = kitchen.request("GET", "/v1/account").json()["rooms"]
    assert [(room["name"], room["this_box"]) for room in rooms] == [("Гостиная", False), ("Кухня", True)]


def test_challenges_differ_and_tell_the_services_time(headend: RunningHeadend) -> None:
    box = headend.box()
    nonces = {box.challenge() for _ in range(5)}
    assert len(nonces) == 5
    assert box.server_time == int(headend.clock.now().timestamp())
    assert all(len(nonce) >= 22 and "|" not in nonce for nonce in nonces)


def test_an_unregistered_box_gets_a_challenge_like_any_other(headend: RunningHeadend) -> None:
    box = headend.box()
    assert len(box.challenge("000000000000")) == len(box.challenge())


@pytest.mark.parametrize("chip_id", ["", "1|2", "x" * 33, 7, None])
def test_a_challenge_needs_a_chip_id(headend: RunningHeadend, chip_id: object) -> None:
    box = headend.box()
    answer = box.http.post(f"{box.origin}/v1/device/challenge", json={"chip_id": chip_id})
    assert (answer.status_code, answer.json()["code"]) == (400, "request_invalid")
    assert answer.json()["errors"][0]["field"] == "chip_id"


def test_the_dpop_nonce_is_demanded_and_a_repetition_with_it_is_let_in(headend: RunningHeadend) -> None:
    box = headend.box()
    assertion = box.assertion(box.challenge())
    first = box.ask_token(assertion, box.proof("POST", "/v1/device/token", nonce=None))
    assert (first.status_code, first.json()["code"]) == (401, "use_dpop_nonce")
    assert 'error="use_dpop_nonce"' in first.headers["WWW-Authenticate"]
    assert box.ask_token(assertion).status_code == 200


def test_the_dpop_nonce_of_the_window_before_is_still_taken(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    old = box.dpop_nonce
    headend.clock.advance(300)
    box.server_time += 300
    assert box.request("GET", "/v1/account", proof=_proof(box, old)).status_code == 200
    headend.clock.advance(290)
    box.server_time += 290
    refused = box.request("GET", "/v1/account", proof=_proof(box, old))
    assert refused.json()["code"] == "use_dpop_nonce"
    assert refused.headers["DPoP-Nonce"] != old
    assert box.request("GET", "/v1/account").status_code == 200


def _proof(box: SignInBox, nonce: str) -> str:
    return box.proof("GET", "/v1/account", token=box.token, nonce=nonce)


def test_the_session_ends_when_the_box_gives_it_back(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    assert box.request("DELETE", "/v1/device/session").status_code == 204
    refused = box.request("GET", "/v1/account")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")


def test_the_session_ends_after_ten_minutes(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    headend.clock.advance(601)
    assert box.request("GET", "/v1/account").json()["code"] == "token_invalid"


def test_a_token_is_nowhere_in_the_database(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    files = [path for path in headend.folder.iterdir() if path.name.startswith("headend.db")]
    assert files
    assert not any(box.token.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize("authorization", [None, "", "Bearer {token}", "DPoP", "DPoP {token}x", "DPoP é"])
def test_nobody_reads_without_the_token(headend: RunningHeadend, authorization: str | None) -> None:
    box = headend.box()
    box.sign_in()
    headers = {"DPoP": box.proof("GET", "/v1/account", token=box.token)}
    if authorization is not None:
        headers["Authorization"] = authorization.format(token=box.token)
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    answer = box.http.get(f"{box.origin}/v1/account", headers=httpx.Headers(sent))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert answer.headers["WWW-Authenticate"].startswith("DPoP ")


@pytest.mark.parametrize("missing", ["grant_type", "assertion"])
def test_a_missing_form_field_is_named(headend: RunningHeadend, missing: str) -> None:
    box = headend.box()
    answer = box.ask_token(box.assertion(box.challenge()), fields={missing: ""})
    assert (answer.status_code, answer.json()["code"]) == (400, "request_invalid")
    assert answer.json()["errors"][0]["field"] == missing


def test_another_grant_type_or_media_type_is_refused(headend: RunningHeadend) -> None:
    box = headend.box()
    assertion = box.assertion(box.challenge())
    assert box.ask_token(assertion, fields={"grant_type": "password"}).json()["errors"][0]["field"] == "grant_type"
    answer = box.http.post(f"{box.origin}/v1/device/token", json={"assertion": assertion})
    assert answer.json()["errors"][0]["field"] == "Content-Type"


def test_a_request_id_comes_back_and_is_made_where_there_is_none(headend: RunningHeadend) -> None:
    box = headend.box()
    given = box.http.get(f"{box.origin}/health", headers={"X-Request-Id": "press-7"})
    assert given.headers["X-Request-Id"] == "press-7"
    made = box.http.get(f"{box.origin}/health", headers={"X-Request-Id": 'bad"id'})
    assert made.headers["X-Request-Id"] not in ("", 'bad"id')
