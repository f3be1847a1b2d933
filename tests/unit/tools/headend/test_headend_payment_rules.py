"""Payments and autopayment at their edges: states, pauses, sums, and files that cannot be used (P1, P5, P9)."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.yaml_file import YamlError
from tools.headend.domain import autopay, payments
from tools.headend.domain.autopay import Mode
from tools.headend.domain.payments import PaymentState as S
from tools.headend.domain.payments import ask_again, next_day_of_month
from tools.headend.operators import FOLDER, load_operator
from tools.headend.operators.payments import load_payments

MTS = load_operator("mts").payments
ENDED = (S.SUCCEEDED, S.CANCELED, S.EXPIRED)


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_stays_so(state: S) -> None:
    for over in (False, True):
        assert payments.pending(state, confirmed_by_user=True, over=over) is state
        assert payments.unanswered(state, over=over) is state
    assert payments.canceled(state, "expired_on_confirmation") is state


def test_where_nobody_has_to_agree_nothing_expires() -> None:
    for over in (False, True):
        assert payments.pending(S.UNKNOWN, confirmed_by_user=False, over=over) is S.PROCESSING
    assert payments.pending(S.UNKNOWN, confirmed_by_user=True, over=False) is S.AWAITING_USER
    assert payments.pending(S.UNKNOWN, confirmed_by_user=True, over=True) is S.EXPIRED


@given(st.sampled_from(list(S)), st.booleans())
def test_no_answer_is_never_a_failure(state: S, over: bool) -> None:
    found = payments.unanswered(state, over=over)
    assert found is state or found is S.UNKNOWN
    if state is S.AWAITING_USER:
        assert found is (S.UNKNOWN if over else S.AWAITING_USER), "a code that is shown is still good"


@given(st.integers(0, 7 * 86_400 - 1), st.integers(0, 40))
def test_the_provider_is_asked_again_for_a_week(seconds: int, failures: int) -> None:
    pause = ask_again(timedelta(seconds=seconds), failures)
    assert pause is not None and timedelta(seconds=2) <= pause <= timedelta(hours=1)
    if failures and seconds < 86_400:
        assert pause <= timedelta(minutes=1)


def test_it_is_asked_no_more_after_a_week() -> None:
    assert ask_again(timedelta(days=7), 0) is None
    assert ask_again(timedelta(days=7), 3) is None


@given(st.integers(-1_000_000, 1_000_000), st.integers(0, 500_000))
def test_a_top_up_is_what_the_mode_says(own: int, fee: int) -> None:
    by_threshold = autopay.top_up(Mode.THRESHOLD, own, fee, MTS.autopay, 100)
    assert by_threshold == (fee if own < 10_000 else 0)
    by_day = autopay.top_up(Mode.DAY, own, fee, MTS.autopay, 100)
    assert by_day % 100 == 0
    assert own + by_day >= fee or by_day == 0
    assert by_day == 0 or own + by_day - fee < 100


@given(st.integers(0, 1_000_000), st.integers(0, 300_000))
def test_no_month_takes_more_than_its_limit(amount: int, taken: int) -> None:
    allowed = autopay.within(amount, taken, 35_000_000, MTS.autopay)
    assert taken + allowed <= 300_000
    assert allowed in (0, amount, 300_000 - taken)
    assert allowed == 0 or allowed >= 100


def test_it_is_off_after_the_last_try() -> None:
    pauses = [autopay.try_again_after(failures, MTS.autopay) for failures in range(1, 5)]
    assert pauses == [timedelta(days=1), timedelta(days=3), timedelta(days=7), None]


@given(st.integers(1, 31), st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_a_day_of_the_month_comes_every_month(day: int, after: date) -> None:
    found = next_day_of_month(day, after)
    assert timedelta() < found - after <= timedelta(days=31)
    assert found.day == day or (found + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("  card: {least: 100,", "  cards: {least: 100,", "cards"),
        ("most: 70000000", "most: 99", "99"),
        ("confirmation: sms", "confirmation: fax", "fax"),
        ("confirm_seconds: 3600", "confirm_seconds: 0", "confirm_seconds"),
        ("month_most: 300000", "month_most: 1", "month_most"),
        ("retry_days: [1, 3, 7]", "retry_days: [0]", "retry_days"),
    ],
)
def test_a_broken_file_is_refused_with_file_and_line(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    file = tmp_path / "payments.yaml"
    shutil.copy(FOLDER / "mts" / "payments.yaml", file)
    text = file.read_text(encoding="utf-8")
    assert text.count(right) == 1
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(YamlError, match=message) as caught:
        load_payments(file)
    assert caught.value.line == text[: text.index(right)].count("\n") + 1
    assert str(file) in str(caught.value)


def test_both_operators_have_rules_of_their_own() -> None:
    polaris = load_operator("polaris").payments
    assert "sbp" not in polaris.ways and polaris.autopay.month_most != MTS.autopay.month_most
