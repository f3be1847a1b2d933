"""Counting insertions and removals, and waiting for them."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.errors import ReaderGone
from smartcard.presence import Presence
from smartcard.reader import ReaderState


def test_every_change_counts_one_and_no_change_none() -> None:
    presence = Presence()
    assert presence.state() == ReaderState(False, 0)
    assert not presence.removed()
    assert presence.inserted() == 1
    assert presence.state() == ReaderState(True, 1)
    assert presence.removed()
    assert not presence.removed()
    assert presence.state() == ReaderState(False, 2)


def test_an_insertion_over_a_card_is_a_removal_too() -> None:
    presence = Presence()
    assert [presence.inserted(), presence.inserted()] == [1, 3]


def test_a_card_leaves_once_and_only_itself() -> None:
    presence = Presence()
    first = presence.inserted()
    assert presence.removed(first)
    assert not presence.removed(first)
    presence.inserted()
    assert not presence.removed(first)
    assert presence.state() == ReaderState(True, 3)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["inserted", "removed", "fail", "recover"]), max_size=30))
def test_the_generation_never_falls_and_is_odd_with_a_card_in(steps: list[str]) -> None:
    presence = Presence()
    before = 0
    for step in steps:
        if step == "fail":
            presence.fail(lambda: ReaderGone("unplugged"))
        else:
            getattr(presence, step)()
        try:
            state = presence.state()
        except ReaderGone:
            continue
        assert state.generation >= before
        assert state.present == bool(state.generation % 2)
        before = state.generation


def test_waiting_ends_at_the_change_at_the_limit_and_at_once() -> None:
    presence = Presence()
    assert presence.wait(0, 0.01) == ReaderState(False, 0)
    assert presence.wait(7, 60) == ReaderState(False, 0)
    timer = threading.Timer(0.05, presence.inserted)
    timer.start()
    started = time.monotonic()
    assert presence.wait(0, 60) == ReaderState(True, 1)
    assert time.monotonic() - started < 30
    timer.join()


def test_a_failing_reader_ends_every_wait_and_takes_its_card_with_it() -> None:
    presence = Presence()
    presence.inserted()
    timer = threading.Timer(0.05, presence.fail, [lambda: ReaderGone("unplugged")])
    timer.start()
    with pytest.raises(ReaderGone, match="unplugged"):
        presence.wait(1, 60)
    timer.join()
    presence.recover()
    assert presence.state() == ReaderState(False, 2)
