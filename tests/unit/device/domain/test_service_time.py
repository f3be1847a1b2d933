"""Certificates' dates against floor, box clock and the service's time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.domain.service_time import RELEASE_TIME, ChainDates, ServiceTime, Verdict
from device.domain.times import parse_rfc3339, rfc3339
from tests.unit.device.support import SetClock

DAY = 86400.0
NOW = RELEASE_TIME + 100 * DAY
VALID = ChainDates(NOW - 30 * DAY, NOW + 30 * DAY)
EXPIRED = ChainDates(NOW - 60 * DAY, NOW - DAY)


@pytest.mark.parametrize(
    ("system", "verdict"),
    [
        (NOW, Verdict.trusted),
        (0.0, Verdict.provisional),
        (RELEASE_TIME - DAY, Verdict.provisional),
        (NOW - 40 * DAY, Verdict.provisional),
        (NOW + 40 * DAY, Verdict.provisional),
        (NOW + 27000 * DAY, Verdict.provisional),
    ],
)
def test_before_the_service_told_the_time_only_a_sensible_clock_is_believed(system: float, verdict: Verdict) -> None:
    assert ServiceTime(SetClock(system)).verdict(VALID) is verdict


def test_a_clock_behind_the_floor_is_not_believed_even_where_it_suits() -> None:
    long_lived = ChainDates(RELEASE_TIME - 900 * DAY, NOW + 900 * DAY)
    assert ServiceTime(SetClock(RELEASE_TIME - DAY)).verdict(long_lived) is Verdict.provisional
    assert ServiceTime(SetClock(RELEASE_TIME + DAY)).verdict(long_lived) is Verdict.trusted


@given(system=st.floats(0, 5e9), server_time=st.just(NOW))
def test_an_expired_certificate_never_carries_a_sign_in_whatever_the_clock(system: float, server_time: float) -> None:
    time = ServiceTime(SetClock(system))
    assert time.confirm(EXPIRED, server_time) is Verdict.expired
    time.adopt(server_time, 1000.0)
    assert time.verdict(EXPIRED) is Verdict.expired
    assert time.verdict(VALID) is Verdict.trusted, "and a good one does"


def test_what_ended_before_the_release_or_the_saved_time_is_refused_before_a_byte_is_sent() -> None:
    old = ChainDates(RELEASE_TIME - 90 * DAY, RELEASE_TIME - DAY)
    assert ServiceTime(SetClock(0)).verdict(old) is Verdict.expired
    assert ServiceTime(SetClock(0)).verdict(EXPIRED) is Verdict.provisional
    assert ServiceTime(SetClock(0), saved=NOW).verdict(EXPIRED) is Verdict.expired


def test_a_lying_service_time_cannot_go_below_the_floor() -> None:
    time = ServiceTime(SetClock(0), saved=NOW)
    assert time.confirm(EXPIRED, NOW - 10 * DAY) is Verdict.expired


def test_a_certificate_of_the_future() -> None:
    future = ChainDates(NOW + DAY, NOW + 90 * DAY)
    time = ServiceTime(SetClock(NOW))
    assert time.verdict(future) is Verdict.provisional, "the box may be behind"
    assert time.confirm(future, NOW) is Verdict.not_yet
    assert time.confirm(future, NOW + 2 * DAY) is Verdict.trusted
    time.adopt(NOW, 1000.0)
    assert time.verdict(future) is Verdict.not_yet


def test_the_services_time_runs_on_by_boottime_whatever_the_wall_clock_does() -> None:
    clock = SetClock(system=0.0, boot=1000.0)
    time = ServiceTime(clock)
    assert (time.now(), time.offset()) == (None, None)
    assert time.best() == RELEASE_TIME
    time.adopt(NOW, 990.0)
    assert time.now() == NOW + 10
    clock.boot += 100
    clock.system = 5e9
    assert time.now() == NOW + 110
    assert time.offset() == 5e9 - NOW - 110
    assert time.floor() == time.best() == NOW + 110


def test_a_connection_kept_open_does_not_outlive_its_certificate() -> None:
    clock = SetClock()
    time = ServiceTime(clock)
    time.adopt(NOW, clock.boot)
    assert time.verdict(VALID) is Verdict.trusted
    clock.boot += 31 * DAY
    assert time.verdict(VALID) is Verdict.expired


@given(st.integers(0, 4_000_000_000))
def test_times_on_the_wire_come_back(moment: int) -> None:
    assert parse_rfc3339(rfc3339(moment + 0.75)) == moment


@pytest.mark.parametrize("text", ["", "now", "2026-11-21", "2026-11-21T10:00:00", "2026-13-01T00:00:00Z"])
def test_a_time_without_zone_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"zone|isoformat|month"):
        parse_rfc3339(text)
