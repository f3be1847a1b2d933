"""Whatever happens in whatever order: a nonce and a jti work once, a revoked box or card gets nothing, a token is worth
something until its session ends and never again (quality.md, Correct and safe). On both databases, by a model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.support.headend_server import RunningHeadend, running_headend
from tests.support.postgres import POSTGRES_PEER, Postgres
from tests.support.signin_box import SignInBox
from tools.headend.domain.limits import Limit
from tools.headend.identity.limits import FailureLimit
from tools.headend.identity.records import ACTIVE, REVOKED
from tools.headend.identity.sign_in import Limits

EXAMPLES = int(os.environ.get("STB_SIGNIN_EXAMPLES", "12"))
STEPS = 30
NONCE_LIFE, SESSION_LIFE = timedelta(seconds=120), timedelta(seconds=600)
ROOMS = st.sampled_from(["living-room", "kitchen"])


@dataclass
class Nonce:
    """A challenge that was made for a room's box."""

    value: str
    room: str
    made_at: datetime
    used: bool = False


@dataclass
class Session:
    """What a room's box was granted."""

    room: str
    token: str
    expires_at: datetime
    ended: str = ""
    """The refusal's code, once it has ended."""


@dataclass
class Model:
    """What must be true of the service."""

    revoked_boxes: set[str] = field(default_factory=set)
    revoked_cards: set[str] = field(default_factory=set)
    sessions: list[Session] = field(default_factory=list)

    def end(self, room: str, code: str) -> None:
        for each in self.sessions:
            if each.room == room:
                each.ended = each.ended or code


class Histories(RuleBasedStateMachine):
    """Two boxes with their cards; the box's own clock is nowhere: what it says of the time came from the service."""

    headend: RunningHeadend
    nonces = Bundle("nonces")
    granted = Bundle("granted")

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.boxes: dict[str, SignInBox] = {
            room: self.headend.box("family", room) for room in ("living-room", "kitchen")
        }
        self.registry = self.headend.service.services.registry
        # sessions of the history before are over
        self.headend.clock.advance(SESSION_LIFE.total_seconds() + 1)
        for room in self.boxes:
            self._set("box", room, ACTIVE)
            self._set("card", room, ACTIVE)

    @rule(target=nonces, room=ROOMS)
    def challenge(self, room: str) -> Nonce:
        return Nonce(self.boxes[room].challenge(), room, self._now())

    @rule(target=granted, nonce=nonces, room=ROOMS)
    def sign_in(self, nonce: Nonce, room: str) -> tuple[str, str, list[Session]]:
        """With a nonce that may be used, old or another box's; the assertion, so that it can be sent again."""
        box = self._box(room)
        assertion = box.assertion(nonce.value)
        answer, expected = box.ask_token(assertion), self._verdict(nonce, room)
        assert (answer.status_code == 200, answer.json().get("code", "")) == (expected == "", expected)
        if expected:
            return room, "", []
        nonce.used = True
        token = answer.json()["access_token"]
        session = Session(room, token, self._now() + SESSION_LIFE)
        self.model.sessions.append(session)
        return room, assertion, [session]

    @rule(said=granted)
    def sign_in_again_with_the_same(self, said: tuple[str, str, list[Session]]) -> None:
        room, assertion, _ = said
        if assertion:
            again = self._box(room).ask_token(assertion)
            assert again.status_code == 401
            assert again.json()["code"] in ("jti_used", "assertion_invalid")

    @rule(said=granted)
    def read(self, said: tuple[str, str, list[Session]]) -> None:
        for session in said[2]:
            box = self._box(session.room, session.token)
            proof = box.proof("GET", "/v1/account", token=session.token)
            answer = box.request("GET", "/v1/account", proof=proof)
            code = self._worth(session)
            assert (answer.status_code, answer.json().get("code", "")) == (401 if code else 200, code)
            again = box.request("GET", "/v1/account", proof=proof)
            assert again.json()["code"] == (code or "jti_used")

    @rule(said=granted, key=st.sampled_from(["a", "b"]))
    def change_and_send_the_same_proof_with_another_key(self, said: tuple[str, str, list[Session]], key: str) -> None:
        path = "/v1/messages/m3/read"
        for session in said[2]:
            box = self._box(session.room, session.token)
            proof = box.proof("POST", path, token=session.token)
            answer = box.request("POST", path, key=key, proof=proof)
            code = self._worth(session)
            assert (answer.status_code, answer.json().get("code", "")) == (401 if code else 200, code)
            again = box.request("POST", path, key=f"{key}-other", proof=proof)
            assert again.json()["code"] == (code or "jti_used")

    @rule(said=granted)
    def give_the_session_back(self, said: tuple[str, str, list[Session]]) -> None:
        for session in said[2]:
            answer = self._box(session.room, session.token).request("DELETE", "/v1/device/session")
            code = self._worth(session)
            assert answer.status_code == (401 if code else 204)
            session.ended = session.ended or "token_invalid"

    @rule(thing=st.sampled_from(["box", "card"]), room=ROOMS, state=st.sampled_from([REVOKED, REVOKED, ACTIVE]))
    def revoke_or_restore(self, thing: str, room: str, state: str) -> None:
        self._set(thing, room, state)
        revoked = self.model.revoked_boxes if thing == "box" else self.model.revoked_cards
        if state == REVOKED:
            revoked.add(room)
            self.model.end(room, f"{thing}_revoked")
        else:
            revoked.discard(room)

    @rule(seconds=st.sampled_from([1, 60, 119, 120, 300, 599, 600]))
    def time_passes(self, seconds: int) -> None:
        self.headend.clock.advance(seconds)

    def _verdict(self, nonce: Nonce, room: str) -> str:
        """The refusal's code; empty where the box must be signed in."""
        if nonce.room != room:
            return "nonce_unknown"
        if self._now() >= nonce.made_at + NONCE_LIFE:
            return "nonce_expired"
        if nonce.used:
            return "nonce_used"
        if room in self.model.revoked_boxes:
            return "box_revoked"
        return "card_revoked" if room in self.model.revoked_cards else ""

    def _worth(self, session: Session) -> str:
        """Why its token is worth nothing now."""
        return "token_invalid" if self._now() >= session.expires_at else session.ended

    def _box(self, room: str, token: str = "") -> SignInBox:
        """The box as it is now: it has counted the time since the service told it."""
        box = self.boxes[room]
        box.server_time, box.token = int(self._now().timestamp()), token
        box.dpop_nonce = self.headend.service.services.dpop_nonces.current()
        return box

    def _now(self) -> datetime:
        return self.headend.clock.now()

    def _set(self, thing: str, room: str, state: str) -> None:
        box = self.boxes[room]
        if thing == "box":
            assert self.registry.set_box_state(box.chip_id, state)
        else:
            assert self.registry.set_card_state(box.card.number, state)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_peer(POSTGRES_PEER))])
def patient(request: pytest.FixtureRequest, postgres: Postgres, tmp_path: Path) -> Iterator[RunningHeadend]:
    """A service that counts no failures: the histories are full of them."""
    with ExitStack() as stack:
        url = stack.enter_context(postgres.database()) if request.param == "postgresql" else ""
        headend = stack.enter_context(running_headend(tmp_path, households=("family",), database_url=url))
        never = FailureLimit(Limit(10**6, 1), headend.clock)
        headend.service.services.sign_in._limits = Limits(never, never)
        yield headend


def test_whatever_happens_nothing_works_twice_and_nobody_who_was_revoked_gets_in(patient: RunningHeadend) -> None:
    machine: Any = type("HistoriesHere", (Histories,), {"headend": patient})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
