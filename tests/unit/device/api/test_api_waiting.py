"""wait_until: the answer when it comes, a typed error when it does not, and one look after the last moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from device.api.errors import ApiError
from device.api.waiting import WaitTimeout, wait_until

T = TypeVar("T")


def counted(probe: Callable[[int], T]) -> tuple[Callable[[], T], list[int]]:
    """``probe`` told how often it was called before, and the list of those calls."""
    calls: list[int] = []

    def once() -> T:
        calls.append(len(calls))
        return probe(calls[-1])

    return once, calls


def test_the_answer_itself_comes_back_and_nobody_asks_again() -> None:
    answer = ["here"]
    probe, calls = counted(lambda n: answer if n == 3 else None)
    assert wait_until(probe, limit=30, what="the answer", every=0.001) is answer
    assert calls == [0, 1, 2, 3]


def test_what_is_true_already_costs_no_time() -> None:
    probe, calls = counted(lambda _: True)
    assert wait_until(probe, limit=0, what="nothing", every=30) is True
    assert calls == [0]


def test_what_never_comes_is_a_typed_error_that_says_what_and_how_long() -> None:
    probe, calls = counted(lambda _: 0)
    with pytest.raises(WaitTimeout, match=r"waited 0\.05 s for the card") as caught:
        wait_until(probe, limit=0.05, what="the card", every=0.01)
    assert isinstance(caught.value, ApiError) and caught.value.code == "timeout"
    assert len(calls) >= 2


def test_no_time_at_all_is_still_one_look() -> None:
    probe, calls = counted(lambda _: None)
    with pytest.raises(WaitTimeout):
        wait_until(probe, limit=0, what="x")
    assert calls == [0]


def test_the_limit_holds_though_the_steps_are_longer_and_the_last_look_is_at_its_end() -> None:
    begun = time.monotonic()
    probe, calls = counted(lambda _: time.monotonic() - begun >= 0.05)
    assert wait_until(probe, limit=0.05, what="the end", every=20) is True
    assert len(calls) == 2 and time.monotonic() - begun < 15


def test_what_the_probe_raises_is_not_swallowed() -> None:
    def broken() -> bool:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        wait_until(broken, limit=30, what="x")
