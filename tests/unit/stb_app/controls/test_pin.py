"""A PIN sends itself after its last digit, and nothing but ``reveal`` ever tells it."""

from __future__ import annotations

import pytest
from hypothesis import given

from stb_app.controls.pad import DELETE
from stb_app.controls.pin import PinEntry
from stb_app.controls.port import Cancelled, Changed, Done, Ignored, Outcome, Phase, Press
from stb_app.controls.secret import Secret
from stb_app.input.keys import Key
from tests.unit.stb_app.controls.keys import PRESSES, press, type_digits


def test_the_last_digit_sends_it() -> None:
    pin = PinEntry()
    assert type_digits(pin, "4821") == [Changed(), Changed(), Changed(), Done(Secret("4821"))]
    assert type_digits(pin, "7") == [Changed()], "a bouncing key spoils no second try"
    assert pin.count == 4
    pin.reset()
    assert pin.empty and type_digits(pin, "0000")[-1] == Done(Secret("0000"))


@pytest.mark.parametrize("key", [Key.BACK, Key.LEFT])
def test_the_last_digit_is_taken_back(key: Key) -> None:
    pin = PinEntry()
    type_digits(pin, "48")
    assert press(pin, key) == [Changed()] and pin.count == 1
    type_digits(pin, "9")
    assert type_digits(pin, "01")[-1] == Done(Secret("4901"))


def test_back_gives_up_where_nothing_is_left_and_a_held_one_only_empties() -> None:
    pin = PinEntry()
    assert press(pin, Key.BACK) == [Cancelled()]
    type_digits(pin, "48")
    press(pin, Key.BACK)
    held = [pin.handle(Press(Key.BACK, Phase.REPEAT)) for _ in range(3)]
    assert held == [Changed(), Changed(), Changed()] and pin.empty
    assert press(pin, Key.BACK) == [Cancelled()]


def test_left_on_an_empty_field_leads_away() -> None:
    assert press(PinEntry(), Key.LEFT, Key.RIGHT, Key.UP) == [Ignored(), Ignored(), Ignored()]


def test_ok_too_early_says_so_until_the_next_digit() -> None:
    pin = PinEntry()
    type_digits(pin, "12")
    assert press(pin, Key.OK) == [Changed()] and pin.short
    type_digits(pin, "3")
    assert not pin.short


def test_a_held_digit_counts_once() -> None:
    pin = PinEntry()
    type_digits(pin, "1")
    assert pin.handle(Press(Key.DIGIT_1, Phase.REPEAT)) == Ignored()
    assert pin.handle(Press(Key.DIGIT_1, Phase.LONG)) == Ignored() and pin.count == 1


def on_the_pad(pin: PinEntry, wanted: str) -> Outcome:
    """Press ``wanted`` on the pad by arrows and OK, from wherever the cursor is."""
    if pin.cursor is None:
        press(pin, Key.DOWN)
    assert pin.cursor is not None
    places = [(row, keys.index(wanted)) for row, keys in enumerate(pin.keys) if wanted in keys]
    row, column = places[0]
    step = Key.RIGHT if column > pin.cursor[1] else Key.LEFT
    while pin.cursor[1] != column:
        press(pin, step)
    if pin.cursor[0] != row and len(places) == 1:
        press(pin, Key.DOWN if row > pin.cursor[0] else Key.UP)
    return press(pin, Key.OK)[0]


def test_a_remote_without_digits_types_on_the_pad() -> None:
    pin = PinEntry()
    assert [on_the_pad(pin, key) for key in ("4", "8", "0", DELETE, "2")] == [Changed()] * 5
    assert on_the_pad(pin, "1") == Done(Secret("4821"))


def cursor(pin: PinEntry, *keys: Key) -> tuple[int, int] | None:
    """Where it stands after ``keys``, each of which must do something."""
    assert press(pin, *keys) == [Changed()] * len(keys)
    return pin.cursor


def test_the_cursor_leaves_the_pad_upwards_to_the_field_and_downwards_to_what_lies_below() -> None:
    pin = PinEntry()
    assert cursor(pin, Key.DOWN, Key.RIGHT, Key.DOWN) == (1, 1)
    assert press(pin, Key.DOWN) == [Ignored()]
    assert cursor(pin, Key.UP, Key.UP) is None
    assert cursor(pin, Key.DOWN) == (0, 1), "the pad is entered where it was left"
    assert cursor(pin, *[Key.RIGHT] * 9) == (0, 5)
    assert press(pin, Key.DOWN) == [Ignored()], "the tall key reaches down to the pad's end"
    assert cursor(pin, Key.UP) is None


@given(PRESSES)
def test_whatever_comes_it_holds_four_digits_at_most_and_tells_none(presses: list[Press]) -> None:
    pin = PinEntry()
    for each in presses:
        outcome = pin.handle(each)
        assert 0 <= pin.count <= 4
        if isinstance(outcome, Done):
            assert pin.count == 4 and len(outcome.value.reveal()) == 4
            assert not set("0123456789") & set(f"{outcome!r}{outcome.value}")
        if isinstance(outcome, Cancelled):
            assert pin.empty
