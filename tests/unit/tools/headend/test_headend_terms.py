"""terms.yaml, and the rules of promised payments, credit, transfers and temporary blocks at their edges."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.yaml_file import YamlError
from tools.headend.domain import credit, promises, suspensions, transfers
from tools.headend.domain.account import ServiceState
from tools.headend.operators import FOLDER, load_operator

MTS, POLARIS = load_operator("mts").terms, load_operator("polaris").terms
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("  monthly_fees: 1\n  fee: 0", "  monthly_fees: 0\n  fee: 0", "0 is outside: 1 or more and at most 12"),
        ("  days: 3", "  days: three", "expected a whole number, found 'three'"),
        ("  due_day: 20", "  due_day: 28", "28 is outside: 1 or more and at most 27"),
        ("  most: 100000\n  month_most", "  most: 999\n  month_most", "999 is outside: 1000 or more"),
        ("  month_most: 300000", "  month_most: 99999", "99999 is outside: 100000 or more"),
        ("{failures: 5, seconds: 3600}", "{failures: 5}", "'seconds' is missing"),
        ("  channels: [tv, phone, salon]", "  channels: [post]", "expected one of tv, phone, salon, found 'post'"),
        ("  channels: [tv, phone, salon]", "  channels: []", "expected at least one way to order it"),
        ("ural: 8000, ", "", "'ural' is missing"),
        ("ural: 8000", "siberia: 8000", "'siberia' is not known here"),
        ("suspension:", "suspensions:", "'suspensions' is not known here"),
    ],
)
def test_a_broken_file_is_refused_with_file_and_line(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    folder = tmp_path / "operators"
    shutil.copytree(FOLDER / "mts", folder / "mts")
    path = folder / "mts" / "terms.yaml"
    text = path.read_text("utf-8")
    assert text.count(right) == 1
    path.write_text(text.replace(right, wrong), "utf-8")
    with pytest.raises(YamlError) as caught:
        load_operator("mts", folder)
    assert message in caught.value.message and caught.value.path == str(path)
    first = text[: text.index(right)].count("\n") + 1
    assert first <= caught.value.line <= first + right.count("\n") + 1


def test_the_operators_differ() -> None:
    assert MTS.promise.days != POLARIS.promise.days and MTS.transfer.most != POLARIS.transfer.most
    assert MTS.suspension.needs_internet and not POLARIS.suspension.needs_internet


STANDING = promises.Standing(
    balance=0, monthly_fee=50000, open=False, owes_last=False, credit_mode=False, service=ServiceState.ACTIVE
)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (STANDING, None),
        (replace(STANDING, balance=-100000, service=ServiceState.STOPPED), None),
        (replace(STANDING, balance=1), None),
        (replace(STANDING, open=True), promises.WhyNot.OPEN),
        (replace(STANDING, owes_last=True), promises.WhyNot.OVERDUE),
        (replace(STANDING, credit_mode=True), promises.WhyNot.CREDIT_MODE),
        (replace(STANDING, service=ServiceState.SUSPENDED), promises.WhyNot.SUSPENDED),
        (replace(STANDING, monthly_fee=99), promises.WhyNot.NO_FEE),
        (replace(STANDING, monthly_fee=100), None),
    ],
)
def test_who_may_have_a_promise(standing: promises.Standing, expected: promises.WhyNot | None) -> None:
    assert promises.why_not(standing, MTS.promise) is expected


def test_where_the_rule_says_so_only_with_a_low_balance() -> None:
    assert promises.why_not(STANDING, POLARIS.promise) is None
    assert promises.why_not(replace(STANDING, balance=1), POLARIS.promise) is promises.WhyNot.BALANCE


@pytest.mark.parametrize(
    ("own", "own_before", "paid_since", "coming", "expected"),
    [
        (0, -1, 1, 0, True),
        (-1, -2, 1, 0, False),
        (0, 0, 0, 0, False),
        (999, 0, 999, 0, False),
        (1000, 0, 1000, 0, True),
        (1000, 0, 1000, 1001, False),
        (500, -100, 600, 500, True),
        (499, -100, 599, 500, False),
    ],
)
def test_when_a_promise_has_done_its_work(
    own: int, own_before: int, paid_since: int, coming: int, expected: bool
) -> None:
    found = promises.may_be_taken_back(
        own=own, own_before=own_before, paid_since=paid_since, amount=1000, coming=coming
    )
    assert found is expected


def test_the_promise_is_due_over_the_end_of_february() -> None:
    assert promises.due_on(date(2028, 2, 27), MTS.promise) == date(2028, 3, 1)
    assert promises.due_on(date(2027, 2, 27), MTS.promise) == date(2027, 3, 2)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 19), date(2026, 11, 20)),
        (date(2026, 11, 20), date(2026, 11, 20)),
        (date(2026, 11, 21), date(2026, 12, 20)),
        (date(2026, 12, 31), date(2027, 1, 20)),
    ],
)
def test_the_due_day_of_credit_is_the_next_one(day: date, due: date) -> None:
    assert credit.next_due(day, 20) == due


def test_the_credit_limit_is_a_monthly_fee_within_a_most() -> None:
    assert credit.limit(99999, MTS.credit) == 99999
    assert credit.limit(100001, MTS.credit) == 100000
    assert credit.limit(1000, POLARIS.credit) == 2000


CREDIT = credit.Standing(TODAY, 0, 50000, 0, False, ServiceState.ACTIVE, date(2026, 5, 21))


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (CREDIT, None),
        (replace(CREDIT, credit_mode=True), credit.WhyNot.ON),
        (replace(CREDIT, promised=1), credit.WhyNot.PROMISE_OPEN),
        (replace(CREDIT, balance=-1), credit.WhyNot.DEBT),
        (replace(CREDIT, service=ServiceState.SUSPENDED), credit.WhyNot.NOT_ACTIVE),
        (replace(CREDIT, contract_since=date(2026, 5, 22)), credit.WhyNot.NEW_CONTRACT),
        (replace(CREDIT, monthly_fee=0), credit.WhyNot.NO_FEE),
    ],
)
def test_who_may_have_credit(standing: credit.Standing, expected: credit.WhyNot | None) -> None:
    assert credit.why_not(standing, MTS.credit) is expected


@given(st.integers(-(10**6), 10**6), st.integers(0, 400_000))
def test_what_can_be_sent_is_own_money_within_both_limits(own: int, sent: int) -> None:
    most = transfers.most_now(own, sent, MTS.transfer)
    assert most == 0 or 1000 <= most <= min(own, 100_000, 300_000 - sent)
    if most == 0:
        assert min(own, 300_000 - sent) < 1000


BLOCK = suspensions.Standing(TODAY, ServiceState.ACTIVE, False, None, True, "tv")


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (BLOCK, None),
        (replace(BLOCK, channel="post"), suspensions.WhyNot.CHANNEL),
        (replace(BLOCK, has_internet=False), suspensions.WhyNot.INTERNET),
        (replace(BLOCK, ordered=True), suspensions.WhyNot.ORDERED),
        (replace(BLOCK, service=ServiceState.SUSPENDED), suspensions.WhyNot.SUSPENDED),
        (replace(BLOCK, service=ServiceState.STOPPED), suspensions.WhyNot.STOPPED),
    ],
)
def test_who_may_have_a_block(standing: suspensions.Standing, expected: suspensions.WhyNot | None) -> None:
    assert suspensions.why_not(standing, MTS.suspension) is expected


def test_where_the_tv_is_not_the_channel_it_is_refused_there() -> None:
    elsewhere = replace(MTS.suspension, channels=("phone", "salon"))
    assert suspensions.why_not(BLOCK, elsewhere) is suspensions.WhyNot.CHANNEL
    assert suspensions.why_not(replace(BLOCK, channel="salon"), elsewhere) is None


@pytest.mark.parametrize(
    ("last_start", "earliest"),
    [
        (None, TODAY),
        (date(2025, 11, 21), TODAY),
        (date(2025, 11, 22), date(2026, 11, 22)),
        (date(2026, 11, 20), date(2027, 11, 20)),
    ],
)
def test_once_in_twelve_months_from_the_last_start(last_start: date | None, earliest: date) -> None:
    assert suspensions.earliest(replace(BLOCK, last_start=last_start), MTS.suspension) == earliest


def test_a_block_of_thirty_days_over_29_february() -> None:
    days = suspensions.days_of(date(2028, 2, 10), 30)
    assert (days.last, days.days) == (date(2028, 3, 10), 30)
