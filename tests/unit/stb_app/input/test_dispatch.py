"""Makes and breaks become presses with a phase; nothing held leaks into what was not there when it went down."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stb_app.input.dispatch import Dispatcher
from stb_app.input.keys import Key, KeyEvent
from stb_app.input.press import Phase, Press
from stb_app.input.repeat import SLOW

OK, UP, DOWN = Key.OK, Key.UP, Key.DOWN


def down(keys: Dispatcher, key: Key, now: float) -> list[Press]:
    return list(keys.feed(KeyEvent(key, True), now))


def up(keys: Dispatcher, key: Key, now: float) -> list[Press]:
    return list(keys.feed(KeyEvent(key, False), now))


def test_a_short_press_is_a_make_and_a_break() -> None:
    keys = Dispatcher()
    assert down(keys, OK, 1.0) == [Press(OK)]
    assert up(keys, OK, 1.1) == [Press(OK, Phase.BREAK)]
    assert keys.deadline is None
    assert not keys.was_long(OK)


def test_a_held_key_repeats_and_becomes_long_once() -> None:
    keys = Dispatcher()
    down(keys, UP, 1.0)
    assert keys.deadline == 1.5
    got = [(step / 1000, press.phase) for step in range(1000, 2200, 5) for press in keys.due(step / 1000)]
    assert got == [
        (1.5, Phase.REPEAT), (1.625, Phase.REPEAT), (1.75, Phase.REPEAT), (1.8, Phase.LONG), (1.875, Phase.REPEAT),
        (2.0, Phase.REPEAT), (2.125, Phase.REPEAT),
    ]  # fmt: skip
    assert up(keys, UP, 2.2) == [Press(UP, Phase.BREAK)]
    assert keys.was_long(UP)
    down(keys, UP, 3.0)
    assert not keys.was_long(UP)


def test_a_late_loop_still_knows_a_long_press_by_the_kernels_times() -> None:
    keys = Dispatcher()
    assert list(keys.feed(KeyEvent(OK, True, at=1.0), 5.0)) == [Press(OK)]
    got = list(keys.feed(KeyEvent(OK, False, at=1.9), 5.0))
    assert got == [Press(OK, Phase.LONG), Press(OK, Phase.BREAK)]


def test_a_late_loop_makes_no_long_press_of_a_short_one() -> None:
    keys = Dispatcher()
    list(keys.feed(KeyEvent(OK, True, at=1.0), 5.0))
    assert list(keys.feed(KeyEvent(OK, False, at=1.1), 5.0)) == [Press(OK, Phase.BREAK)]


def test_a_time_from_the_future_is_now() -> None:
    keys = Dispatcher()
    list(keys.feed(KeyEvent(OK, True, at=99.0), 1.0))
    assert keys.deadline == 1.5


def test_after_a_change_of_screen_a_held_key_does_nothing_more() -> None:
    keys = Dispatcher()
    down(keys, OK, 1.0)
    keys.drop()
    assert keys.deadline is None
    assert list(keys.due(9.0)) == []
    assert up(keys, OK, 9.1) == []
    assert down(keys, OK, 9.2) == [Press(OK)]


def test_a_change_of_screen_in_the_middle_ends_what_is_left_of_the_press() -> None:
    keys = Dispatcher()
    list(keys.feed(KeyEvent(OK, True, at=1.0), 1.0))
    presses = keys.feed(KeyEvent(OK, False, at=2.0), 2.0)
    assert next(presses) == Press(OK, Phase.LONG)
    keys.drop()
    assert list(presses) == []
    assert down(keys, OK, 3.0) == [Press(OK)], "it is up again all the same"


def test_a_press_that_two_receivers_see_is_one() -> None:
    keys = Dispatcher()
    got = [down(keys, OK, 1.0), down(keys, OK, 1.03), up(keys, OK, 1.1), up(keys, OK, 1.13)]
    assert got == [[Press(OK)], [], [Press(OK, Phase.BREAK)], []]


def test_a_second_receiver_does_not_press_on_the_screen_that_the_first_one_opened() -> None:
    keys = Dispatcher()
    down(keys, OK, 1.0)
    keys.drop()
    assert down(keys, OK, 1.03) == []


def test_a_release_that_nobody_saw_ends_the_hold_and_says_nothing() -> None:
    keys = Dispatcher()
    down(keys, OK, 1.0)
    assert list(keys.feed(KeyEvent(OK, False, lost=True), 1.2)) == []
    assert keys.deadline is None
    assert down(keys, OK, 2.0) == [Press(OK)]


def test_another_key_ends_repeat_and_long_press_of_the_one_before() -> None:
    keys = Dispatcher()
    down(keys, UP, 1.0)
    down(keys, OK, 1.2)
    assert [press.key for step in range(12, 30) for press in keys.due(step / 10)].count(UP) == 0
    assert up(keys, UP, 3.0) == [Press(UP, Phase.BREAK)]


def test_the_rate_of_the_repeat_is_the_viewers() -> None:
    keys = Dispatcher()
    keys.rate = SLOW
    down(keys, UP, 1.0)
    assert [press.phase for press in keys.due(2.9)] == [Phase.LONG]
    assert list(keys.due(3.0)) == [Press(UP, Phase.REPEAT)]
    keys.rate = None
    up(keys, UP, 3.1)
    down(keys, UP, 4.0)
    assert [press.phase for step in range(40, 200) for press in keys.due(step / 10)] == [Phase.LONG]


@given(st.lists(st.tuples(st.sampled_from([OK, UP, DOWN]), st.sampled_from(["down", "up", "lost", "drop"]),
                          st.floats(0.0, 1.5)), max_size=60), st.sampled_from([0.0, 0.04]))  # fmt: skip
def test_every_phase_has_its_make_since_the_last_change_of_screen(
    steps: list[tuple[Key, str, float]], debounce: float
) -> None:
    keys, now, made = Dispatcher(debounce=debounce), 0.0, set[Key]()
    for key, what, wait in steps:
        now += wait
        presses = list(keys.due(now))
        if what == "drop":
            assert {press.key for press in presses} <= made
            keys.drop()
            made.clear()
            assert keys.deadline is None or debounce
            continue
        presses += keys.feed(KeyEvent(key, what == "down", lost=what == "lost"), now)
        for press in presses:
            if press.phase is Phase.MAKE:
                assert press.key not in made, "pressed twice without a release"
                made.add(press.key)
            else:
                assert press.key in made, press
                if press.phase is Phase.BREAK:
                    made.discard(press.key)
        if what == "lost":
            made.discard(key)
