"""Redaction by example, the other side: what a fault is found by stays as it is."""

from __future__ import annotations

from typing import Any

import pytest

from device.api.redaction import redact, redact_text

CODES = [
    "C-01", "C-02", "B-01", "A-01", "N-02", "T-01", "box_unknown", "box_revoked", "assertion_invalid",
    "nonce_unknown", "nonce_used",
    "jti_used", "dpop_invalid", "dpop_key_mismatch", "card_proof_invalid", "card_certificate_invalid", "card_revoked",
    "card_other_box", "rate_limited", "lookup_refused", "use_dpop_nonce", "insufficient_user_authentication",
    "request_invalid",
    "idempotency_key_reused", "invalid_params", "offline", "internal", "key_unusable",
]  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_the_names_of_errors_survive(code: str) -> None:
    assert redact({"code": code, "data": {"error_code": code, "codes": [code]}}) == {
        "code": code,
        "data": {"error_code": code, "codes": [code]},
    }
    for text in (
        f"refused: {code}",
        f"code: {code}",
        f"code={code}, 1024 bytes",
        f'{{"code": "{code}"}}',
        f"{{'code': '{code}'}}",
        f"error code {code}.",
        f"session: refused {code} at 2026-11-21 22:28:01",
    ):
        assert redact_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21 22:28:01,123 INFO MainThread device.service: started", "2026-11-21T22:28:01.123Z WARNING x",
        "1970-01-01 00:00:05",
        "period 2026-11-01 - 2026-11-30", "2026-11-01 2026-11-30", "valid until 2026-11-21.",
        "took 0.30000000000000004 s",
        "at 1763760000.123", "GET /v1/account 200 1234 bytes in 0.012 s",
        "http://127.0.0.1:18443/v1/ledger/entries?month=2026-11",
        "request 0123456789abcdef", "3f0e7c1a-1234-4678-9012-123456789012",
        "idempotency_key=3f0e7c1a-1234-4678-9012-123456789012",
        "atr 3BFA1800FF8131FE454A434F5034315632333298", "box.yaml:3: device_key: expected a text, found nothing",
        "boxes[0].card.number: expected a whole number, found 'x'", "token: unexpected", "DPoP verification failed",
        "code: -32601", "exit code 1", "status_code=200", "HTTP 503", "status code: 404", "key_id=7",
        "device/rpc/server.py:171",
        "no connection to 127.0.0.1:54321", "192.168.100.200", "OID 2.16.840.1.101.3.6.8", "1 284,50 ₽",
        "line number: 12", "spinning 1234",
        "shipping: 1234", "{'amount': 128450, 'currency': 'RUB'}", "sha256 " + "0f" * 32, "C-03 card_other_box",
        "pin: required",
        "device.rpc.server.TheVeryLongNameOfAClassThatNobodyWrites", "",
    ],
)  # fmt: skip
def test_what_a_fault_is_found_by_stays_as_it_is(text: str) -> None:
    assert redact_text(text) == text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("idempotency_key", "3f0e7c1a-1234-4678-9012-123456789012"), ("Idempotency-Key", "k-1"), ("idempotencyKey",
        "k-1"),
        ("key_id", "a1"), ("kid", "a1"), ("token_type", "DPoP"), ("expires_in", 600), ("pin_tries_left", 2),
        ("pin_set", True),
        ("status_code", 200), ("exit_code", 4321), ("code", 404), ("code", -32601), ("currency_code", "RUB"),
        ("number", 7),
        ("number", "12"), ("episode_number", 10234), ("serial", "7"), ("hotkey", "OK"), ("spin", "1234"), ("decode",
        "1234"),
        ("public_key", "MIGH"), ("amount", 128450), ("at", 1763760000), ("seconds", 0.30000000000000004), ("subject",
        "CN=x"),
        ("numbers_seen", 123456789), ("name", None), ("atr", "3BFA1800FF8131FE454A434F5034315632333298"),
    ],
)  # fmt: skip
def test_keys_that_only_sound_secret_keep_their_values(key: str, value: Any) -> None:
    assert redact({key: value}) == {key: value}
