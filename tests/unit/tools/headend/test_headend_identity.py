"""Parts of sign-in that need no network: nonces, limits, secrets, what a hostile message can do."""

from __future__ import annotations

import stat
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from device.api.errors import ConfigError
from tests.support.headend_server import ManualClock
from tools.headend.api.guard import SeenReads
from tools.headend.domain.limits import Limit
from tools.headend.identity.assertion import claimed_chip_id
from tools.headend.identity.dpop import DpopChecker, Expected, jti_once
from tools.headend.identity.jose import Malformed, parse
from tools.headend.identity.limits import FailureLimit
from tools.headend.identity.nonces import ChallengeNonces, DpopNonces
from tools.headend.identity.records import BoxRecord, Known, Once, Session
from tools.headend.identity.refusals import KINDS, Refusal
from tools.headend.identity.sign_in import Attempt, Limits, SignIn
from tools.headend.secrets_file import ServiceSecret

KEY = b"n" * 32


def code_of(error: pytest.ExceptionInfo[Refusal]) -> str:
    return error.value.code


@given(st.text("ABC123", min_size=1, max_size=12), st.text("ABC123", min_size=1, max_size=12), st.floats(0, 119.9))
def test_a_challenge_is_good_for_its_box_and_120_seconds(chip_id: str, other: str, seconds: float) -> None:
    clock = ManualClock()
    nonces = ChallengeNonces(KEY, clock)
    nonce = nonces.issue(chip_id)
    clock.advance(seconds)
    assert abs(nonces.check(nonce, chip_id) - clock.now() - timedelta(seconds=120 - seconds)) < timedelta(seconds=0.01)
    if other != chip_id:
        with pytest.raises(Refusal) as caught:
            nonces.check(nonce, other)
        assert code_of(caught) == "nonce_unknown"
    clock.advance(120.1 - seconds)
    with pytest.raises(Refusal) as caught:
        nonces.check(nonce, chip_id)
    assert code_of(caught) == "nonce_expired"


@given(st.text(st.characters(codec="ascii"), max_size=80))
def test_any_other_text_is_an_unknown_nonce(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        ChallengeNonces(KEY, ManualClock()).check(text, "1")
    assert code_of(caught) == "nonce_unknown"


def test_a_nonce_has_one_spelling() -> None:
    nonces = ChallengeNonces(KEY, ManualClock())
    nonce = nonces.issue("1")
    for other in (nonce + "=", nonce + "\n", nonce[:-1] + chr(ord(nonce[-1]) ^ 1)):
        with pytest.raises(Refusal):
            nonces.check(other, "1")


def test_the_dpop_nonce_changes_every_five_minutes_and_the_last_is_taken() -> None:
    clock = ManualClock(datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC))
    nonces = DpopNonces(KEY, clock)
    first = nonces.current()
    clock.advance(299)
    assert nonces.current() == first
    clock.advance(1)
    assert nonces.current() != first and nonces.accepts(first)
    clock.advance(300)
    assert not nonces.accepts(first)
    assert not any(nonces.accepts(each) for each in (None, 5, "", "é", [first]))


def test_limits_count_by_key_in_a_sliding_window() -> None:
    clock = ManualClock()
    limit = FailureLimit(Limit(3, 60), clock)
    for _ in range(3):
        limit.check("a")
        limit.failed("a")
        clock.advance(10)
    with pytest.raises(Refusal) as caught:
        limit.check("a")
    assert caught.value.retry_after == 30
    limit.check("b")
    clock.advance(30)
    limit.check("a")


def test_limits_stay_in_bounded_memory() -> None:
    limit = FailureLimit(Limit(1, 60), ManualClock())
    for number in range(25_000):
        limit.failed(str(number))
    limit.check("0")
    with pytest.raises(Refusal):
        limit.check("24999")


def test_reads_are_remembered_for_as_long_as_their_proof_lives() -> None:
    clock = ManualClock()
    seen = SeenReads(clock, most=3)
    first = jti_once("dpop", "k", "1", clock.now() + timedelta(seconds=120))
    seen.use_up(first)
    with pytest.raises(Refusal):
        seen.use_up(first)
    for number in range(3):
        seen.use_up(jti_once("dpop", "k", f"x{number}", clock.now() + timedelta(seconds=120)))
    seen.use_up(first)


def test_the_secret_is_made_once_however_many_ask(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "service.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: ServiceSecret(path).key("a"), range(16)))
    assert len(keys) == 1
    assert keys != {ServiceSecret(path).key("b")}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    path.write_bytes(b"short")
    with pytest.raises(ConfigError, match="expected 32 bytes, found 5"):
        ServiceSecret(path)


class EmptyRegistry:
    """Nobody is registered."""

    def box(self, chip_id: str) -> BoxRecord | None:
        return None

    def known(self, card_number: str, digests: Sequence[bytes]) -> Known:
        raise AssertionError("a card or a nonce is looked at only after the box proved itself")

    def open_session(self, session: Session, once: Sequence[Once]) -> None:
        raise AssertionError("no session without a box")


JWS_LIKE = st.builds(
    lambda parts: ".".join(parts), st.lists(st.text("AQIDeyJ0.-_=é ", max_size=30), min_size=1, max_size=4)
)


@given(st.text(max_size=200) | JWS_LIKE)
def test_whatever_comes_instead_of_an_assertion_is_an_unknown_box(text: str) -> None:
    clock = ManualClock()
    once_more = Limit(10**6, 60)
    sign_in = SignIn(
        audience="https://x",
        store=EmptyRegistry(),
        nonces=ChallengeNonces(KEY, clock),
        dpop=DpopChecker(DpopNonces(KEY, clock), clock),
        limits=Limits(FailureLimit(once_more, clock), FailureLimit(once_more, clock)),
        authorities=(),
        clock=clock,
    )
    with pytest.raises(Refusal) as caught:
        sign_in.attempt(Attempt("127.0.0.1", text, ["x"], "https://x/v1/device/token"))
    assert code_of(caught) == "box_unknown"


@given(st.lists(st.text(max_size=100) | JWS_LIKE, max_size=3))
def test_whatever_comes_instead_of_a_proof_is_a_typed_refusal(proofs: list[str]) -> None:
    clock = ManualClock()
    checker = DpopChecker(DpopNonces(KEY, clock), clock)
    with pytest.raises(Refusal) as caught:
        checker.check(proofs, Expected("GET", "https://x/y", "jkt", "token"))
    assert code_of(caught) == "dpop_invalid"


def test_deep_json_is_malformed_not_a_crash() -> None:
    deep = urlsafe_b64encode(b"[" * 3000).decode().rstrip("=")
    for text in (f"e30.{deep}.AA", f"{deep}.e30.AA"):
        with pytest.raises(Malformed):
            parse(text)


def test_a_subject_that_is_no_chip_id_is_not_looked_up() -> None:
    key = ECKey.generate_key("P-256")
    for subject in ('"1|2"', "5", "null", '"' + "x" * 33 + '"'):
        message = parse(jws.serialize_compact({"alg": "ES256"}, '{"sub": ' + subject + "}", key))
        assert claimed_chip_id(message) is None


def test_every_refusal_has_words() -> None:
    for code, kind in KINDS.items():
        assert kind.title and kind.error and kind.status in (401, 403, 429), code
