"""Worn buttons and double reports: one press stays one, whatever the contacts do; off unless somebody asks for it."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from stb_app.input.dispatch import Dispatcher
from stb_app.input.keys import Key, KeyEvent
from stb_app.input.press import Phase, Press

OK, DOWN = Key.OK, Key.DOWN
WINDOW_S = 0.04


def fed(keys: Dispatcher, events: list[tuple[float, Key, bool]], until: float) -> list[tuple[float, Press]]:
    """What comes out when the loop wakes at each deadline, as the app's does."""
    got = []
    for at, key, pressed in [*events, (until, DOWN, False)]:
        while keys.deadline is not None and keys.deadline < at:
            woken = keys.deadline
            got += [(woken, press) for press in keys.due(woken)]
        got += [(at, press) for press in keys.feed(KeyEvent(key, pressed), at)]
    return got


def phases(got: list[tuple[float, Press]]) -> list[Phase]:
    return [press.phase for _, press in got]


def test_it_is_off_by_default() -> None:
    events = [(1.0, OK, True), (1.003, OK, False), (1.005, OK, True), (1.1, OK, False)]
    assert phases(fed(Dispatcher(), events, 2.0)).count(Phase.MAKE) == 2


def test_contacts_that_bounce_make_one_press() -> None:
    events = [(1.0, OK, True), (1.003, OK, False), (1.005, OK, True), (1.1, OK, False), (1.102, OK, True),
              (1.104, OK, False)]  # fmt: skip
    got = fed(Dispatcher(debounce=WINDOW_S), events, 2.0)
    assert got == [(1.0, Press(OK)), (1.104 + WINDOW_S, Press(OK, Phase.BREAK))]


def test_the_press_itself_is_never_late() -> None:
    keys = Dispatcher(debounce=0.3)
    assert list(keys.feed(KeyEvent(OK, True), 1.0)) == [Press(OK)]


def test_a_hold_that_bounces_goes_on_repeating() -> None:
    events = [(1.0, DOWN, True), (1.3, DOWN, False), (1.31, DOWN, True)]
    got = fed(Dispatcher(debounce=WINDOW_S), events, 1.7)
    assert [(round(at, 3), press.phase) for at, press in got] == [
        (1.0, Phase.MAKE), (1.5, Phase.REPEAT), (1.625, Phase.REPEAT)
    ]  # fmt: skip


def test_a_release_near_800_ms_is_no_long_press() -> None:
    got = fed(Dispatcher(rate=None, debounce=WINDOW_S), [(1.0, OK, True), (1.79, OK, False)], 3.0)
    assert phases(got) == [Phase.MAKE, Phase.BREAK]


def test_another_key_ends_the_wait_so_the_order_stays() -> None:
    events = [(1.0, OK, True), (1.1, OK, False), (1.11, DOWN, True)]
    got = [press for _, press in fed(Dispatcher(debounce=WINDOW_S), events, 1.2)]
    assert got[:3] == [Press(OK), Press(OK, Phase.BREAK), Press(DOWN)]


def test_a_press_reported_twice_is_one_with_a_wide_window() -> None:
    """libcec#346: the whole press comes again 150 ms later."""
    events = [(1.0, OK, True), (1.05, OK, False), (1.15, OK, True), (1.2, OK, False)]
    assert phases(fed(Dispatcher(debounce=0.2), events, 3.0)) == [Phase.MAKE, Phase.BREAK]


def test_the_second_half_of_a_bounce_does_not_press_on_the_next_screen() -> None:
    keys = Dispatcher(debounce=WINDOW_S)
    list(keys.feed(KeyEvent(OK, True), 1.0))
    keys.drop()
    assert [*keys.feed(KeyEvent(OK, False), 1.003), *keys.feed(KeyEvent(OK, True), 1.006)] == []
    assert [*keys.feed(KeyEvent(OK, False), 1.2), *keys.due(2.0)] == []
    assert list(keys.feed(KeyEvent(OK, True), 2.1)) == [Press(OK)]


def bounced(random_: random.Random, at: float, key: Key, held: float) -> list[tuple[float, Key, bool]]:
    """One press with up to five bounces of at most 3 ms at each end."""
    events = [(at, key, True)]
    for begins, state in ((at, True), (at + held, False)):
        when = begins
        if not state:
            events.append((when, key, False))
        for _ in range(random_.randrange(6)):
            when += random_.uniform(0.0002, 0.003)
            events.append((when, key, not state))
            when += random_.uniform(0.0002, 0.003)
            events.append((when, key, state))
    return events


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_of_1000_bouncing_presses_none_is_doubled_and_none_lost(seed: int) -> None:
    random_ = random.Random(seed)
    at, events, pressed = 10.0, [], []
    for _ in range(1000):
        key, held = random_.choice([OK, DOWN, Key.DIGIT_7]), random_.uniform(0.05, 0.4)
        pressed.append(key)
        events += bounced(random_, at, key, held)
        at += held + random_.uniform(0.08, 0.3)
    got = [press for _, press in fed(Dispatcher(debounce=WINDOW_S), events, at + 1)]
    assert [press.key for press in got if press.phase is Phase.MAKE] == pressed
    assert [press.key for press in got if press.phase is Phase.BREAK] == pressed
    assert not [press for press in got if press.phase in (Phase.REPEAT, Phase.LONG)]
