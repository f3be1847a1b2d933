"""Presses as a viewer makes them, for the tests of what is typed."""

from __future__ import annotations

from hypothesis import strategies as st

from stb_app.controls.port import Control, Outcome, Phase, Press
from stb_app.input.keys import Key

_DIGITS = st.builds(Press, st.sampled_from([key for key in Key if key.value.isdecimal()]))
PRESSES = st.lists(st.one_of(_DIGITS, st.builds(Press, st.sampled_from(Key), st.sampled_from(Phase))), max_size=60)
"""Whatever comes, every other one a digit."""
DIGITS = st.text("0123456789", max_size=20)


def press(control: Control, *keys: Key) -> list[Outcome]:
    """The outcome of each."""
    return [control.handle(Press(key)) for key in keys]


def type_digits(control: Control, digits: str) -> list[Outcome]:
    return press(control, *(Key(digit) for digit in digits))
