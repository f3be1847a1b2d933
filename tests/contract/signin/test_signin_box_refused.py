"""Every refusal of contracts.md, Silent sign-in, that is about box, assertion or nonce, over HTTPS."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.contract.signin.refusal import new_key, refused
from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox, sign_jwt
from tools.headend.identity.records import ACTIVE, REVOKED


def test_an_unknown_box_and_a_bad_signature_answer_byte_for_byte_the_same(headend: RunningHeadend) -> None:
    box = headend.box()
    bad_signature = box.ask_token(box.assertion(box.challenge(), key=new_key()))
    known, box.chip_id = box.chip_id, "999999999999"
    unknown = box.ask_token(box.assertion(box.challenge()))
    box.chip_id = known
    refused(unknown, "box_unknown")
    assert unknown.content == bad_signature.content
    ignored = {"x-request-id", "date"}
    assert {k: v for k, v in unknown.headers.items() if k not in ignored} == {
        k: v for k, v in bad_signature.headers.items() if k not in ignored
    }


@pytest.mark.parametrize(
    "assertion",
    ["x", "a.b.c", "..", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "é", "{}", "W10.e30.AA", "x" * 20_000],
)
def test_what_is_no_assertion_answers_like_an_unknown_box(headend: RunningHeadend, assertion: str) -> None:
    box = headend.box()
    box.challenge()
    answer = box.ask_token(assertion)
    box.chip_id = "999999999999"
    unknown = box.ask_token(box.assertion(box.challenge()))
    assert answer.content == unknown.content


@pytest.mark.parametrize("alg", ["none", "HS256", "RS256", "ES384"])
def test_another_algorithm_never_counts_as_a_signature(headend: RunningHeadend, alg: str) -> None:
    box = headend.box()
    right = box.assertion(box.challenge())
    header = urlsafe_b64encode(f'{{"typ":"stb-assertion+jwt","alg":"{alg}"}}'.encode()).decode().rstrip("=")
    refused(box.ask_token(".".join([header, *right.split(".")[1:]])), "box_unknown")


def test_a_revoked_box_is_refused_after_it_proved_itself(headend: RunningHeadend) -> None:
    box = headend.box("revoked")
    refused(box.try_sign_in(), "box_revoked")
    refused(box.ask_token(box.assertion(box.challenge(), key=new_key())), "box_unknown")


def test_a_box_revoked_in_the_middle_of_a_session_is_out_at_once(headend: RunningHeadend) -> None:
    box = headend.box("family", "kitchen")
    box.sign_in()
    assert box.request("GET", "/v1/account").status_code == 200
    assert headend.service.services.registry.set_box_state(box.chip_id, REVOKED)
    try:
        refused(box.request("GET", "/v1/account"), "box_revoked")
        refused(box.request("POST", "/v1/messages/m1/read", key=secrets.token_hex(8)), "box_revoked")
        refused(box.try_sign_in(), "box_revoked")
    finally:
        headend.service.services.registry.set_box_state(box.chip_id, ACTIVE)
    assert box.request("GET", "/v1/account").status_code == 401, "a session that ended stays ended"
    box.sign_in()
    assert box.request("GET", "/v1/account").status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": None},
        {"iss": "999999999999"},
        {"aud": None},
        {"aud": "https://elsewhere.example"},
        {"aud": ["https://elsewhere.example"]},
        {"iat": None},
        {"iat": "now"},
        {"iat": True},
        {"iat": 10**400},
        {"exp": None},
        {"nonce": None},
        {"nonce": ""},
        {"jti": None},
        {"jti": "x" * 129},
        {"jti": "a b"},
        {"card": None},
        {"card": "410273345801"},
        {"card": {}},
        {"card": {"number": "1|2", "kind": "piv"}},
        {"card": {"number": "410273345801"}},
        {"card": {"number": "410273345801", "kind": "piv", "proof": 5}},
    ],
    ids=str,
)
def test_each_bad_claim_makes_the_assertion_invalid(headend: RunningHeadend, claims: dict[str, Any]) -> None:
    box = headend.box()
    nonce = box.challenge()
    said: dict[str, Any] = dict(claims)
    card = said.pop("card", "right")
    said.setdefault("nonce", nonce)
    assertion = box.assertion(**said) if card == "right" else _with_card(box, nonce, card)
    refused(box.ask_token(assertion), "assertion_invalid")


def _with_card(box: SignInBox, nonce: str, card: Any) -> str:
    claims = {
        "iss": box.chip_id,
        "sub": box.chip_id,
        "aud": box.origin,
        "iat": box.server_time,
        "exp": box.server_time + 120,
        "nonce": nonce,
        "jti": secrets.token_hex(8),
        **({} if card is None else {"card": card}),
    }
    return sign_jwt(box.device_key, {"typ": "stb-assertion+jwt", "alg": "ES256"}, claims)


@pytest.mark.parametrize(("shift", "life"), [(0, 121), (0, 0), (0, -5), (61, 120), (-121, 120), (-3600, 120)])
def test_the_times_of_the_assertion_must_be_of_now(headend: RunningHeadend, shift: int, life: int) -> None:
    box = headend.box()
    nonce = box.challenge()
    issued = box.server_time + shift
    refused(box.ask_token(box.assertion(nonce, iat=issued, exp=issued + life)), "assertion_invalid")


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT", "alg": "ES256"},
        {"typ": "dpop+jwt", "alg": "ES256"},
        {"alg": "ES256"},
        {"typ": "stb-assertion+jwt", "alg": "ES256", "kid": "1"},
        {"typ": "stb-assertion+jwt", "alg": "ES256", "cty": "JWT"},
    ],
    ids=str,
)
def test_any_other_header_is_refused(headend: RunningHeadend, header: dict[str, Any]) -> None:
    box = headend.box()
    refused(box.ask_token(box.assertion(box.challenge(), header=header)), "assertion_invalid")


def test_crit_is_refused_though_the_signature_holds(headend: RunningHeadend) -> None:
    box = headend.box()
    right = box.assertion(box.challenge())
    payload = right.split(".")[1]
    header = {"typ": "stb-assertion+jwt", "alg": "ES256", "crit": ["exp"], "exp": 1}
    refused(box.ask_token(_signed_raw(box, header, payload)), "assertion_invalid")


def _signed_raw(box: SignInBox, header: dict[str, Any], payload: str) -> str:
    """A JWS that joserfc itself would not sign."""
    head = urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    der = box.device_key.sign(f"{head}.{payload}".encode(), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(der)
    raw = urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode().rstrip("=")
    return f"{head}.{payload}.{raw}"


def test_a_nonce_that_the_service_never_made_is_unknown(headend: RunningHeadend) -> None:
    box = headend.box()
    box.challenge()
    for nonce in (secrets.token_urlsafe(30), "short", "A" * 54):
        refused(box.ask_token(box.assertion(nonce)), "nonce_unknown")


def test_a_nonce_of_another_box_is_unknown(headend: RunningHeadend) -> None:
    box = headend.box()
    nonce = box.challenge("884100270029")
    refused(box.ask_token(box.assertion(nonce)), "nonce_unknown")


def test_a_nonce_works_once(headend: RunningHeadend) -> None:
    box = headend.box()
    nonce = box.challenge()
    assert box.ask_token(box.assertion(nonce)).status_code == 200
    refused(box.ask_token(box.assertion(nonce)), "nonce_used")
    padded = box.ask_token(box.assertion(nonce + "="))
    refused(padded, "nonce_unknown")


def test_a_nonce_works_once_even_where_many_use_it_at_the_same_time(headend: RunningHeadend) -> None:
    box = headend.box()
    nonce = box.challenge()
    assertions = [box.assertion(nonce) for _ in range(6)]
    proofs = [box.proof("POST", "/v1/device/token") for _ in assertions]
    with ThreadPoolExecutor(len(assertions)) as pool:
        answers = list(pool.map(box.ask_token, assertions, proofs))
    said = [answer.text for answer in answers]
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401, 401], said
    assert {answer.json()["code"] for answer in answers if answer.status_code == 401} == {"nonce_used"}


def test_a_nonce_lives_for_120_seconds(headend: RunningHeadend) -> None:
    box = headend.box()
    nonce = box.challenge()
    headend.clock.advance(119)
    box.server_time += 119
    assert box.ask_token(box.assertion(nonce)).status_code == 200
    nonce = box.challenge()
    headend.clock.advance(120)
    box.server_time += 120
    refused(box.ask_token(box.assertion(nonce)), "nonce_expired")


def test_a_refused_attempt_does_not_use_the_nonce_up(headend: RunningHeadend) -> None:
    box = headend.box()
    nonce = box.challenge()
    refused(box.ask_token(box.assertion(nonce, aud="https://elsewhere.example")), "assertion_invalid")
    assert box.ask_token(box.assertion(nonce)).status_code == 200


def test_a_jti_works_once(headend: RunningHeadend) -> None:
    box = headend.box()
    assertion = box.assertion(box.challenge())
    assert box.ask_token(assertion).status_code == 200
    refused(box.ask_token(assertion), "jti_used")
    jti = secrets.token_hex(8)
    assert box.try_sign_in(jti=jti).status_code == 200
    refused(box.try_sign_in(jti=jti), "jti_used")


def test_a_box_that_fails_ten_times_in_15_minutes_has_to_wait(headend: RunningHeadend) -> None:
    box = headend.box()
    for _ in range(10):
        refused(box.try_sign_in(aud="https://elsewhere.example"), "assertion_invalid")
        headend.clock.advance(6)
    answer = box.try_sign_in()
    refused(answer, "rate_limited", 429)
    assert int(answer.headers["Retry-After"]) == 15 * 60 - 60
    stranger = box.ask_token(box.assertion(box.challenge(), key=new_key()))
    refused(stranger, "box_unknown")
    assert headend.box("family", "kitchen").try_sign_in().status_code == 200, "another box is not concerned"
    headend.clock.advance(15 * 60 - 60)
    assert box.try_sign_in().status_code == 200


def test_an_address_that_fails_sixty_times_a_minute_has_to_wait(headend: RunningHeadend) -> None:
    box = headend.box()
    assertion = box.assertion(box.challenge(), key=new_key())
    for _ in range(60):
        refused(box.ask_token(assertion), "box_unknown")
    answer = box.try_sign_in()
    refused(answer, "rate_limited", 429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    headend.clock.advance(60)
    assert box.try_sign_in().status_code == 200


def test_successes_are_never_limited(headend: RunningHeadend) -> None:
    box = headend.box()
    for _ in range(70):
        assert box.try_sign_in().status_code == 200
