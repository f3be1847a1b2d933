"""The focus is never lost: whatever a page becomes, it is on something that is seen, and everything can be reached."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from stb_app.toolkit.elements import Column, Element, Row, Text
from stb_app.toolkit.focus import Direction
from stb_app.toolkit.many import Grid, Scroll
from stb_app.toolkit.stage import Page, Stage
from stb_app.toolkit.widgets import button, row
from stb_app.toolkit.zones import Together
from tests.unit.stb_app.support import page, stage

DIRECTIONS: tuple[Direction, ...] = ("UP", "DOWN", "LEFT", "RIGHT")
SIZE = (960, 540)


def rows(*numbers: int) -> Page:
    shown: list[Element] = [row(f"r{number}", f"Row {number}") for number in numbers]
    return page(Scroll("list", shown or [Text("nothing")]), "list")


def showing(*numbers: int, focus: str | None = None) -> Stage:
    result = stage(size=SIZE)
    result.show(rows(*numbers), focus)
    return result


def again(of: Stage, *numbers: int) -> str | None:
    """The same screen with other rows, as the app shows it."""
    of.show(rows(*numbers), of.focus, fresh=False)
    return of.focus


def test_the_next_row_takes_over_and_the_last_ones_neighbour() -> None:
    shown = showing(*range(9), focus="r4")
    assert again(shown, 0, 1, 2, 3, 5, 6, 7, 8) == "r5"
    shown.set_focus("r8")
    assert again(shown, 0, 1, 2, 3, 5, 6, 7) == "r7"


def test_the_row_that_comes_back_has_the_focus_again() -> None:
    shown = showing(*range(9), focus="r4")
    assert again(shown, 0, 1, 2) == "r2"
    assert again(shown, 0, 1) == "r1"
    assert again(shown, *range(9)) == "r4"


def test_a_list_that_is_empty_for_a_moment_gives_it_back() -> None:
    shown = showing(*range(9), focus="r6")
    assert again(shown) is None
    assert shown.wanted == "r6"
    assert again(shown, *range(9)) == "r6"


def test_a_list_that_comes_back_without_the_row_gives_it_to_the_next() -> None:
    shown = showing(*range(9), focus="r6")
    assert again(shown) is None
    assert again(shown, 0, 1, 2, 7, 8) == "r7"
    assert again(shown) is None
    assert again(shown, 0, 1, 2, 7, 8) == "r7", "who took over does not lose it either"
    assert again(shown, *range(9)) == "r6"


def test_after_an_arrow_it_does_not_jump_back() -> None:
    shown = showing(*range(9), focus="r4")
    assert again(shown, 0, 1, 2, 5, 6) == "r5"
    assert shown.move("DOWN")
    assert again(shown, *range(9)) == "r6"


def test_another_screen_forgets_what_was_missed() -> None:
    shown = showing(*range(9), focus="r4")
    again(shown, 0, 1)
    shown.show(rows(7, 8), None)
    assert again(shown, *range(9)) == "r7"


def test_coming_back_to_a_screen_whose_row_is_gone() -> None:
    shown = stage(size=SIZE)
    order = tuple(f"r{number}" for number in range(9))
    shown.show(rows(0, 1, 2, 6, 7), "r4", order=order)
    assert shown.focus == "r6"
    assert again(shown, *range(9)) == "r4", "and it comes back"


def test_coming_back_to_a_screen_that_loads_anew() -> None:
    shown = stage(size=SIZE)
    shown.show(rows(), "r4")
    assert shown.focus is None and shown.wanted == "r4"
    assert again(shown, *range(9)) == "r4"


def test_of_several_that_may_come_first_the_first_that_is_there_does() -> None:
    shown = stage(size=SIZE)
    several = rows(0, 1, 2)
    several.initial = ("text.0", "r2", "r1")
    shown.show(several, None)
    assert shown.focus == "r2"
    several.initial = ("text.0", "text.1")
    shown.show(several, None)
    assert shown.focus == "r0"


def test_a_zone_and_a_made_way_work_on_the_stage() -> None:
    shown = stage(size=SIZE)
    tabs = Together("tabs", Row([button(f"t{i}", f"Tab {i}") for i in range(3)], gap="medium"), entry="t2")
    below = button("below", "Below")
    below.left = "t0"
    shown.show(page(Column([tabs, below], gap="medium")), "below")
    assert shown.move("UP") and shown.focus == "t2"
    shown.set_focus("below")
    assert shown.move("LEFT") and shown.focus == "t0"


def test_a_made_way_leads_from_a_row_out_of_sight_too() -> None:
    shown = stage(size=SIZE)
    made: list[Element] = [row(f"r{i}", f"Row {i}") for i in range(20)]
    made[0].up = "r19"  # type: ignore[attr-defined]
    shown.show(page(Scroll("list", made)), "r0")
    assert shown.move("UP") and shown.focus == "r19"


def test_a_list_goes_on_before_the_way_leads_to_the_list_above_it() -> None:
    shown = stage(size=(1920, 1080))
    upper, lower = (Scroll(side, [button(f"{side}{i}", "Row") for i in range(4)]) for side in "ab")
    shown.show(page(Column([upper, lower, button("below", "Below")], gap="small")), "b3")
    for number in (2, 1, 0):
        assert shown.move("UP") and shown.focus == f"b{number}"
    assert shown.move("UP") and shown.focus in ("a2", "a3")
    shown.set_focus("a0")
    for number in (1, 2, 3):
        assert shown.move("DOWN") and shown.focus == f"a{number}"
    assert shown.move("DOWN") and shown.focus == "b0"


Part = tuple[str, list[int]]
Tree = tuple[list[Part], list[Part], int]

part: st.SearchStrategy[Part] = st.one_of(
    st.tuples(st.just("row"), st.lists(st.integers(0, 30), min_size=1, max_size=4, unique=True)),
    st.tuples(st.just("grid"), st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True)),
    st.tuples(st.just("list"), st.lists(st.integers(0, 30), max_size=9, unique=True)),
    st.tuples(st.just("text"), st.just([])),
)
tree: st.SearchStrategy[Tree] = st.tuples(st.lists(part, max_size=3), st.lists(part, max_size=2), st.integers(0, 7))
"""Two columns of parts, and which parts are zones."""


def built(of: Tree) -> Page:
    left, right, zones = of
    used: set[str] = set()
    sides: list[Element] = []
    for side, parts in (("l", left), ("r", right)):
        shown: list[Element] = []
        for index, (kind, numbers) in enumerate(parts):
            names = [name for number in numbers if (name := f"{side}{number}") not in used]
            used |= set(names)
            element = _part(kind, f"{side}.{index}", names)
            if zones >> index & 1 and names:
                element = Together(f"{side}.{index}", element, keeps=bool(zones & 4), aligned=bool(zones & 2))
            shown.append(element)
        if shown:
            sides.append(Column(shown, gap="small", grow=1))
    return page(Row(sides, gap="medium", align="stretch") if sides else Text("nothing"), "random")


def _part(kind: str, name: str, names: list[str]) -> Element:
    buttons: list[Element] = [button(each, each, grow=1) for each in names]
    match kind:
        case "row" if buttons:
            return Row(buttons, gap="medium")
        case "grid" if buttons:
            return Grid(buttons, 3)
        case "list":
            return Scroll(name, buttons or [Text("empty")])
        case _:
            return Text("words")


class Viewer(RuleBasedStateMachine):
    """A page changes under a viewer who presses arrows."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = stage(size=(1920, 1080))

    @initialize(of=tree)
    def begin(self, of: Tree) -> None:
        self.stage.show(built(of), None)

    @rule(direction=st.sampled_from(DIRECTIONS))
    def press(self, direction: Direction) -> None:
        self.stage.move(direction)

    @rule(of=tree)
    def change(self, of: Tree) -> None:
        self.stage.show(built(of), self.stage.focus, fresh=False)

    @rule()
    def empty_and_back(self) -> None:
        """A reload: nothing for a moment, then the same again."""
        was, page_ = self.stage.focus, self.stage.page
        assert page_ is not None
        self.stage.show(built(([], [], 0)), was, fresh=False)
        assert self.stage.focus is None
        self.stage.show(page_, None, fresh=False)
        assert self.stage.focus == was or was is None

    @rule(of=tree)
    def open_and_back(self, of: Tree) -> None:
        was, page_ = self.stage.wanted, self.stage.page
        order, offsets = self.stage.order, self.stage.offsets()
        assert page_ is not None
        self.stage.show(built(of), None)
        page_.offsets = offsets
        self.stage.show(page_, was, order=order)

    @invariant()
    def the_focus_is_on_something_seen(self) -> None:
        places = self.stage._scene.focusables
        if not places:
            assert self.stage.focus is None
            return
        seen = {node.id: node.rect for node in self.stage.tree().walk() if node.focusable}
        assert self.stage.focus in seen
        assert seen[self.stage.focus].width > 0 and seen[self.stage.focus].height > 0

    def teardown(self) -> None:
        """From where the viewer ended, the arrows lead everywhere, lists scrolling as they go."""
        places = set(self.stage.order)
        start = self.stage.focus
        if start is None:
            return
        found, waiting = {start}, [start]
        while waiting:
            at = waiting.pop()
            for direction in DIRECTIONS:
                self.stage._memory.clear()
                self.stage.set_focus(at)
                self.stage.move(direction)
                if self.stage.focus is not None and self.stage.focus not in found:
                    found.add(self.stage.focus)
                    waiting.append(self.stage.focus)
        assert found == places


Viewer.TestCase.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
TestViewer = Viewer.TestCase
