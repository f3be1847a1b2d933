"""The history: results, modals, screens that end while they are covered, and that Back always leads towards home."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from stb_app.navigation import Answer, Back, History
from stb_app.screens.base import Frame, Modal, Screen, View
from stb_app.toolkit.stage import Page

NAMES = ("home", "pay", "help", "charges", "month")


class Named(Screen):
    name = ""

    def __init__(self, name: str) -> None:
        self.__dict__["name"] = name

    def build(self, view: View, frame: Frame) -> Page:
        raise NotImplementedError


class Question(Modal):
    name = "question"

    def build(self, view: View, frame: Frame) -> Page:
        raise NotImplementedError


def history(*names: str) -> History:
    result = History(Named("home"))
    for name in names:
        result.push(Question(name[1:]) if name.startswith("?") else Named(name))
    return result


def names(of: History) -> list[str]:
    return [f"?{s.question}" if isinstance(s, Modal) else s.name for s in (place.screen for place in of._places)]


def test_a_result_goes_to_the_screen_below() -> None:
    of = history("pay", "?sure")
    assert of.pop("yes") == Answer("sure", "yes")
    assert of.pop() == Answer("pay", None)
    assert of.pop() is None and names(of) == ["home"]


def test_a_screen_opened_again_moves_to_the_top_and_takes_its_questions_along() -> None:
    of = history("pay", "?sure", "help", "charges")
    of.push(Named("pay"))
    assert names(of) == ["home", "help", "charges", "pay"]
    of.push(Named("help"))
    assert names(of) == ["home", "charges", "pay", "help"]


def test_the_root_opened_again_comes_to_light() -> None:
    of = history("pay", "help")
    of.push(Named("home"))
    assert names(of) == ["home"]


def test_a_screen_may_lead_to_another_of_its_name() -> None:
    of = history("help")
    of.push(Named("help"))
    assert names(of) == ["home", "help", "help"]


def test_a_covered_screen_leaves_with_its_first_result_when_it_would_be_seen() -> None:
    of = history("pay", "help")
    pay = of._places[1]
    of.leave_later(pay, Back("paid"))
    of.leave_later(pay, Back("paid twice"))
    assert names(of) == ["home", "pay", "help"]
    below = of.below
    assert below is not None and below.screen.name == "home", "Back leads past it"
    assert of.pop("read") == Answer("pay", "paid")
    assert names(of) == ["home"]


def test_the_root_never_leaves() -> None:
    of = history("pay")
    of.leave_later(of._places[0], Back())
    of.pop()
    assert names(of) == ["home"]


def test_behind_a_modal_is_the_topmost_whole_screen_and_the_modals_on_it() -> None:
    of = history("pay", "?first", "?second")
    assert [place.screen.called_for for place in of.backdrop] == ["pay", "first"]
    assert history("pay").backdrop == [] and [each.screen.name for each in history("pay").covered] == ["home"]


def test_home_answers_the_question_over_the_root_only() -> None:
    assert history().home() is None
    assert history("?sure").home() == Answer("sure")
    of = history("pay", "?sure")
    answer = of.home()
    assert answer is not None and answer.result is None and names(of) == ["home"]


class Walk(RuleBasedStateMachine):
    """Whatever is opened, asked, answered and ended: home is below it all, and so many Backs away."""

    def __init__(self) -> None:
        super().__init__()
        self.of = history()

    @rule(name=st.sampled_from(NAMES))
    def open(self, name: str) -> None:
        self.of.push(Named(name))

    @rule(name=st.sampled_from(["a", "b"]))
    @precondition(lambda self: len(self.of) < 12)
    def ask(self, name: str) -> None:
        self.of.push(Question(name))

    @rule(result=st.one_of(st.none(), st.integers()))
    def back(self, result: Any) -> None:
        was = len(self.of)
        answer = self.of.pop(result)
        assert (answer is None) == (was == 1)
        assert len(self.of) < was or was == 1

    @rule(data=st.data())
    def end_covered(self, data: st.DataObject) -> None:
        if self.of.covered:
            self.of.leave_later(data.draw(st.sampled_from(self.of.covered)), Back("ended"))

    @invariant()
    def the_top_is_no_ghost(self) -> None:
        assert self.of.top.leaving is None
        assert self.of.root.name == "home"

    @invariant()
    def it_never_piles_up(self) -> None:
        whole = [name for name in names(self.of) if not name.startswith("?")]
        assert max(map(whole.count, whole)) <= 2, "one name twice only where it led to itself"

    @invariant()
    def no_modal_lies_on_nothing(self) -> None:
        assert not names(self.of)[0].startswith("?")

    def teardown(self) -> None:
        for _ in range(len(self.of)):
            self.of.pop()
        assert names(self.of) == ["home"]


TestWalk = Walk.TestCase
