"""Account numbers, telephones, codes: so many digits, in their groups, and a leading 7 or 8 that is none of them."""

from __future__ import annotations

import pytest
from hypothesis import given

from stb_app.controls.digits import ACCOUNT_NUMBER, ONE_TIME_CODE, PHONE, DigitsEntry, DigitsRule
from stb_app.controls.port import Cancelled, Changed, Done, Press
from stb_app.controls.secret import Secret
from stb_app.input.keys import Key
from tests.unit.stb_app.controls.keys import DIGITS, PRESSES, press, type_digits

RULES = [ACCOUNT_NUMBER, PHONE, ONE_TIME_CODE, DigitsRule(4, 9, (4, 5))]


def test_an_account_number_is_taken_with_ok_when_it_is_whole() -> None:
    entry = DigitsEntry(ACCOUNT_NUMBER)
    type_digits(entry, "10273345")
    assert list(entry.groups()) == ["1027", "3345", ""]
    assert press(entry, Key.OK) == [Changed()] and entry.missing == 4
    type_digits(entry, "8021")
    assert entry.missing == 0 and list(entry.groups()) == ["1027", "3345", "8021"]
    type_digits(entry, "9")
    assert press(entry, Key.OK) == [Done("102733458021")], "the thirteenth digit was none"


@pytest.mark.parametrize("typed", ["9021234567", "89021234567", "79021234567"])
def test_a_leading_7_or_8_of_a_telephone_is_dropped(typed: str) -> None:
    entry = DigitsEntry(PHONE)
    type_digits(entry, typed)
    assert press(entry, Key.OK) == [Done("9021234567")]


def test_ten_digits_that_begin_with_8_stay_what_they_are() -> None:
    entry = DigitsEntry(PHONE)
    type_digits(entry, "8002500890")
    assert press(entry, Key.OK) == [Done("8002500890")] and list(entry.groups()) == ["800", "250", "08", "90"]


def test_an_eleventh_digit_behind_another_number_is_none() -> None:
    entry = DigitsEntry(PHONE)
    type_digits(entry, "90212345678")
    assert press(entry, Key.OK) == [Done("9021234567")]


def test_a_code_sends_itself_and_is_told_to_nobody() -> None:
    entry = DigitsEntry(ONE_TIME_CODE)
    outcomes = type_digits(entry, "123456")
    assert outcomes[:-1] == [Changed()] * 5 and outcomes[-1] == Done(Secret("123456"))
    assert "123456" not in repr(outcomes[-1])
    entry.reset()
    assert entry.empty and press(entry, Key.BACK) == [Cancelled()]


def test_what_is_known_may_stand_there_first() -> None:
    entry = DigitsEntry(PHONE, "9021234567")
    press(entry, Key.BACK, Key.DIGIT_8)
    assert press(entry, Key.OK) == [Done("9021234568")]


@pytest.mark.parametrize(("least", "most", "groups"), [(0, 4, (4,)), (5, 4, (4,)), (4, 4, (2, 3))])
def test_a_rule_that_cannot_be_is_refused(least: int, most: int, groups: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="digits in groups"):
        DigitsRule(least, most, groups)


@pytest.mark.parametrize("rule", RULES)
@given(PRESSES)
def test_whatever_comes_it_holds_no_more_than_it_may(rule: DigitsRule, presses: list[Press]) -> None:
    entry = DigitsEntry(rule)
    for each in presses:
        outcome = entry.handle(each)
        assert entry.count <= rule.most and "".join(entry.groups()).isdecimal() == bool(entry.count)
        if isinstance(outcome, Done):
            value = outcome.value.reveal() if rule.secret else outcome.value
            assert rule.least <= len(value) <= rule.most and value.isdecimal()


@given(DIGITS)
def test_any_telephone_typed_with_or_without_its_trunk_digit_is_the_same(digits: str) -> None:
    number = digits[:10].rjust(10, "9")
    for trunk in ("", "7", "8"):
        entry = DigitsEntry(PHONE)
        type_digits(entry, trunk + number)
        assert press(entry, Key.OK) == [Done(number)]
