"""A number typed in a list leads to its row; where a control takes digits, or there is no list, it does nothing."""

from __future__ import annotations

import pytest

from stb_app.input.keys import Key
from stb_app.navigation import Ask
from stb_app.row_number import COMPLETE_S
from stb_app.screens.dialog import Choice, Dialog
from tests.flows.places import OK, D
from tests.flows.test_long_lists import opened, position
from tests.screens.checks import findings
from tools.pilot.pilot import Pilot


def digits(pilot: Pilot, number: str) -> None:
    pilot.press(*(Key(digit) for digit in number))


def toast(pilot: Pilot) -> str:
    return next((str(node["label"]) for node in pilot.nodes() if node["id"] == "toast"), "")


def test_a_number_leads_to_its_row_after_a_while() -> None:
    pilot = opened()
    digits(pilot, "42")
    assert pilot.focus == "entry.e0" and toast(pilot) == "Строка 42 из 1000"
    pilot.advance(COMPLETE_S - 0.1)
    assert pilot.focus == "entry.e0"
    pilot.advance(0.1)
    assert pilot.focus == "entry.e41" and position(pilot) == "42 из 1000" and toast(pilot) == ""
    assert list(findings(pilot)) == []


def test_each_digit_gives_time_for_the_next() -> None:
    pilot = opened()
    for digit in "731":
        digits(pilot, digit)
        pilot.advance(COMPLETE_S - 0.1)
    assert pilot.focus == "entry.e730", "three digits of a thousand rows, and no fourth could follow"


@pytest.mark.parametrize(("number", "row"), [("1000", 999), ("0999", 998), ("101", 100), ("200", 199)])
def test_it_goes_at_once_where_no_digit_could_follow(number: str, row: int) -> None:
    pilot = opened()
    digits(pilot, number)
    assert pilot.focus == f"entry.e{row}" and toast(pilot) == ""


def test_a_number_beyond_the_last_row_leads_to_the_last() -> None:
    pilot = opened(15)
    digits(pilot, "19")
    assert pilot.focus == "entry.e14"


def test_ok_goes_at_once_and_does_nothing_else() -> None:
    pilot = opened()
    digits(pilot, "7")
    pilot.press(OK)
    assert (pilot.screen, pilot.focus) == ("month", "entry.e6")


@pytest.mark.parametrize(("key", "focus"), [(Key.BACK, "entry.e0"), (D, "entry.e1"), (Key.PAGE_DOWN, None)])
def test_other_keys_give_it_up(key: Key, focus: str | None) -> None:
    pilot = opened()
    digits(pilot, "42")
    pilot.press(key)
    assert pilot.screen == "month" and toast(pilot) == ""
    after = pilot.focus
    assert focus in (after, None)
    pilot.advance(2 * COMPLETE_S)
    assert pilot.focus == after, "nothing comes later"


def test_another_screen_knows_nothing_of_what_was_typed() -> None:
    pilot = opened()
    digits(pilot, "42")
    pilot.press(Key.INFO)
    assert pilot.screen == "help" and toast(pilot) == ""
    pilot.advance(2 * COMPLETE_S)
    pilot.press(Key.BACK)
    assert pilot.focus == "entry.e0"


def test_digits_do_nothing_where_there_is_no_list_and_in_a_question() -> None:
    pilot = Pilot()
    shown = pilot.platform.presents
    digits(pilot, "42")
    assert pilot.focus == "pay" and pilot.platform.presents == shown
    pilot = opened()
    pilot.app._go(Ask(Dialog("sure", "Sure?", "", [Choice("yes", "Yes"), Choice("no", "No")])))
    pilot.settle()
    digits(pilot, "2")
    pilot.advance(COMPLETE_S)
    assert pilot.focus == "answer.yes" and toast(pilot) == ""


def test_zero_begins_no_number() -> None:
    pilot = opened()
    shown = pilot.platform.presents
    digits(pilot, "0")
    assert toast(pilot) == "" and pilot.platform.presents == shown


def test_the_numbers_of_a_list_at_size_xl_are_those_that_its_position_says() -> None:
    pilot = opened(200, "XL")
    digits(pilot, "150")
    assert pilot.focus == "entry.e149" and position(pilot) == "150 из 200"
