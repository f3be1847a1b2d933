"""One of a few, stepped through in place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stb_app.controls.choose import ChooseOne
from stb_app.controls.port import Changed, Done, Ignored, Phase, Press
from stb_app.input.keys import Key

SIZES = [("S", "Small"), ("M", "Medium"), ("XL", "Very large")]


def test_the_arrows_step_and_each_step_is_told() -> None:
    control = ChooseOne(SIZES, "M")
    assert control.handle(Press(Key.RIGHT)) == Done("XL") and control.label == "Very large"
    assert control.handle(Press(Key.LEFT)) == Done("M")
    assert control.handle(Press(Key.LEFT, Phase.REPEAT)) == Done("S")


def test_at_the_ends_the_arrow_is_taken_and_nothing_is_told() -> None:
    control = ChooseOne(SIZES, "S")
    assert control.handle(Press(Key.LEFT)) == Changed() and control.value == "S"
    control = ChooseOne(SIZES, "XL")
    assert control.handle(Press(Key.RIGHT, Phase.REPEAT)) == Changed() and control.value == "XL"


def test_ok_alone_reaches_every_option() -> None:
    control = ChooseOne(SIZES, "M")
    assert [control.handle(Press(Key.OK)) for _ in SIZES] == [Done("XL"), Done("S"), Done("M")]
    assert control.handle(Press(Key.OK, Phase.REPEAT)) == Ignored(), "a held OK does not run on"


def test_one_option_alone_is_never_chosen_anew() -> None:
    control = ChooseOne([("ru", "Русский")], "ru")
    assert {type(control.handle(Press(key))) for key in (Key.LEFT, Key.RIGHT, Key.OK)} == {Changed}


def test_other_keys_go_on() -> None:
    control = ChooseOne(SIZES, "M")
    for key in set(Key) - {Key.LEFT, Key.RIGHT, Key.OK}:
        assert control.handle(Press(key)) == Ignored()


def test_options_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="'L' is none of the options"):
        ChooseOne(SIZES, "L")
    with pytest.raises(ValueError, match="twice"):
        ChooseOne([*SIZES, ("S", "Tiny")], "M")
    with pytest.raises(ValueError, match="none of the options"):
        ChooseOne([], None)


@given(st.lists(st.builds(Press, st.sampled_from(Key), st.sampled_from(Phase))))
def test_whatever_comes_the_value_is_an_option_and_done_tells_it(presses: list[Press]) -> None:
    control = ChooseOne(SIZES, "M")
    for press in presses:
        before = control.value
        outcome = control.handle(press)
        assert control.value in dict(SIZES)
        assert isinstance(outcome, Done) == (control.value != before)
        if isinstance(outcome, Done):
            assert outcome.value == control.value
