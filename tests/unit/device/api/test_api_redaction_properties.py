"""Redaction by property: a planted secret never survives, wherever it stands; what is no secret always does."""

from __future__ import annotations

import datetime
import json
import logging
import re
import string
import uuid
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from device.api.redaction import RedactingFormatter, redact, redact_text

relaxed = settings(deadline=None, max_examples=200)
PROSE = st.text(st.characters(exclude_categories=("Nd", "Cs")), max_size=20)
"""Any text without digits: a digit beside a planted number would make it another number."""
KEYS = PROSE | st.sampled_from(
    ["name", "text", "number", "code", "status_code", "idempotency_key", "key_id", "account", "list", "error", "x"]
)
PIN_KEYS = st.sampled_from(
    ["pin", "PIN", "new_pin", "newPin", "old-pin", "pins", "pin_code", "pinCode", "puk", "otp", "password", "code"]
)


def check_digit(number: str) -> str:
    """The digit that makes ``number`` a payment card's (ISO/IEC 7812-1 annex B), not by the code under test."""
    odd = sum(int(each) for each in number[-2::-2])
    even = sum(sum(divmod(2 * int(each), 10)) for each in number[-1::-2])
    return str(-(odd + even) % 10)


@st.composite
def cards(draw: st.DrawFn) -> str:
    """16 digits as the great networks give them out."""
    start = draw(st.sampled_from(["4", "51", "55", "2221", "2720", "3528", "6011", "2200"]))
    body = start + draw(st.text(string.digits, min_size=15 - len(start), max_size=15 - len(start)))
    return body + check_digit(body)


def grouped(card: str, gap: str) -> str:
    return gap.join(card[start : start + 4] for start in range(0, 16, 4))


GAPS = st.sampled_from(["", "", "", " ", "-", "\xa0", "\u2009", "  ", ".", "/", "_", "–", " - "])


@st.composite
def jwts(draw: st.DrawFn) -> str:
    alphabet = string.ascii_letters + string.digits + "-_"
    parts = [draw(st.text(alphabet, min_size=12, max_size=60)) + "7" for _ in range(draw(st.sampled_from([3, 5])))]
    return "eyJ" + ".".join(parts)


Wrapper = Callable[[Any], Any]


def _in_list(before: str) -> Wrapper:
    return lambda value: [before, value]


def _in_dict(key: str) -> Wrapper:
    return lambda value: {"a": None, key: value}


WRAPPERS = st.lists(PROSE.map(_in_list) | KEYS.map(_in_dict) | st.just(lambda value: (value,)), max_size=6)


def wrapped(value: Any, wrappers: list[Wrapper]) -> Any:
    for each in wrappers:
        value = each(value)
    return value


def digits(text: str) -> str:
    """All digits of ``text`` but those that only spell another character in JSON or in Python."""
    text = re.sub(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}", "", text)
    return "".join(each for each in text if each.isdecimal())


def everywhere(value: Any) -> list[str]:
    """What may come into a log of ``value``: itself, as JSON, as Python shows it, as a line of a formatter."""
    record = logging.makeLogRecord({"msg": "got %r", "args": (value,)})
    return [
        json.dumps(redact(value), ensure_ascii=False),
        redact_text(json.dumps(value, ensure_ascii=False)),
        redact_text(json.dumps(value)),
        RedactingFormatter("%(message)s").format(record),
    ]


@relaxed
@given(cards(), GAPS, PROSE, PROSE, WRAPPERS)
def test_a_payment_card_number_never_survives(
    card: str, gap: str, before: str, after: str, wrappers: list[Wrapper]
) -> None:
    text = f"{before}{grouped(card, gap)}{after}"
    assert card not in digits(redact_text(text))
    for shown in everywhere(wrapped(text, wrappers)):
        assert card not in digits(shown)
        assert grouped(card, gap) not in shown


@relaxed
@given(cards(), WRAPPERS, st.booleans())
def test_a_payment_card_number_that_is_a_number_never_survives(card: str, wrappers: list[Wrapper], real: bool) -> None:
    for shown in everywhere(wrapped(float(card) if real else int(card), wrappers)):
        assert card not in digits(shown)


@relaxed
@given(cards(), WRAPPERS, PROSE)
def test_a_payment_card_number_that_is_a_key_never_survives(card: str, wrappers: list[Wrapper], value: str) -> None:
    assert card not in digits(json.dumps(redact(wrapped({card: value, int(card): value}, wrappers))))


@relaxed
@given(st.text("0123456789", min_size=4, max_size=8), PIN_KEYS, WRAPPERS, WRAPPERS)
def test_a_pin_under_its_key_never_survives(pin: str, key: str, inner: list[Wrapper], outer: list[Wrapper]) -> None:
    for value in (pin, int("1" + pin)):
        assert pin not in digits(json.dumps(redact(wrapped({key: wrapped(value, inner)}, outer))))


@relaxed
@given(st.text("0123456789", min_size=4, max_size=8), PIN_KEYS, WRAPPERS)
def test_a_pin_beside_its_key_in_a_text_never_survives(pin: str, key: str, outer: list[Wrapper]) -> None:
    for value in (pin, int("1" + pin), [pin], [pin, pin], (pin, pin), {"value": pin}, pin.encode()):
        shown = redact_text(repr(wrapped({key: value}, outer)))
        assert pin not in digits(shown)
    document = json.dumps({key: pin}, indent=2)
    for text in (f"a=b&{key}={pin}&c=d", f"{key}={pin}", f"{key}: {pin}", document, json.dumps(document)):
        assert pin not in digits(redact_text(text))


@relaxed
@given(jwts(), PROSE, PROSE, WRAPPERS)
def test_a_jwt_never_survives(token: str, before: str, after: str, wrappers: list[Wrapper]) -> None:
    for shown in everywhere(wrapped(f"{before}{token}{after}", wrappers)):
        assert not any(part in shown for part in token.split("."))


@relaxed
@given(st.text("0123456789", min_size=10, max_size=12), PROSE, PROSE, WRAPPERS)
def test_of_an_account_number_four_digits_survive_at_most(
    number: str, before: str, after: str, wrappers: list[Wrapper]
) -> None:
    for shown in everywhere(wrapped(f"{before}{number}{after}", wrappers)):
        assert len(digits(shown)) <= 4 or number[:-4] not in digits(shown)


@relaxed
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.just(10**4000) | st.floats() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | KEYS | PIN_KEYS | st.integers(), inner),
        max_leaves=10,
    )
)
def test_anything_comes_back_as_json(value: Any) -> None:
    shown = json.loads(json.dumps(redact(value)))
    assert isinstance(shown, dict) == isinstance(value, dict) and isinstance(shown, list) == isinstance(value, list)


WORDS = st.text(string.ascii_letters + " /.,-_", max_size=30)


@relaxed
@given(st.text())
def test_any_text_comes_back_as_a_text_and_twice_is_as_once(text: str) -> None:
    once = redact_text(text)
    assert isinstance(once, str)
    assert redact_text(once) == once


@relaxed
@given(st.uuids(version=4), st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2099, 12, 31)))
def test_keys_of_requests_and_moments_survive(key: uuid.UUID, moment: datetime.datetime) -> None:
    line = f"{moment.isoformat(sep=' ')} POST idempotency_key={key} at {moment.isoformat()}Z, {moment.date()}"
    assert redact_text(line) == line
    document = {"idempotency_key": str(key), "since": f"{moment.isoformat()}Z", "date": str(moment.date())}
    assert redact(document) == document


@relaxed
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(1 - 10**10, 10**10 - 1) | st.floats(-1e9, 1e9) | WORDS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["amount", "currency", "state", "room", "name", "kind", "at"]), inner)
        ),
        max_leaves=10,
    )
)
def test_what_is_no_secret_survives_whole(value: Any) -> None:
    assert redact(value) == value
    assert json.dumps(redact(value)) == json.dumps(value)


@relaxed
@given(st.from_regex(r"[a-z]{2,12}(_[a-z]{2,12}){0,4}", fullmatch=True))
def test_every_name_of_an_error_survives(code: str) -> None:
    assert redact({"code": code}) == {"code": code}
    for text in (f"code: {code}", f"code={code}&x=y", json.dumps({"code": code}), f"refused with code {code}."):
        assert redact_text(text) == text
