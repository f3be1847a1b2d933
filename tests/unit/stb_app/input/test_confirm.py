"""What spends money acts on the release of a press that began on it, and on nothing else."""

from __future__ import annotations

import pytest

from stb_app.input.confirm import FreshPress, Said
from stb_app.input.keys import Key
from stb_app.input.press import Phase, Press

OK, DOWN, RED = Key.OK, Key.DOWN, Key.RED
MAKE, REPEAT, LONG, BREAK = Phase.MAKE, Phase.REPEAT, Phase.LONG, Phase.BREAK


class Place:
    """A screen where OK pays what ``says`` says, by a keymap that has OK on the press."""

    def __init__(self) -> None:
        self.says: Said | None = ("pay", "Оплатить", "340 ₽")
        self.fresh = FreshPress()
        self.line: dict[Phase, str] = {MAKE: "select"}

    def press(self, key: Key, phase: Phase) -> str | None:
        line = self.line if key is OK else {MAKE: "focus.down", REPEAT: "focus.down"}
        short = line.get(MAKE) or line.get(BREAK)
        return self.fresh.settle(Press(key, phase), line.get(phase), short, self.confirms)

    def confirms(self, action: str) -> Said | None:
        return self.says if action == "select" else None


@pytest.fixture
def place() -> Place:
    return Place()


def test_the_release_acts_and_the_press_does_not(place: Place) -> None:
    assert place.press(OK, MAKE) is None
    assert place.press(OK, BREAK) == "select"
    assert place.press(OK, BREAK) is None, "once"


def test_a_held_key_acts_on_its_release_too(place: Place) -> None:
    assert [place.press(OK, each) for each in (MAKE, REPEAT, LONG, BREAK)] == [None, None, None, "select"]


def test_what_confirms_nothing_acts_on_the_press(place: Place) -> None:
    place.says = None
    assert [place.press(OK, MAKE), place.press(OK, BREAK)] == ["select", None]


def test_a_release_without_a_press_here_does_nothing(place: Place) -> None:
    assert place.press(OK, BREAK) is None


def test_another_key_between_takes_it_back(place: Place) -> None:
    place.press(OK, MAKE)
    assert place.press(DOWN, MAKE) == "focus.down"
    assert place.press(OK, BREAK) is None


def test_another_thing_or_another_price_under_the_finger_is_not_confirmed(place: Place) -> None:
    for said in (("pay", "Оплатить", "341 ₽"), ("off", "Отключить", "340 ₽"), None):
        place.says = ("pay", "Оплатить", "340 ₽")
        place.press(OK, MAKE)
        place.says = said
        assert place.press(OK, BREAK) is None, said


def test_what_came_under_the_finger_after_the_press_is_not_confirmed(place: Place) -> None:
    place.says = None
    place.press(OK, MAKE)
    place.says = ("pay", "Оплатить", "340 ₽")
    assert place.press(OK, BREAK) is None


def test_a_changed_screen_forgets_the_press(place: Place) -> None:
    place.press(OK, MAKE)
    place.fresh.forget()
    assert place.press(OK, BREAK) is None


def test_a_line_that_acts_on_the_release_needs_its_press_here_as_well(place: Place) -> None:
    place.line = {BREAK: "select", LONG: "help"}
    assert [place.press(OK, MAKE), place.press(OK, BREAK)] == [None, "select"]
    place.press(OK, MAKE)
    place.says = ("off", "Отключить", "0 ₽")
    assert place.press(OK, BREAK) is None
    assert [place.press(OK, MAKE), place.press(OK, LONG), place.press(OK, BREAK)] == [None, "help", None]
