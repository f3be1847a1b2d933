"""Whatever happens in whatever order: a nonce and a jti work once, a revoked box or card gets nothing, a token is worth
something until its session ends and never again (quality.md, Correct and safe). On both databases, by a model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.headend_server import RunningHeadend, running_headend
from tests.support.postgres import POSTGRES_PEER, Postgres
from tests.support.signin_box import SignInBox
from tools.headend.domain.limits import Limit
from tools.headend.identity.limits import FailureLimit
from tools.headend.identity.records import ACTIVE, REVOKED
from tools.headend.identity.sign_in import Limits

EXAMPLES = int(os.environ.get("STB_SIGNIN_EXAMPLES", "8"))
STEPS = 40
NONCE_LIFE, SESSION_LIFE = timedelta(seconds=120), timedelta(seconds=600)
ROOMS = ("living-room", "kitchen")
OFTEN = (
    *("sign in",) * 4,
    *("read",) * 4,
    *("old nonce", "change", "again", "wait", "restore box", "restore card") * 2,
    *("challenge", "end", "revoke box", "revoke card"),
)
"""What happens, each as often as it stands here: mostly a box signs in and reads."""


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
    assertion: str
    expires_at: datetime
    ended: str = ""
    """The refusal's code, once it has ended."""


class History:
    """Two boxes with their cards; the box's own clock is nowhere: what it says of the time came from the service."""

    def __init__(self, headend: RunningHeadend) -> None:
        self.headend = headend
        self.boxes = {room: headend.box("family", room) for room in ROOMS}
        self.registry = headend.service.services.registry
        self.nonces: list[Nonce] = []
        self.sessions: list[Session] = []
        self.revoked: dict[str, set[str]] = {"box": set(), "card": set()}
        # sessions of the history before are over
        headend.clock.advance(SESSION_LIFE.total_seconds() + 1)
        for thing in self.revoked:
            for room in ROOMS:
                self._set(thing, room, ACTIVE)

    def do(self, what: str, room: str, number: int) -> None:
        """A step; ``number`` picks what it is about, the newest first."""
        match what.split(" "):
            case ["challenge"]:
                self.nonces.append(self._challenged(room))
            case ["sign", "in"]:
                self._sign_in(self._challenged(room), room)
            case ["old", "nonce"] if self.nonces:
                self._sign_in(self.nonces[-1 - number % len(self.nonces)], room)
            case [("read" | "change" | "again" | "end") as how] if self.sessions:
                ways = {"read": self._read, "change": self._change, "again": self._again, "end": self._give_back}
                ways[how](self.sessions[-1 - number % len(self.sessions)])
            case [("revoke" | "restore") as how, thing]:
                self._revoke(thing, room) if how == "revoke" else self._restore(thing, room)
            case ["wait"]:
                self.headend.clock.advance((1, 60, 119, 120, 300, 480, 599)[number % 7])

    def _challenged(self, room: str) -> Nonce:
        return Nonce(self.boxes[room].challenge(), room, self._now())

    def _sign_in(self, nonce: Nonce, room: str) -> None:
        box = self._box(room)
        assertion = box.assertion(nonce.value)
        answer, expected = box.ask_token(assertion), self._verdict(nonce, room)
        assert (answer.status_code == 200, answer.json().get("code", "")) == (expected == "", expected)
        self.nonces.append(nonce)
        if not expected:
            nonce.used = True
            token = answer.json()["access_token"]
            self.sessions.append(Session(room, token, assertion, self._now() + SESSION_LIFE))

    def _again(self, session: Session) -> None:
        again = self._box(session.room).ask_token(session.assertion)
        assert again.status_code == 401
        assert again.json()["code"] in ("jti_used", "assertion_invalid")

    def _read(self, session: Session) -> None:
        box = self._box(session.room, session.token)
        proof = box.proof("GET", "/v1/account", token=session.token)
        answer, code = box.request("GET", "/v1/account", proof=proof), self._worth(session)
        assert (answer.status_code, answer.json().get("code", "")) == (401 if code else 200, code)
        assert box.request("GET", "/v1/account", proof=proof).json()["code"] == (code or "jti_used")

    def _change(self, session: Session) -> None:
        path = "/v1/messages/m3/read"
        box = self._box(session.room, session.token)
        proof = box.proof("POST", path, token=session.token)
        answer, code = box.request("POST", path, key="a", proof=proof), self._worth(session)
        assert (answer.status_code, answer.json().get("code", "")) == (401 if code else 200, code)
        assert box.request("POST", path, key="another", proof=proof).json()["code"] == (code or "jti_used")

    def _give_back(self, session: Session) -> None:
        answer = self._box(session.room, session.token).request("DELETE", "/v1/device/session")
        assert answer.status_code == (401 if self._worth(session) else 204)
        session.ended = session.ended or "token_invalid"

    def _revoke(self, thing: str, room: str) -> None:
        self._set(thing, room, REVOKED)
        self.revoked[thing].add(room)
        for each in self.sessions:
            if each.room == room:
                each.ended = each.ended or f"{thing}_revoked"

    def _restore(self, thing: str, room: str) -> None:
        self._set(thing, room, ACTIVE)
        self.revoked[thing].discard(room)

    def _verdict(self, nonce: Nonce, room: str) -> str:
        """The refusal's code; empty where the box must be signed in."""
        if nonce.room != room:
            return "nonce_unknown"
        if self._now() >= nonce.made_at + NONCE_LIFE:
            return "nonce_expired"
        if nonce.used:
            return "nonce_used"
        if room in self.revoked["box"]:
            return "box_revoked"
        return "card_revoked" if room in self.revoked["card"] else ""

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
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.tuples(st.sampled_from(OFTEN), st.sampled_from(ROOMS), st.integers(0, 6)), min_size=STEPS))
    def live(steps: list[tuple[str, str, int]]) -> None:
        history = History(patient)
        for step in steps:
            history.do(*step)

    live()
