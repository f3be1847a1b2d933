"""Keeper and gateway on a real loop with real workers; card and service are fakes of the ports."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from device.account.exchange import Exchange
from device.account.gateway import AccountGateway, GatewayParts
from device.account.journal import Journal
from device.account.known import LastKnown
from device.account.resender import Resender
from device.api.errors import ApiError
from device.api.state_file import StateFile
from device.api.waiting import wait_until
from device.domain.service_time import ServiceTime
from device.domain.sign_in import SignIn
from device.ports.account_service import AccountAnswer, Busy, Refused, Unreachable, Untrusted
from device.ports.card import CardFailure
from device.rpc.server import Call
from device.signin.keeper import KeeperParts, SessionKeeper
from device.signin.procedure import SignInProcedure
from device.workers import Workers
from tests.unit.device.support import FakeCard, FakeChip, FakeKeys, FakeService, LoopThread, SetClock

DOWN = Unreachable("tcp", "down")
PIN = {"method": "POST", "path": "/v1/step-up", "body": {"pin": "4071"}}
READ = {"method": "POST", "path": "/v1/messages/m1/read", "idempotency_key": "key-00000001"}


class Box:
    """Keeper and gateway wired as bootstrap does it."""

    def __init__(self, folder: Path) -> None:
        self.thread = LoopThread()
        self.service, self.card = FakeService(), FakeCard()
        self.clock = SetClock()
        self.time = ServiceTime(self.clock)
        self.time.adopt(1_800_000_000.0, 1000.0)
        self.folder = folder
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.workers = [Workers(name, count) for name, count in (("card", 1), ("in", 2), ("out", 2), ("disk", 1))]
        self.keeper, self.gateway, self.resender = self.thread.call(self._wire)

    def _wire(self) -> tuple[SessionKeeper, AccountGateway, Resender]:
        card_worker, sign_in_workers, request_workers, storage = self.workers
        procedure = SignInProcedure(
            chip=FakeChip(), keys=FakeKeys(), service=self.service, service_time=self.time, prove=self.card.prove
        )
        notify = lambda event, params: self.events.append((event, params))  # noqa: E731
        keeper = SessionKeeper(
            KeeperParts(
                machine=SignIn(lambda: 0.0),
                clock=self.clock,
                service_time=self.time,
                service=lambda: self.service,
                card=self.card,
                card_worker=card_worker,
                workers=sign_in_workers,
                sign_in=procedure.run,
                reader_name="fake",
                notify=notify,
            )
        )
        self.journal = Journal(StateFile(self.folder / "journal.json", 1))
        exchange = Exchange(lambda: self.service, self.journal, LastKnown(self.folder / "known"), self.time)
        gateway = AccountGateway(
            GatewayParts(keeper, exchange, self.journal, request_workers, storage, self.clock, 2.0)
        )
        resender = Resender(
            keeper=keeper,
            exchange=exchange,
            journal=self.journal,
            workers=request_workers,
            storage=storage,
            service_time=self.time,
            notify=notify,
        )
        return keeper, gateway, resender

    def insert(self, generation: int = 1) -> None:
        self.keeper.slot_changed(True, generation)

    def pull(self, generation: int = 2) -> None:
        self.keeper.slot_changed(False, generation)

    @property
    def status(self) -> dict[str, Any]:
        return self.thread.call(self.keeper.session_status)

    def wait_for(self, state: str) -> dict[str, Any]:
        wait_until(lambda: self.status["state"] == state, limit=5, what=state)
        return self.status

    def ask(self, **params: Any) -> dict[str, Any]:
        return self.thread.run(self.gateway.request(Call(None, params, "press-1")))  # type: ignore[arg-type]

    def get(self, path: str = "/v1/account") -> dict[str, Any]:
        return self.ask(method="GET", path=path)

    def pending(self) -> list[dict[str, Any]]:
        return self.thread.run(self.gateway.pending(Call(None, {}, None)))  # type: ignore[arg-type]

    def code_of(self, call: Callable[[], Any]) -> str:
        with pytest.raises(ApiError) as raised:
            call()
        return raised.value.code

    def close(self) -> None:
        async def stop() -> None:
            self.resender.stop()
            await self.keeper.stop()
            await asyncio.sleep(0)

        self.thread.run(stop())
        for workers in self.workers:
            workers.stop()
        self.thread.close()


def until(event: threading.Event) -> Callable[[], None]:
    def wait() -> None:
        event.wait(5)

    return wait


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    box = Box(tmp_path)
    yield box
    box.close()


@pytest.fixture
def signed_in(box: Box) -> Box:
    box.insert()
    box.wait_for("signed_in")
    return box


def test_card_in_session_card_out(box: Box) -> None:
    assert box.status["state"] == "starting"
    box.insert()
    status = box.wait_for("signed_in")
    assert (status["account_number"], status["acr"]) == ("102733458021", "card-proven")
    box.pull()
    status = box.wait_for("no_card")
    assert (status["code"], status["account_number"], status["acr"]) == ("C-01", None, None)
    wait_until(lambda: box.service.ended == ["token-1"], limit=5, what="the session's end at the service")
    wait_until(lambda: box.card.forgotten == 1, limit=5, what="the card to be forgotten")
    states = [params["state"] for event, params in box.events if event == "session.changed"]
    assert states == ["signed_in", "no_card"]
    assert [params["status"] for event, params in box.events if event == "smartcard.changed"][-1] == "None"


def test_a_fresh_answer_and_after_the_network_is_lost_the_last_known_one(signed_in: Box) -> None:
    fresh = signed_in.get()
    assert fresh == {"status": 200, "body": {"path": "/v1/account"}, "as_of": "2027-01-15T08:00:00Z", "stale": False}
    assert signed_in.service.sent[0].request_id == "press-1"
    signed_in.service.trouble = DOWN
    assert signed_in.get() == {**fresh, "stale": True}
    assert (signed_in.status["state"], signed_in.status["code"]) == ("offline", "N-01")
    assert signed_in.status["account_number"] == "102733458021"
    assert signed_in.code_of(lambda: signed_in.get("/v1/receipts")) == "offline"


def test_the_viewer_brings_the_session_back(signed_in: Box) -> None:
    signed_in.service.trouble = DOWN
    assert signed_in.code_of(signed_in.get) == "offline"
    signed_in.service.trouble = None
    signed_in.clock.pass_by(1.5)
    assert signed_in.get()["stale"] is False
    assert signed_in.status["state"] == "signed_in" and len(signed_in.service.tokens) == 2


@pytest.mark.parametrize(
    ("trouble", "code", "after"),
    [
        (Busy("b", retry_after=40), "N-02", 40.0),
        (Untrusted("u"), "N-03", None),
        (Unreachable("dns", "d"), "N-01", None),
    ],
)
def test_what_a_request_finds_is_the_sessions_state(
    signed_in: Box, trouble: ApiError, code: str, after: float | None
) -> None:
    signed_in.service.trouble = trouble
    assert signed_in.code_of(signed_in.get) == "offline"
    status = signed_in.status
    assert (status["state"], status["code"], status["retry_after_s"]) == ("offline", code, after)


def test_a_lost_stream_is_a_lost_network(signed_in: Box) -> None:
    wait_until(lambda: signed_in.service.streams, limit=5, what="the stream")
    signed_in.service.trouble = DOWN
    signed_in.service.streams[0].finish(DOWN)
    signed_in.wait_for("offline")


def test_events_of_the_account_are_passed_on(signed_in: Box) -> None:
    wait_until(lambda: signed_in.service.streams, limit=5, what="the stream")
    signed_in.service.streams[0].push("account.changed")
    signed_in.service.streams[0].push("something.else")
    wait_until(lambda: ("account.changed", {}) in signed_in.events, limit=5, what="the event")
    assert not any(event == "something.else" for event, _ in signed_in.events)


def test_a_stream_is_let_go_with_its_card_and_follows_its_successor(signed_in: Box) -> None:
    wait_until(lambda: len(signed_in.service.streams) == 1, limit=5, what="the stream")
    signed_in.clock.pass_by(60)
    signed_in.service.dead.add("token-1")
    signed_in.get()
    wait_until(lambda: signed_in.service.streams[0].closed, limit=5, what="the old stream's end")
    assert len(signed_in.service.streams) == 2 and not signed_in.service.streams[1].closed
    signed_in.service.streams[1].push("account.changed")
    wait_until(lambda: ("account.changed", {}) in signed_in.events, limit=5, what="the event")
    signed_in.pull()
    wait_until(lambda: signed_in.service.streams[1].closed, limit=5, what="the stream's end")


def test_an_ended_session_is_renewed_and_the_request_repeated(signed_in: Box) -> None:
    signed_in.clock.pass_by(60)
    signed_in.service.dead.add("token-1")
    assert signed_in.get()["status"] == 200
    assert signed_in.service.tokens == ["token-1", "token-2"]
    assert signed_in.status["state"] == "signed_in"


def test_a_revoked_box_is_refused_at_once(signed_in: Box) -> None:
    signed_in.get()
    signed_in.service.answers[("GET", "/v1/account")] = AccountAnswer(401, {"code": "box_revoked"})
    signed_in.service.refusal = Refused(401, "box_revoked", "")
    assert signed_in.code_of(signed_in.get) == "no_session", "not even the last known answer"
    assert (signed_in.status["state"], signed_in.status["code"]) == ("refused", "B-02")


def test_step_up_is_the_apps_affair(signed_in: Box) -> None:
    refusal = {"code": "insufficient_user_authentication"}
    signed_in.service.answers[("POST", "/v1/messages/m1/read")] = AccountAnswer(401, refusal)
    assert signed_in.ask(**READ)["status"] == 401
    assert signed_in.status["state"] == "signed_in" and signed_in.pending() == []


def test_an_answer_for_a_card_that_is_gone_is_not_shown(signed_in: Box) -> None:
    signed_in.get()
    held = threading.Event()
    signed_in.service.before_answer = until(held)
    future = asyncio.run_coroutine_threadsafe(
        signed_in.gateway.request(Call(None, {"method": "GET", "path": "/v1/account"}, None)),  # type: ignore[arg-type]
        signed_in.thread.loop,
    )
    wait_until(lambda: len(signed_in.service.sent) == 2, limit=5, what="the request")
    signed_in.pull()
    signed_in.wait_for("no_card")
    held.set()
    with pytest.raises(ApiError) as raised:
        future.result(5)
    assert raised.value.code == "no_session"


def test_a_change_is_written_down_before_it_is_sent_and_struck_out_by_its_answer(signed_in: Box) -> None:
    seen: list[int] = []
    signed_in.service.before_answer = lambda: seen.append(len(signed_in.journal.of("a" * 64)))
    assert signed_in.ask(**READ)["status"] == 200
    assert seen == [1] and signed_in.pending() == []


@pytest.mark.parametrize(
    "answer", [DOWN, AccountAnswer(500, None), AccountAnswer(409, {"code": "request_running"}), Busy("b")]
)
def test_a_change_without_a_final_answer_stays_and_is_sent_again(signed_in: Box, answer: Any) -> None:
    signed_in.service.answers[("POST", "/v1/messages/m1/read")] = answer
    assert signed_in.code_of(lambda: signed_in.ask(**READ)) == "answer_unknown"
    assert [each["idempotency_key"] for each in signed_in.pending()] == ["key-00000001"]
    signed_in.service.answers.clear()
    signed_in.pull()
    signed_in.wait_for("no_card")
    assert signed_in.pending() == [], "not of a card that is out"
    signed_in.insert(3)
    wait_until(lambda: not signed_in.journal.of("a" * 64), limit=5, what="the second sending")
    assert signed_in.service.sent[-1].idempotency_key == "key-00000001"
    wait_until(lambda: ("account.changed", {}) in signed_in.events, limit=5, what="the event")


@pytest.mark.parametrize(("status", "code"), [(422, "key_reused"), (409, "money_lacking")])
def test_a_refused_change_is_final(signed_in: Box, status: int, code: str) -> None:
    signed_in.service.answers[("POST", "/v1/messages/m1/read")] = AccountAnswer(status, {"code": code})
    assert signed_in.ask(**READ)["status"] == status
    assert signed_in.pending() == []


def raised(token: str = "raised-1", seconds: int = 300) -> AccountAnswer:  # noqa: S107
    return AccountAnswer(200, {"access_token": token, "token_type": "DPoP", "expires_in": seconds, "acr": "pin"})


def test_the_token_that_a_pin_opens_stays_here_and_serves_until_its_end(signed_in: Box) -> None:
    signed_in.service.answers[("POST", "/v1/step-up")] = raised()
    assert signed_in.ask(**PIN)["body"] == {"expires_in": 300, "acr": "pin"}, "the app learns no token"
    signed_in.get()
    assert signed_in.service.asked_with[-2:] == ["token-1", "raised-1"]
    signed_in.clock.pass_by(299)
    signed_in.get()
    assert signed_in.service.asked_with[-1] == "raised-1"
    signed_in.clock.pass_by(1)
    signed_in.get()
    assert signed_in.service.asked_with[-1] == "token-1"


def test_a_raised_token_that_ended_gives_way_to_the_sessions_own(signed_in: Box) -> None:
    signed_in.service.answers[("POST", "/v1/step-up")] = raised()
    signed_in.ask(**PIN)
    signed_in.service.dead.add("raised-1")
    assert signed_in.ask(**READ)["status"] == 200
    assert signed_in.service.asked_with[-2:] == ["raised-1", "token-1"]
    assert signed_in.service.tokens == ["token-1"], "the session itself was good"


def test_a_raised_token_is_of_its_card_alone(signed_in: Box) -> None:
    signed_in.service.answers[("POST", "/v1/step-up")] = raised()
    signed_in.ask(**PIN)
    signed_in.pull()
    signed_in.wait_for("no_card")
    signed_in.insert(3)
    signed_in.wait_for("signed_in")
    signed_in.get()
    assert signed_in.service.asked_with[-1] == "token-2"


@pytest.mark.parametrize("trouble", [Unreachable("http", "reset"), DOWN, Busy("b")])
def test_a_pin_is_sent_once_and_kept_nowhere(signed_in: Box, trouble: Exception) -> None:
    seen: list[int] = []
    signed_in.service.before_answer = lambda: seen.append(len(signed_in.journal.of("a" * 64)))
    signed_in.service.answers[("POST", "/v1/step-up")] = trouble
    lost = isinstance(trouble, Unreachable) and trouble.step == "http"
    assert signed_in.code_of(lambda: signed_in.ask(**PIN)) == ("answer_unknown" if lost else "offline")
    assert seen == [0] and signed_in.pending() == []
    signed_in.service.answers.clear()
    signed_in.service.before_answer = lambda: None
    signed_in.pull()
    signed_in.wait_for("no_card")
    signed_in.insert(3)
    signed_in.wait_for("signed_in")
    signed_in.get()
    assert [each.path for each in signed_in.service.sent] == ["/v1/step-up", "/v1/account"]
    assert b"4071" not in b"".join(each.read_bytes() for each in signed_in.folder.rglob("*") if each.is_file())


def test_a_pin_in_a_session_that_ended_is_asked_for_again(signed_in: Box) -> None:
    signed_in.clock.pass_by(60)
    signed_in.service.dead.add("token-1")
    assert signed_in.code_of(lambda: signed_in.ask(**PIN)) == "offline"
    signed_in.wait_for("signed_in")
    assert len(signed_in.service.sent) == 1
    signed_in.service.answers[("POST", "/v1/step-up")] = raised()
    wait_until(lambda: len(signed_in.service.tokens) == 2, limit=5, what="the next session")
    assert signed_in.ask(**PIN)["status"] == 200


def test_what_a_pin_posts_is_no_last_known_answer(signed_in: Box) -> None:
    first = {"method": "POST", "path": "/v1/pin", "body": {"pin": "4071"}}
    assert signed_in.ask(**first)["status"] == 200
    signed_in.service.trouble = DOWN
    assert signed_in.code_of(lambda: signed_in.ask(**first)) == "offline"
    assert signed_in.code_of(lambda: signed_in.get("/v1/pin")) == "offline"


def test_what_only_the_pin_opens_is_not_kept(signed_in: Box) -> None:
    assert signed_in.get("/v1/personal")["status"] == 200
    signed_in.service.trouble = DOWN
    assert signed_in.code_of(lambda: signed_in.get("/v1/personal")) == "offline"


def test_the_same_change_twice_at_once_is_sent_once(signed_in: Box) -> None:
    held = threading.Event()
    signed_in.service.before_answer = until(held)
    first = asyncio.run_coroutine_threadsafe(
        signed_in.gateway.request(Call(None, READ, None)),  # type: ignore[arg-type]
        signed_in.thread.loop,
    )
    wait_until(lambda: signed_in.service.sent, limit=5, what="the first")
    assert signed_in.code_of(lambda: signed_in.ask(**READ)) == "in_progress"
    held.set()
    assert first.result(5)["status"] == 200 and len(signed_in.service.sent) == 1


def test_a_service_that_hangs_is_answered_from_what_is_known_in_time(signed_in: Box) -> None:
    fresh = signed_in.get()
    held = threading.Event()
    signed_in.service.before_answer = until(held)
    assert signed_in.get() == {**fresh, "stale": True}
    assert signed_in.code_of(lambda: signed_in.ask(**READ)) == "answer_unknown"
    assert [each["idempotency_key"] for each in signed_in.pending()] == ["key-00000001"]
    assert signed_in.status["state"] == "signed_in"
    held.set()
    wait_until(lambda: not signed_in.journal.of("a" * 64), limit=5, what="the late answer")


def test_what_fails_late_is_a_lost_network_all_the_same(signed_in: Box) -> None:
    held = threading.Event()
    signed_in.service.before_answer = until(held)
    assert signed_in.code_of(signed_in.get) == "offline"
    signed_in.service.trouble = DOWN
    held.set()
    signed_in.wait_for("offline")


def test_a_change_is_written_down_though_every_worker_hangs(signed_in: Box) -> None:
    held = threading.Event()
    signed_in.service.before_answer = until(held)
    asking = [
        asyncio.run_coroutine_threadsafe(
            signed_in.gateway.request(Call(None, {"method": "GET", "path": "/v1/account"}, None)),  # type: ignore[arg-type]
            signed_in.thread.loop,
        )
        for _ in range(3)
    ]
    wait_until(lambda: len(signed_in.service.sent) == 2, limit=5, what="both workers to hang")
    assert signed_in.code_of(lambda: signed_in.ask(**READ)) == "answer_unknown"
    assert len(signed_in.journal.of("a" * 64)) == 1 and len(signed_in.service.sent) == 2
    held.set()
    wait_until(lambda: not signed_in.journal.of("a" * 64), limit=5, what="its answer")
    for each in asking:
        assert isinstance(each.exception(5), ApiError | None)


def test_offline_a_change_is_not_taken(signed_in: Box) -> None:
    signed_in.service.trouble = DOWN
    assert signed_in.code_of(signed_in.get) == "offline"
    signed_in.service.sent.clear()
    assert signed_in.code_of(lambda: signed_in.ask(**READ)) == "offline"
    assert signed_in.pending() == [] and signed_in.service.sent == []


def test_a_server_error_shows_what_is_known_else_itself(signed_in: Box) -> None:
    signed_in.get()
    for path in ("/v1/account", "/v1/receipts"):
        signed_in.service.answers[("GET", path)] = AccountAnswer(500, {"code": "internal"})
    assert signed_in.get()["stale"] is True
    assert signed_in.get("/v1/receipts")["status"] == 500
    assert signed_in.status["state"] == "signed_in"


def test_without_a_card_or_with_a_bad_one_there_is_no_answer(box: Box) -> None:
    box.pull(0)
    box.wait_for("no_card")
    assert box.code_of(box.get) == "no_session"
    box.card.trouble = CardFailure("mute", code="card_mute")
    box.insert(1)
    assert box.wait_for("refused")["code"] == "C-02"
    assert box.code_of(box.get) == "no_session"
    box.card.trouble = None
    box.keeper.reader_failed("reader_gone")
    wait_until(lambda: box.status["code"] == "C-05", limit=5, what="C-05")
    box.insert(1)
    box.wait_for("signed_in")


def test_a_wrong_clock_is_a_notice(box: Box) -> None:
    box.clock.system = 0.0
    box.insert()
    status = box.wait_for("signed_in")
    assert status["notices"] == ["T-01"] and status["clock_offset_s"] == -1_800_000_000.0
    box.clock.system = 1_800_000_119.0
    assert box.status["notices"] == []
