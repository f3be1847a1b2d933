"""Every refusal that is about the DPoP proof (RFC 9449), at sign-in and on requests, over HTTPS."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import ECKey

from tests.contract.signin.refusal import new_key, refused
from tests.support.headend_server import RunningHeadend


def test_the_jti_of_a_dpop_proof_works_once(headend: RunningHeadend) -> None:
    box = headend.box()
    first = box.assertion(box.challenge())
    proof = box.proof("POST", "/v1/device/token")
    assert box.ask_token(first, proof).status_code == 200
    refused(box.ask_token(box.assertion(box.challenge()), proof), "jti_used")


def test_a_thief_with_a_captured_assertion_has_the_wrong_dpop_key(headend: RunningHeadend) -> None:
    box = headend.box()
    assertion = box.assertion(box.challenge())
    thief = box.proof("POST", "/v1/device/token", key=new_key())
    refused(box.ask_token(assertion, thief), "dpop_key_mismatch")


def test_another_keys_dpop_on_a_request_is_refused(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    proof = box.proof("GET", "/v1/account", token=box.token, key=new_key())
    refused(box.request("GET", "/v1/account", proof=proof), "dpop_key_mismatch")


def test_a_proof_that_only_shows_the_right_key_is_refused(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    shown = ECKey.import_key(box.device_key).as_dict(private=False)
    header = {"jwk": {name: shown[name] for name in ("kty", "crv", "x", "y")}}
    forged = box.proof("GET", "/v1/account", token=box.token, key=new_key(), header=header)
    refused(box.request("GET", "/v1/account", proof=forged), "dpop_invalid")
    assertion = box.assertion(box.challenge())
    forged = box.proof("POST", "/v1/device/token", key=new_key(), header=header)
    refused(box.ask_token(assertion, forged), "dpop_invalid")


BAD_PROOFS: list[dict[str, Any]] = [
    {"htm": "POST"},
    {"htm": None},
    {"htu": "https://elsewhere.example/v1/account"},
    {"htu": "not a url ["},
    {"htu": None},
    {"iat": 0},
    {"iat": None},
    {"iat": 10**400},
    {"jti": None},
    {"jti": ""},
    {"jti": 5},
    {"ath": None},
    {"ath": "x"},
    {"header": {"typ": "JWT"}},
    {"header": {"jwk": None}},
    {"header": {"jwk": {"kty": "oct", "k": "AA"}}},
    {"header": {"jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}}},
    {"header": {"jwk": {"kty": "EC", "crv": "P-256", "x": 1, "y": []}}},
    {"header": {"kid": "1"}},
]


@pytest.mark.parametrize("wrong", BAD_PROOFS, ids=str)
def test_a_dpop_proof_of_something_else_is_refused(headend: RunningHeadend, wrong: dict[str, Any]) -> None:
    box = headend.box()
    box.sign_in()
    proof = box.proof("GET", "/v1/account", token=box.token, **wrong)
    refused(box.request("GET", "/v1/account", proof=proof), "dpop_invalid")


@pytest.mark.parametrize("shift", [-61, 61])
def test_a_dpop_proof_is_of_now(headend: RunningHeadend, shift: int) -> None:
    box = headend.box()
    box.sign_in()
    late = box.proof("GET", "/v1/account", token=box.token, iat=box.server_time + shift)
    refused(box.request("GET", "/v1/account", proof=late), "dpop_invalid")
    edge = box.proof("GET", "/v1/account", token=box.token, iat=box.server_time + shift // 61 * 60)
    assert box.request("GET", "/v1/account", proof=edge).status_code == 200


def test_a_private_key_in_the_proof_is_refused(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    jwk = ECKey.import_key(box.device_key).as_dict(private=True)
    proof = box.proof("GET", "/v1/account", token=box.token, header={"jwk": jwk})
    refused(box.request("GET", "/v1/account", proof=proof), "dpop_invalid")


@pytest.mark.parametrize("given", [[], ["x"], ["{right}", "{right}"]], ids=["none", "no JWT", "two"])
def test_exactly_one_dpop_header_is_needed(headend: RunningHeadend, given: list[str]) -> None:
    box = headend.box()
    box.sign_in()
    right = box.proof("GET", "/v1/account", token=box.token)
    headers = [("Authorization", f"DPoP {box.token}"), *(("DPoP", each.format(right=right)) for each in given)]
    refused(box.http.get(f"{box.origin}/v1/account", headers=headers), "dpop_invalid")
    assertion = box.assertion(box.challenge())
    refused(box.ask_token(assertion, None), "dpop_invalid")


def test_a_read_cannot_be_replayed(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    proof = box.proof("GET", "/v1/account", token=box.token)
    assert box.request("GET", "/v1/account", proof=proof).status_code == 200
    refused(box.request("GET", "/v1/account", proof=proof), "jti_used")


def test_a_proof_with_host_in_capitals_and_a_query_is_the_same_url(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    htu = box.origin.replace("https://", "HTTPS://") + "/v1/account?x=1#y"
    proof = box.proof("GET", "/v1/account", token=box.token, htu=htu)
    assert box.request("GET", "/v1/account", proof=proof).status_code == 200
