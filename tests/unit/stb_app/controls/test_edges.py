"""Corner by corner: whatever is pressed, an edge stays between nothing and the most that may be given up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stb_app.controls.edges import LONGEST_EDGE, STEP, EdgeMover
from stb_app.controls.port import Cancelled, Changed, Done, Ignored, Phase, Press
from stb_app.input.keys import Key

PRESSES = st.lists(st.builds(Press, st.sampled_from(list(Key)), st.sampled_from(list(Phase))), max_size=200)
R, D, L, U = (Press(key) for key in (Key.RIGHT, Key.DOWN, Key.LEFT, Key.UP))
OK, BACK, ZERO = (Press(key) for key in (Key.OK, Key.BACK, Key.DIGIT_0))


@given(PRESSES)
def test_the_edges_stay_within_their_limits(presses: list[Press]) -> None:
    mover = EdgeMover((0, 0, 0, 0))
    for press in presses:
        outcome = mover.handle(press)
        assert all(0 <= edge <= LONGEST_EDGE and edge % STEP == 0 for edge in mover.edges)
        if isinstance(outcome, Done):
            assert outcome.value == mover.edges and mover.corner == "last"


def test_each_corner_moves_its_own_edges_inwards() -> None:
    mover = EdgeMover((0, 0, 0, 0))
    for press in (R, R, D):
        assert mover.handle(press) == Changed()
    assert mover.edges == (2 * STEP, STEP, 0, 0)
    mover.handle(OK)
    for press in (L, U, U, U):
        mover.handle(press)
    assert mover.edges == (2 * STEP, STEP, STEP, 3 * STEP)
    assert mover.handle(OK) == Done((2 * STEP, STEP, STEP, 3 * STEP))


def test_zero_starts_this_corner_over() -> None:
    mover = EdgeMover((8, 8, 12, 12))
    mover.handle(ZERO)
    assert mover.edges == (0, 0, 12, 12)
    mover.handle(OK)
    mover.handle(ZERO)
    assert mover.edges == (0, 0, 0, 0)


def test_back_goes_a_corner_back_and_then_leaves() -> None:
    mover = EdgeMover((8, 0, 0, 0))
    mover.handle(OK)
    assert mover.handle(BACK) == Changed() and mover.corner == "first"
    assert mover.handle(BACK) == Cancelled()


def test_a_held_arrow_moves_on_and_a_held_ok_does_nothing() -> None:
    mover = EdgeMover((0, 0, 0, 0))
    mover.handle(Press(Key.RIGHT, Phase.REPEAT))
    assert mover.edges[0] == STEP
    assert mover.handle(Press(Key.OK, Phase.REPEAT)) == Ignored() and mover.corner == "first"
