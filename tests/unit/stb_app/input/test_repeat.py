"""The app's own key repeat: 500 ms, then every 125 ms, one pending, dropped with the key or the screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stb_app.input.keys import Key, KeyEvent
from stb_app.input.repeat import RATES, SLOW, Repeater


def pressed(key: Key, at: float = 10.0) -> Repeater:
    repeater = Repeater()
    repeater.feed(KeyEvent(key, True), at)
    return repeater


def test_the_first_repeat_comes_after_500_ms_then_every_125() -> None:
    repeater = pressed(Key.DOWN)
    assert repeater.deadline == 10.5
    assert repeater.due(10.499) is None
    assert repeater.due(10.5) is Key.DOWN
    assert repeater.deadline == 10.625
    assert repeater.due(10.624) is None
    assert repeater.due(10.625) is Key.DOWN


def test_missed_repeats_are_not_made_up_for() -> None:
    repeater = pressed(Key.DOWN)
    assert repeater.due(13.0) is Key.DOWN
    assert repeater.due(13.0) is None
    assert repeater.due(13.124) is None
    assert repeater.due(13.125) is Key.DOWN


def test_release_ends_it_at_once() -> None:
    repeater = pressed(Key.DOWN)
    repeater.feed(KeyEvent(Key.DOWN, False), 10.6)
    assert repeater.deadline is None
    assert repeater.due(11.0) is None


def test_a_release_of_another_key_changes_nothing() -> None:
    repeater = pressed(Key.DOWN)
    repeater.feed(KeyEvent(Key.OK, False), 10.1)
    assert repeater.due(10.5) is Key.DOWN


def test_the_last_pressed_key_is_the_one_that_repeats() -> None:
    repeater = pressed(Key.DOWN)
    repeater.feed(KeyEvent(Key.UP, True), 10.3)
    repeater.feed(KeyEvent(Key.DOWN, False), 10.4)
    assert repeater.due(10.7) is None
    assert repeater.due(10.8) is Key.UP


def test_the_slow_rate_is_two_seconds_and_one_in_two() -> None:
    repeater = Repeater(SLOW)
    repeater.feed(KeyEvent(Key.DOWN, True), 10.0)
    assert repeater.due(11.999) is None
    assert repeater.due(12.0) is Key.DOWN
    assert repeater.due(13.999) is None
    assert repeater.due(14.0) is Key.DOWN


def test_it_can_be_off() -> None:
    repeater = Repeater(RATES["off"])
    repeater.feed(KeyEvent(Key.DOWN, True), 10.0)
    assert repeater.deadline is None
    assert repeater.due(1000.0) is None


def test_a_release_without_a_press_is_nothing() -> None:
    repeater = Repeater()
    repeater.feed(KeyEvent(Key.DOWN, False), 10.0)
    assert repeater.due(20.0) is None


def test_dropping_forgets_the_held_key_until_it_is_pressed_again() -> None:
    repeater = pressed(Key.DOWN)
    repeater.drop()
    assert repeater.due(20.0) is None
    repeater.feed(KeyEvent(Key.DOWN, False), 20.0)
    repeater.feed(KeyEvent(Key.DOWN, True), 21.0)
    assert repeater.due(21.5) is Key.DOWN


@given(st.lists(st.floats(0.001, 2.0), max_size=40))
def test_never_more_than_one_a_period(steps: list[float]) -> None:
    repeater, now, got = pressed(Key.LEFT, 0.0), 0.0, 0
    for step in steps:
        now += step
        while repeater.due(now) is not None:
            got += 1
            assert repeater.deadline is not None and repeater.deadline > now
    assert got <= max(0.0, (now - 0.5) / 0.125 + 1)
