"""Redaction by example: what must never be seen, what must stay to find a fault by, and lines that cost no time."""

from __future__ import annotations

import datetime
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from device.api.redaction import HIDDEN, RedactingFormatter, redact, redact_text, tail

CARD = "4111111111111111"
JWT = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImRwb3Arand0In0.eyJqdGkiOiJhYmMifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
PEM = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\nAgEGCCqGSM49AwEHBG0w\n-----END PRIVATE KEY-----"
OPAQUE = "3q2-7wAAbcDDeeFFgg1122hhIIjjKKllMM99nnOOppQ"


@pytest.mark.parametrize(
    "text",
    [
        CARD, f"card {CARD}.", f"card {CARD}, thank you", f"v.{CARD}", f"PAN{CARD}x", f"({CARD})", f"№{CARD}",
        f"{CARD}.00",
        "4111 1111 1111 1111", "4111-1111-1111-1111", "4111  1111  1111  1111", "4111\xa01111\xa01111\xa01111",
        "4111.1111.1111.1111", "4111/1111/1111/1111", "4111_1111_1111_1111", "4111 - 1111 - 1111 - 1111",
        "4111%201111%201111%201111",
        repr("4111\xa01111\xa01111\xa01111"),
        "4111–1111–1111–1111",
        "4111\u20091111\u20091111\u20091111", "card 3 4111 1111 1111 1111 12/27", "378282246310005",
        "3782 822463 10005",
        "3782.822463.10005", "6011000990139424", "30569309025904", "4222222222222", "6304000000000000000",
        "４１１１１１１１１１１１１１１１",
        f"{CARD} 1234", f"at 1.{CARD}", f"2026-11-21 {CARD}", f"{CARD} 2026-11-21", "1" * 25 + CARD,
    ],
)  # fmt: skip
def test_payment_card_numbers_are_hidden_however_they_are_written(text: str) -> None:
    shown = redact_text(text)
    digits = "".join(str(int(each)) for each in shown if each.isdecimal())
    card = "".join(str(int(each)) for each in text if each.isdecimal())
    assert HIDDEN in shown or "…" in shown
    assert len(digits) <= 12 and card not in digits
    assert "1111" not in digits and "822463" not in digits


@pytest.mark.parametrize(
    "number", ["4222222222222", "30569309025904", "378282246310005", CARD, "6304000000000000000", "4111 1111 1111 1111"]
)
def test_of_a_payment_card_number_alone_no_digit_is_left(number: str) -> None:
    assert redact_text(number) == HIDDEN
    assert redact({"x": number}) == {"x": HIDDEN}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("account.102733458021", "account.…8021"),
        ("account 102733458021", "account …8021"),
        ("account 102733458021.", "account …8021."),
        ("card 410273345801, box 884100270011", "card …5801, box …0011"),
        ("10 27 33 45 80 21", "…8021"),
        ("phone 9005550134", "phone …0134"),
        ("account102733458021x", "account…8021x"),
        ("account_number=102733458021&x=1", "account_number=…8021&x=1"),
        ('{"serial_number": "12345678", "n": 1}', '{"serial_number": …5678, "n": 1}'),
        ("chip_id=A1B2C3D4E5F6 refused", "chip_id=…E5F6 refused"),
        ("Chip ID A1B2C3D4E5F6 refused", "Chip ID …E5F6 refused"),
        ("Chip ID: 12345678", "Chip ID: …5678"),
    ],
)
def test_identifiers_are_cut_to_their_last_four(text: str, shown: str) -> None:
    assert redact_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "PIN 1234", "PIN: 1234", "pin=1234", "pin='1234'", "'pin': '1234'", '{"pin": "1234"}', '{"pin":1234}',
        "new_pin=1234",
        "newPin: 1234", "PIN-код: 1234", "ПИН 1234", "пин-1234", "Ваш код: 1234", "код подтверждения: 1234",
        "code 1234", "code=a_0000001234", "code: x_1234",
        "the code is 1234", "code=1234&state=x", "one_time_code: 1234", "otp 12 34", "PIN 1-2-3-4", "puk:12345678 1234",
        '{\\"pin\\": \\"1234\\"}', "pin=SecretStr('1234')", "pins: ['1234', '1234']", "--pin=1234", "pin => 1234",
        "pin_code: 1234",
        "{'pin': {'old': '1234', 'new': '1234'}}", "PIN (1234)", "kód 1234", "código: 1234", "passcode 1234",
        "error: pin=1234",
        "x?pin=1234", "b'pin': b'1234'", "pin=\"12\\\"34 1234\"",
    ],
)  # fmt: skip
def test_pins_and_codes_are_hidden_in_any_spelling(text: str) -> None:
    shown = redact_text(text)
    assert HIDDEN in shown
    assert not any(each in shown for each in ("1234", "12 34", "1-2-3-4", "12\\"))


@pytest.mark.parametrize(
    "text",
    [
        JWT, f"DPoP: {JWT}", f"x{JWT}", f"'{JWT}'", f"Authorization: DPoP {OPAQUE}", f"authorization: bearer {OPAQUE}",
        f"Bearer {OPAQUE}", f"token {OPAQUE}", OPAQUE, f"access_token={OPAQUE}&x=1",
        f'{{"access_token": "{OPAQUE}"}}', PEM,
        f"key:\n{PEM}\nend", PEM.replace("\n", "\\n"), PEM[:60], PEM.replace("PRIVATE", "EC PRIVATE"),
        "nonce=abcDEF123456",
        "jti: abcDEF123456", "Basic dXNlcjpwYXNzd29yZA==", "password: correct-Horse", "password='correct Horse'",
        "Cookie: session=abcDEF123456", "private_key: MIGHAgEA", "DPoP-Nonce: abcDEF123456",
        "proof=MEUCIQDabcDEF123456",
    ],
)  # fmt: skip
def test_tokens_keys_and_passwords_are_hidden(text: str) -> None:
    shown = redact_text(text)
    assert HIDDEN in shown
    for part in ("eyJ", OPAQUE, "MIGH", "AgEG", "abcDEF", "dXNl", "Horse", "c2ln"):
        assert part not in shown


def test_what_stands_behind_a_private_key_stays() -> None:
    assert redact_text(f"before\n{PEM}\nafter") == f"before\n{HIDDEN}\nafter"
    assert redact_text(PEM.replace("PRIVATE", "PUBLIC")).startswith("-----BEGIN PUBLIC KEY-----\nMIGH")


@pytest.mark.parametrize(
    "key",
    [
        "pin", "PIN", "new_pin", "newPin", "old-pin", "Pin2", "pin_1", "pins", "pin_code", "pinCode", "pincode",
        "account.pin", "puk",
        "otp", "cvv", "cvc2", "pan", "password", "passwd", "passphrase", "client_secret", "token", "access_token",
        "accessToken",
        "Authorization", "DPoP", "DPoP-Nonce", "cookie", "Set-Cookie", "assertion", "proof", "private_key",
        "device_key", "key",
        "keys", "nonce", "jti", "pepper", "d", "code", "user_code", "userCode", "one_time_code", "codes", "pin_hash",
        "пин", "код",
    ],
)  # fmt: skip
def test_values_under_secret_keys_are_hidden_in_any_shape(key: str) -> None:
    secret = "K7qf-2M9p"
    for value in (secret, [secret], (secret,), {"x": secret}, [{"x": [secret]}], b"K7qf-2M9p", {secret}):
        shown = json.dumps(redact({"outer": [{key: value}]}))
        assert HIDDEN in shown and "K7qf" not in shown
    assert redact({key: 1234567}) == {key: HIDDEN}
    assert redact({key: None}) == {key: None}
    assert redact({key: True}) == {key: True}


@pytest.mark.parametrize(
    "key", ["chip_id", "chipId", "ChipID", "card_number", "account_number", "serial_number", "SerialNumber"]
)
def test_identifiers_by_key_are_cut_whatever_they_look_like(key: str) -> None:
    assert redact({key: "A1B2-3456"}) == {key: "…3456"}
    assert redact({key: 12345678}) == {key: "…5678"}
    assert redact({key: ["A1B2-3456", None]}) == {key: ["…3456", None]}
    assert redact({key: "1234"}) == {key: "…"}


@pytest.mark.parametrize("key", ["number", "serial", "sub", "iss"])
def test_a_number_that_may_be_an_identifier_is_cut_where_it_is_long(key: str) -> None:
    assert redact({"card": {key: "410273345801"}}) == {"card": {key: "…5801"}}
    assert redact({"card": {key: "123456"}}) == {"card": {key: "…3456"}}


@pytest.mark.parametrize("value", ["x pin=1234", "x PIN 1234", ["x pin=1234"], {"pin": "1234"}, [{"pin": 1234}]])
def test_what_is_cut_to_four_digits_does_not_show_a_pin(value: Any) -> None:
    for key in ("number", "card_number"):
        for shown in (str(redact({key: value})), redact_text(str({key: value})), redact_text(json.dumps({key: value}))):
            assert "1234" not in shown


def test_the_private_half_of_a_jwk_is_hidden() -> None:
    jwk = {
        "kty": "RSA",
        "n": "modulus",
        "e": "AQAB",
        "d": "s1",
        "p": "s2",
        "q": "s3",
        "dp": "s4",
        "dq": "s5",
        "qi": "s6",
    }
    assert redact({"jwk": jwk}) == {"jwk": {name: HIDDEN if len(value) == 2 else value for name, value in jwk.items()}}
    assert redact({"kty": "oct", "k": "s1"}) == {"kty": "oct", "k": HIDDEN}
    assert redact({"p": 1, "q": "word"}) == {"p": 1, "q": "word"}


def test_numbers_are_looked_at_as_texts_are() -> None:
    assert redact([int(CARD), float(CARD), 102733458021]) == [HIDDEN, f"{HIDDEN}.0", "…8021"]
    assert redact([10**5000, -(10**5000), int(CARD) * -1]) == [HIDDEN, HIDDEN, f"-{HIDDEN}"]
    for key in ("number", "code", "card_number", "name", 10**5000):
        assert list(redact({key: 10**5000}).values()) == [HIDDEN]
    kept = [0, -5, 1763760000, 1763760000.25, 1e300, True, None]
    assert redact(kept) == kept and [type(each) for each in redact(kept)] == [type(each) for each in kept]


def test_keys_are_texts_too() -> None:
    assert redact({CARD: 1, int(CARD) + 1: 2, f"x {JWT}": 3, 5: 4}) == {HIDDEN: 1, "…1112": 2, f"x {HIDDEN}": 3, 5: 4}


def test_what_json_does_not_know_comes_back_as_redacted_text() -> None:
    assert redact({"x": ValueError(f"card {CARD}")}) == {"x": f"card {HIDDEN}"}
    assert redact([bytearray(b"secret"), memoryview(b"secret"), b""]) == [HIDDEN] * 3
    assert redact(Decimal(CARD)) == HIDDEN
    assert redact(datetime.datetime(2026, 11, 21, 22, 28)) == "2026-11-21 22:28:00"
    assert redact({CARD}) == [HIDDEN]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda value: [value],
        lambda value: {"x": value},
        lambda value: {"code": [value]},
        lambda value: {"number": (value,)},
    ],
)
def test_what_is_nested_without_end_is_hidden_and_not_a_recursion_error(wrap: Callable[[Any], Any]) -> None:
    value: Any = [CARD]
    for _ in range(100_000):
        value = wrap(value)
    shown = json.dumps(redact(value))
    assert HIDDEN in shown and CARD not in shown


def test_the_value_itself_is_left_alone() -> None:
    value = {"pin": "1234", "list": [{"card_number": "410273345801"}]}
    redact(value)
    assert value == {"pin": "1234", "list": [{"card_number": "410273345801"}]}


def test_a_tail_never_shows_the_whole() -> None:
    assert [tail(each) for each in ("12345678", "12345", "1234", "")] == ["…5678", "…2345", "…", "…"]


def logged(formatter: logging.Formatter, message: str, args: tuple[Any, ...] = (), **fields: Any) -> str:
    document = {"name": "name", "levelno": logging.ERROR, "levelname": "ERROR", "msg": message, "args": args}
    return formatter.format(logging.makeLogRecord({**document, **fields}))


def test_a_line_of_the_log_is_redacted_with_its_arguments() -> None:
    formatter = RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    line = logged(formatter, "payment by %s for %s, PIN %s", (CARD, {"account_number": "102733458021"}, "1234"))
    assert line.endswith(f"ERROR name: payment by {HIDDEN} for {{'account_number': …8021}}, PIN {HIDDEN}")
    assert line[:4].isdigit() and HIDDEN not in line[:24]


def test_tracebacks_causes_and_stacks_are_redacted() -> None:
    def inner() -> None:
        raise KeyError(f"no card {CARD}")

    try:
        try:
            inner()
        except KeyError as error:
            raise ValueError(f"pin=1234 with {JWT}") from error
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    line = logged(RedactingFormatter("%(message)s"), "failed", exc_info=caught, stack_info=f"Stack:\n  x = '{CARD}'")
    assert "ValueError" in line and "KeyError" in line and "in inner" in line and "Stack:" in line
    for secret in (CARD, "1234", "eyJ"):
        assert secret not in line


HOSTILE = """
from device.api.redaction import redact_text
parts = ["a=", "a-", "1 ", "1", "pin:", "-----BEGIN PRIVATE KEY-----", "eyJaaaaaaa.", "A1a-", "pin '", "code ",
         'pin="', "4111 ", "{[(",
         "2026-11-21 ", "pin=[", "chip id ", "\\u0669", "DPoP ", "a.1", "1.1", "pin={", "pin='\\\\\\\\", "_",
        "0123456789abcdef", "3B"]
for part in parts:
    redact_text(part * (100_000 // len(part)))
print(len(parts))
"""


def test_hostile_texts_cost_little() -> None:
    """100,000 characters each, made to send a careless expression back and forth: that would take hours."""
    done = subprocess.run([sys.executable, "-c", HOSTILE], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "25\n"
