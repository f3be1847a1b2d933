"""What the tests of the service share: a loop on a thread, a clock of their own, fakes that subclass the real ports."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from device.ports.account_service import (
    AccountAnswer,
    AccountRequest,
    AccountService,
    Challenge,
    EventStream,
    Grant,
    Unreachable,
)
from device.ports.card import Card, CardEvidence, CardFacts
from device.ports.chip_identity import ChipId, ChipIdentity
from device.ports.clock import Clock
from device.ports.key_store import KeyStore

T = TypeVar("T")


class LoopThread:
    """An event loop that runs on a thread, for code that is spoken to from outside."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def call(self, step: Callable[[], T]) -> T:
        async def go() -> T:
            return step()

        return self.run(go())

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


class SetClock(Clock):
    """Stands still until it is set."""

    def __init__(self, system: float = 1_800_000_000.0, boot: float = 1000.0) -> None:
        self.system = system
        self.boot = boot

    def system_time(self) -> float:
        return self.system

    def boottime(self) -> float:
        return self.boot

    def pass_by(self, seconds: float) -> None:
        self.system += seconds
        self.boot += seconds


def card_facts(generation: int = 1, owner: str = "a" * 64) -> CardFacts:
    return CardFacts(generation=generation, kind="piv", serial="410273345801", atr="3B00", owner=owner)


def grant(number: int = 1, expires_in: float = 600.0, issued: float = 1000.0) -> Grant:
    return Grant(f"token-{number}", "102733458021", "card-proven", expires_in, issued)


class FakeCard(Card):
    """Answers with ``owner``; raises ``trouble`` where one is set."""

    def __init__(self) -> None:
        self.owner = "a" * 64
        self.trouble: Exception | None = None
        self.forgotten = 0

    def read(self, generation: int) -> CardFacts:
        if self.trouble is not None:
            raise self.trouble
        return card_facts(generation, self.owner)

    def prove(self, facts: CardFacts, *, audience: str, nonce: str, chip_id: str, jkt: str) -> CardEvidence:
        if self.trouble is not None:
            raise self.trouble
        return CardEvidence(facts.serial, facts.kind, b"proof", b"certificate")

    def forget(self) -> None:
        self.forgotten += 1


class FakeChip(ChipIdentity):
    def read(self) -> ChipId:
        return ChipId("884100270011", "test")


class FakeKeys(KeyStore):
    label = "fake"

    def thumbprint(self) -> str:
        return "thumb"

    def sign_jwt(self, typ: str, claims: dict[str, Any], *, show_key: bool) -> str:
        return f"{typ}.{claims['jti']}"


class FakeStream(EventStream):
    """Ends when closed, or as ``finish`` says."""

    def __init__(self) -> None:
        self.closed = False
        self._changed = threading.Condition()
        self._names: list[str] = []
        self._over = False
        self._error: Unreachable | None = None

    def __iter__(self) -> Iterator[str]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._names or self._over, 10)
                if self._names:
                    name = self._names.pop(0)
                elif self._error is not None:
                    raise self._error
                else:
                    return
            yield name

    def push(self, name: str) -> None:
        with self._changed:
            self._names.append(name)
            self._changed.notify_all()

    def finish(self, error: Unreachable | None = None) -> None:
        with self._changed:
            self._over, self._error = True, error
            self._changed.notify_all()

    def close(self) -> None:
        self.closed = True
        self.finish(Unreachable("http", "closed"))


class FakeService(AccountService):
    """A service whose answers a test sets: ``trouble`` for every call, ``answers`` by method and path."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.refusal: Exception | None = None
        self.answers: dict[tuple[str, str], AccountAnswer | Exception | Callable[[], AccountAnswer]] = {}
        self.sent: list[AccountRequest] = []
        self.asked_with: list[str] = []
        self.tokens: list[str] = []
        self.ended: list[str] = []
        self.streams: list[FakeStream] = []
        self.dead: set[str] = set()
        self.before_answer: Callable[[], None] = lambda: None

    @property
    def audience(self) -> str:
        return "https://service.test"

    def challenge(self, chip_id: str) -> Challenge:
        self._check()
        return Challenge("nonce", 1_800_000_000.0, 1000.0)

    def token(self, make_assertion: Callable[[], str]) -> Grant:
        self._check()
        if self.refusal is not None:
            raise self.refusal
        make_assertion()
        token = f"token-{len(self.tokens) + 1}"
        self.tokens.append(token)
        return Grant(token, "102733458021", "card-proven", 600.0, 1000.0)

    def request(self, token: str, request: AccountRequest) -> AccountAnswer:
        self.sent.append(request)
        self.asked_with.append(token)
        self.before_answer()
        self._check()
        if token in self.dead:
            return AccountAnswer(401, {"code": "token_invalid"})
        answer = self.answers.get((request.method, request.path), AccountAnswer(200, {"path": request.path}))
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, AccountAnswer) else answer()

    def events(self, token: str) -> EventStream:
        self._check()
        self.streams.append(FakeStream())
        return self.streams[-1]

    def end_session(self, token: str) -> None:
        self._check()
        self.ended.append(token)

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble
