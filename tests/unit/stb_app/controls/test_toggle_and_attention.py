"""A switch, and who is asked about which key."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stb_app.controls.attention import Attention
from stb_app.controls.port import Changed, Done, Ignored, Outcome, Phase, Press
from stb_app.controls.toggle import Toggle
from stb_app.input.keys import Key


class Taker:
    """Takes everything."""

    context = ""

    def __init__(self) -> None:
        self.given: list[Press] = []

    def handle(self, press: Press) -> Outcome:
        self.given.append(press)
        return Changed()


def test_ok_changes_it_and_nothing_else_does() -> None:
    toggle = Toggle(False)
    assert toggle.handle(Press(Key.OK)) == Done(True) and toggle.on
    for phase in (Phase.REPEAT, Phase.LONG, Phase.BREAK):
        assert toggle.handle(Press(Key.OK, phase)) == Ignored()
    for key in set(Key) - {Key.OK}:
        assert toggle.handle(Press(key)) == Ignored()
    assert toggle.on
    assert toggle.handle(Press(Key.OK)) == Done(False) and not toggle.on


def test_nobody_is_asked_where_nobody_edits() -> None:
    assert Attention().give(Press(Key.OK), None) == Ignored()


def test_a_change_of_screen_forgets_who_saw_what() -> None:
    attention, taker = Attention(), Taker()
    assert attention.give(Press(Key.OK), taker) == Changed()
    attention.drop()
    assert attention.give(Press(Key.OK, Phase.REPEAT), taker) == Ignored()
    assert attention.give(Press(Key.OK, Phase.BREAK), taker) == Ignored()
    assert taker.given == [Press(Key.OK)]


@given(st.lists(st.tuples(st.sampled_from([Key.OK, Key.UP]), st.sampled_from(Phase), st.sampled_from([0, 1, None]))))
def test_what_follows_a_make_goes_to_the_one_that_saw_it(steps: list[tuple[Key, Phase, int | None]]) -> None:
    """Against a plain model: of each key the one control that saw its last make."""
    attention, takers = Attention(), [Taker(), Taker()]
    saw: dict[Key, int | None] = {}
    for key, phase, focused in steps:
        taker = None if focused is None else takers[focused]
        expected = taker is not None and (phase is Phase.MAKE or saw.get(key) == focused)
        if phase is Phase.MAKE:
            saw[key] = focused
        elif phase is Phase.BREAK:
            saw.pop(key, None)
        assert (attention.give(Press(key, phase), taker) == Changed()) == expected
