"""The sign-in machine without clock, thread or network: every way in, every way out, and any order of events."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from device.api.errors import ApiError
from device.domain.failure import Failure, failure_of
from device.domain.sign_in import Attempt, Effect, End, Follow, ReadCard, SignIn
from device.ports.account_service import Busy, Grant, Refused, Unreachable, Untrusted
from device.ports.card import CardFailure, ReaderFailure
from device.ports.chip_identity import ChipIdMissing
from device.ports.key_store import KeyUnusable
from tests.unit.device.support import card_facts, grant

LOST = failure_of(Unreachable("tcp", ""))


def signed_in(now: float = 0.0) -> tuple[SignIn, Grant]:
    machine = SignIn(lambda: 0.5)
    machine.card_changed(True, 1)
    machine.card_read(now, card_facts(1))
    given = grant()
    assert machine.granted(now, 1, given) == [Follow(given)]
    return machine, given


def test_from_insertion_to_session() -> None:
    machine = SignIn(lambda: 0.5)
    assert (machine.state, machine.code, machine.trying) == ("starting", None, True)
    assert machine.card_changed(True, 1) == [ReadCard(1)]
    assert machine.card_changed(True, 1) == [], "the same again is no change"
    assert machine.card_read(10, card_facts(1)) == [Attempt(1, card_facts(1))]
    assert (machine.state, machine.trying) == ("starting", True)
    given = grant()
    assert machine.granted(11, 1, given) == [Follow(given)]
    assert (machine.state, machine.code, machine.trying) == ("signed_in", None, False)
    assert machine.due == 11 + 600 * 0.8, "renewed before it ends"
    assert machine.tick(400) == []
    assert machine.tick(491) == [Attempt(2, card_facts(1))]
    assert machine.state == "signed_in", "the old session serves until the new one is there"


def test_card_out_ends_the_session_at_once() -> None:
    machine, given = signed_in()
    assert machine.card_changed(False, 2) == [End(given)]
    assert (machine.state, machine.code, machine.card, machine.due) == ("no_card", "C-01", None, None)


def test_a_result_for_a_card_that_is_gone_is_thrown_away_and_its_session_ended() -> None:
    machine = SignIn(lambda: 0.5)
    machine.card_changed(True, 1)
    machine.card_read(0, card_facts(1))
    assert machine.card_changed(False, 2) == []
    late = grant()
    assert machine.granted(1, 1, late) == [End(late)]
    assert machine.state == "no_card"
    machine.card_changed(True, 3)
    assert machine.card_read(2, card_facts(1)) == [], "read in an insertion that is over"
    assert machine.card_read(2, card_facts(3)) == [Attempt(2, card_facts(3))]
    assert machine.failed(3, 1, LOST) == [], "the first attempt says nothing about the second"
    assert machine.state == "starting"


@pytest.mark.parametrize(
    ("error", "state", "code", "reason"),
    [
        (Unreachable("dns", ""), "offline", "N-01", "dns"),
        (Busy("", retry_after=7), "offline", "N-02", "http"),
        (Untrusted(""), "offline", "N-03", "tls"),
        (Refused(401, "box_unknown", ""), "refused", "B-01", "box_unknown"),
        (Refused(401, "box_unpaired", ""), "refused", "B-01", "box_unpaired"),
        (Refused(401, "box_revoked", ""), "refused", "B-02", "box_revoked"),
        (Refused(401, "assertion_invalid", ""), "refused", "B-03", "assertion_invalid"),
        (Refused(401, "dpop_key_mismatch", ""), "refused", "B-03", "dpop_key_mismatch"),
        (Refused(401, "nonce_used", ""), "refused", "B-03", "nonce_used"),
        (Refused(401, "card_other_box", ""), "refused", "C-03", "card_other_box"),
        (Refused(401, "card_revoked", ""), "refused", "C-04", "card_revoked"),
        (Refused(401, "card_certificate_invalid", ""), "refused", "C-04", "card_certificate_invalid"),
        (Refused(401, "card_proof_required", ""), "refused", "C-04", "card_proof_required"),
        (ChipIdMissing(""), "refused", "B-03", "chip_id_missing"),
        (KeyUnusable(""), "refused", "B-03", "key_unusable"),
        (CardFailure("", code="card_mute"), "refused", "C-02", "card_mute"),
        (ReaderFailure("", code="reader_busy"), "refused", "C-05", "reader_busy"),
    ],
)
def test_what_each_trouble_is_called(error: ApiError, state: str, code: str, reason: str) -> None:
    machine = SignIn(lambda: 0.5)
    machine.card_changed(True, 1)
    machine.card_read(0, card_facts(1))
    machine.failed(1, 1, failure_of(error))
    assert machine.failure is not None
    assert (machine.state, machine.code, machine.failure.reason) == (state, code, reason)
    assert machine.due is not None and machine.due > 1, "it is tried again by itself"


@pytest.mark.parametrize(
    ("code", "least", "most"), [("nonce_expired", 0, 1), ("jti_used", 0, 1), ("assertion_invalid", 30, 60)]
)
def test_a_broken_exchange_is_repeated_soon_and_a_refused_box_late(code: str, least: float, most: float) -> None:
    machine = SignIn(lambda: 0.5)
    machine.card_changed(True, 1)
    machine.card_read(0, card_facts(1))
    machine.failed(100, 1, failure_of(Refused(401, code, "")))
    assert machine.due is not None and 100 + least < machine.due <= 100 + most


def test_pauses_grow_by_half_to_a_minute_with_full_jitter() -> None:
    now, pauses = 0.0, []
    for random in (1.0, 0.0):
        machine = SignIn(lambda random=random: random)  # type: ignore[misc]
        machine.card_changed(True, 1)
        machine.card_read(now, card_facts(1))
        for number in range(1, 14):
            machine.failed(now, number, LOST)
            assert machine.due is not None
            pauses.append(round(machine.due - now, 2))
            now = machine.due
            assert [type(each) for each in machine.tick(now)] == [Attempt]
    assert pauses[:4] == [1, 1.5, 2.25, 3.38] and pauses[12] == 60
    assert pauses[13:] == [0] * 13


def test_retry_after_is_kept_even_from_the_viewer() -> None:
    machine, given = signed_in()
    machine.session_lost(100, given, failure_of(Busy("", retry_after=30)))
    assert machine.due is not None and 130 <= machine.due <= 131
    assert machine.viewer_waits(110) == []
    assert [type(each) for each in machine.viewer_waits(130)] == [Attempt]


def test_a_viewer_makes_it_try_unless_it_just_did() -> None:
    machine, given = signed_in()
    assert machine.viewer_waits(50) == [], "signed in"
    machine.session_lost(100, given, LOST)
    assert [type(each) for each in machine.viewer_waits(100)] == [Attempt]
    assert machine.viewer_waits(105) == [], "one is under way"
    machine.failed(106, 2, LOST)
    assert [type(each) for each in machine.viewer_waits(106)] == [Attempt], "begun 6 s ago"
    machine.failed(106.1, 3, LOST)
    assert machine.viewer_waits(107) == [], "within a second of the last try"
    assert [type(each) for each in machine.viewer_waits(107.01)] == [Attempt]


def test_a_viewer_does_not_make_a_refused_box_try() -> None:
    machine, given = signed_in()
    machine.session_lost(10, given, failure_of(Refused(401, "box_revoked", "")))
    assert machine.viewer_waits(50) == []
    assert machine.due is not None and 10 + 30 <= machine.due <= 10 + 60


def test_what_an_older_session_suffered_does_not_touch_the_newer() -> None:
    machine, old = signed_in()
    machine.tick(500)
    new = grant(2)
    machine.granted(500, 2, new)
    assert machine.session_lost(501, old, LOST) == []
    assert machine.session_doubtful(520, old, at_once=True) == []
    assert machine.grant is new and machine.state == "signed_in"


def test_a_doubtful_session_is_replaced_but_not_in_a_storm() -> None:
    machine, given = signed_in()
    machine.session_doubtful(1, given, at_once=True)
    assert machine.due == 1.5, "refused right after it began: with a pause"
    assert machine.tick(1.5) == [Attempt(2, card_facts(1))]
    machine.granted(2, 2, given)
    assert machine.session_doubtful(60, given, at_once=True) == [Attempt(3, card_facts(1))]
    machine.granted(61, 3, given)
    assert machine.session_doubtful(120, given, at_once=False) == [], "every box saw the stream end: spread them"
    assert machine.due is not None and 120 <= machine.due <= 121


def test_a_session_left_behind_by_a_lost_network_is_ended_when_the_card_goes() -> None:
    machine, given = signed_in()
    machine.session_lost(10, given, LOST)
    assert machine.card_changed(False, 2) == [End(given)]


def test_an_unreadable_card_is_read_again_after_a_while() -> None:
    machine = SignIn(lambda: 0.5)
    machine.card_changed(True, 1)
    machine.card_failed(0, 1, failure_of(CardFailure("", code="card_mute")))
    assert (machine.state, machine.code, machine.trying) == ("refused", "C-02", False)
    assert machine.due is not None and 2.5 <= machine.due <= 5
    assert machine.tick(machine.due) == [ReadCard(1)]
    assert machine.card_read(6, card_facts(1)) == [Attempt(1, card_facts(1))]
    assert machine.code is None


def test_a_reader_that_comes_back_with_the_same_generation_is_read_anew() -> None:
    machine, given = signed_in()
    assert machine.reader_failed("reader_gone") == [End(given)]
    assert (machine.state, machine.code, machine.due) == ("refused", "C-05", None)
    assert machine.card_changed(True, 1) == [ReadCard(1)]


class AnyOrder(RuleBasedStateMachine):
    """Whatever the world does in whatever order, nothing of a card that is gone stays."""

    @initialize()
    def begin(self) -> None:
        self.now = 0.0
        self.machine = SignIn(lambda: 0.5)
        self.generation = 0
        self.numbers = 0
        self.begun: list[int] = []
        self.given: dict[str, int] = {}
        self.ended: set[str] = set()
        self.take(self.machine.card_changed(False, 0))

    def take(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Attempt):
                assert effect.card.generation == self.generation, "an attempt with a card that is gone"
                self.begun.append(effect.number)
            elif isinstance(effect, End):
                self.ended.add(effect.grant.token)

    @rule(seconds=st.floats(0, 700))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.take(self.machine.tick(self.now))

    @rule()
    def card_moves(self) -> None:
        self.generation += 1
        self.take(self.machine.card_changed(self.generation % 2 == 1, self.generation))

    @rule(back=st.integers(0, 2))
    def card_is_read(self, back: int) -> None:
        self.take(self.machine.card_read(self.now, card_facts(self.generation - back)))

    @rule(back=st.integers(0, 2))
    def card_fails(self, back: int) -> None:
        failure = failure_of(CardFailure("", code="card_mute"))
        self.take(self.machine.card_failed(self.now, self.generation - back, failure))

    @rule()
    def reader_fails(self) -> None:
        self.take(self.machine.reader_failed("reader_gone"))

    @rule(which=st.integers(0, 3))
    def attempt_succeeds(self, which: int) -> None:
        if self.begun:
            self.numbers += 1
            given = grant(self.numbers)
            self.given[given.token] = self.generation
            self.take(self.machine.granted(self.now, self.begun[-1 - which % len(self.begun)], given))

    @rule(
        which=st.integers(0, 3),
        error=st.sampled_from([Unreachable("tcp", ""), Busy("", retry_after=9), Refused(401, "box_revoked", "")]),
    )
    def attempt_fails(self, which: int, error: ApiError) -> None:
        if self.begun:
            number = self.begun[-1 - which % len(self.begun)]
            self.take(self.machine.failed(self.now, number, failure_of(error)))

    @rule(soon=st.booleans())
    def session_suffers(self, soon: bool) -> None:
        if self.machine.grant is not None:
            given: Grant = self.machine.grant
            lost: Failure = LOST
            if soon:
                self.take(self.machine.session_doubtful(self.now, given, at_once=True))
            else:
                self.take(self.machine.session_lost(self.now, given, lost))

    @rule()
    def viewer(self) -> None:
        self.take(self.machine.viewer_waits(self.now))

    @invariant()
    def a_session_belongs_to_the_card_in_the_slot(self) -> None:
        machine = self.machine
        if machine.grant is not None:
            assert machine.card is not None and machine.card.generation == self.generation
            assert self.given[machine.grant.token] == self.generation
            assert machine.grant.token not in self.ended
        assert (machine.state == "no_card") == (machine.code == "C-01")
        assert (machine.state in ("offline", "refused")) == (machine.code is not None and machine.code != "C-01")

    @invariant()
    def it_never_gets_stuck(self) -> None:
        machine = self.machine
        waiting = machine.slot.value in ("empty", "failed", "unknown")
        assert waiting or machine.trying or machine.due is not None, "nothing would ever happen again"


AnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase
