"""Keeps the box signed in: carries out on threads what the state machine says, and tells what changed.

Lives on the event loop and blocks nowhere; threads speak to it through `call_soon_threadsafe`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from device.api.errors import ApiError
from device.domain.failure import Remedy, failure_of
from device.domain.service_time import ServiceTime
from device.domain.sign_in import Attempt, Effect, Follow, ReadCard, SignIn, Slot
from device.ports.account_service import AccountService, Grant, Refused
from device.ports.card import Card, CardFacts, CardFailure, ReaderFailure
from device.ports.clock import Clock
from device.signin.closer import SessionCloser
from device.signin.follower import EventFollower
from device.signin.status import session_status, smartcard_status
from device.workers import Workers

logger = logging.getLogger(__name__)

_FINAL_REFUSALS = frozenset({"box_unknown", "box_revoked", "card_revoked", "card_other_box"})
"""Codes of a 401 within a session that a new sign-in would only hear again."""

_FLEETING = ("server_time", "clock_offset_s", "retry_after_s")
"""Members of session.status that change by themselves and are no news."""


@dataclass(frozen=True)
class KeeperParts:
    """What the keeper works with. ``sign_in`` blocks (device.signin.procedure); ``notify`` sends an event to the
    local API's subscribers; ``signed_in`` is told of each session with its card."""

    machine: SignIn
    clock: Clock
    service_time: ServiceTime
    service: Callable[[], AccountService]
    card: Card
    card_worker: Workers
    workers: Workers
    sign_in: Callable[[CardFacts], Grant]
    reader_name: str
    notify: Callable[[str, dict[str, Any]], None]


class SessionKeeper:
    """The one owner of the session; see the module."""

    def __init__(self, parts: KeeperParts) -> None:
        self._parts = parts
        self._machine = parts.machine
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._account: tuple[str, str] | None = None
        self._session_shown = self._lasting_status()
        self._card_shown = self.smartcard_status()
        self._said: tuple[str, str] | None = None
        self._signed_in: Callable[[], None] | None = None
        self._closer = SessionCloser(parts.service, parts.workers, parts.clock)
        self._follower = EventFollower(parts.service, self._on_event, self._on_stream_end)

    def on_signed_in(self, callback: Callable[[], None]) -> None:
        """``callback`` is told of each new session, on the loop."""
        self._signed_in = callback

    @property
    def card(self) -> CardFacts | None:
        """The card in the slot, once it was read and tested."""
        return self._machine.card

    @property
    def grant(self) -> Grant | None:
        return self._machine.grant

    def session_status(self) -> dict[str, Any]:
        machine = self._machine
        number = None
        if self._account is not None and machine.card is not None and machine.state in ("signed_in", "offline"):
            owner, number_seen = self._account
            number = number_seen if owner == machine.card.owner else None
        return session_status(machine, self._parts.service_time, number, self._now())

    def smartcard_status(self) -> dict[str, Any]:
        return smartcard_status(self._machine, self._parts.reader_name)

    async def session(self, *, limit: float, other_than: Grant | None = None) -> Grant | None:
        """The session, waited for while one is near, ``limit`` seconds at most; None where there is none. What is
        out of reach is tried at once: a viewer waits. ``other_than`` was refused and is not wanted again."""
        self._apply(self._machine.viewer_waits(self._now()))
        try:
            async with asyncio.timeout(limit):
                while True:
                    grant = self._machine.grant
                    if grant is not None and grant is not other_than:
                        return grant
                    if not self._machine.trying:
                        return None
                    await self._changed.wait()
        except TimeoutError:
            return None

    def session_failed(self, grant: Grant, error: ApiError) -> None:
        """A request of ``grant`` did not get through, or was refused for good."""
        self._say(error)
        self._apply(self._machine.session_lost(self._now(), grant, failure_of(error)))

    def session_refused(self, grant: Grant, error: Refused, *, soon: bool = True) -> None:
        """The service answered 401 to ``grant``: over for good, or a matter of signing in anew."""
        if error.code in _FINAL_REFUSALS:
            self.session_failed(grant, error)
        else:
            self._apply(self._machine.session_doubtful(self._now(), grant, at_once=soon))

    def slot_changed(self, present: bool, generation: int) -> None:
        """From the card watcher's thread."""
        self._post(lambda: self._slot_changed(present, generation))

    def reader_failed(self, reason: str) -> None:
        """From the card watcher's thread."""
        self._post(lambda: self._apply(self._machine.reader_failed(reason)))

    async def stop(self) -> None:
        """Let everything go; the session ends by itself at the service."""
        self._follower.let_go()
        self._closer.stop()
        if self._timer is not None:
            self._timer.cancel()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _slot_changed(self, present: bool, generation: int) -> None:
        logger.info("card slot: %s (generation %d)", "card in" if present else "empty", generation)
        effects = self._machine.card_changed(present, generation)
        if self._machine.slot is Slot.empty:
            self._parts.card_worker.submit(self._parts.card.forget)
        self._apply(effects)

    def _apply(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case ReadCard():
                    self._start(self._read_card(effect.generation))
                case Attempt():
                    self._start(self._attempt(effect))
                case Follow():
                    self._follow(effect.grant)
                case _:
                    self._closer.close(effect.grant)
        if self._machine.grant is None:
            self._follower.let_go()
        self._publish()
        self._arm_timer()
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _start(self, work: Any) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        defect = None if task.cancelled() else task.exception()
        if defect is not None:
            logger.error("a step of the sign-in failed", exc_info=defect)

    async def _read_card(self, generation: int) -> None:
        try:
            facts = await self._parts.card_worker.run(self._parts.card.read, generation)
        except (CardFailure, ReaderFailure) as error:
            self._say(error)
            self._apply(self._machine.card_failed(self._now(), generation, failure_of(error)))
        else:
            self._apply(self._machine.card_read(self._now(), facts))

    async def _attempt(self, attempt: Attempt) -> None:
        try:
            grant = await self._parts.workers.run(self._parts.sign_in, attempt.card)
        except ApiError as error:
            self._say(error)
            self._apply(self._machine.failed(self._now(), attempt.number, failure_of(error)))
        else:
            effects = self._machine.granted(self._now(), attempt.number, grant)
            if self._machine.grant is grant:
                self._account = (attempt.card.owner, grant.account_number)
                self._said = None
            self._apply(effects)

    def _follow(self, grant: Grant) -> None:
        self._follower.follow(grant)
        if self._signed_in is not None:
            self._signed_in()

    def _on_event(self, name: str) -> None:
        if name == "account.changed":
            self._post(lambda: self._parts.notify(name, {}) if self._machine.grant is not None else None)

    def _on_stream_end(self, grant: Grant, error: ApiError | None) -> None:
        self._post(lambda: self._stream_ended(grant, error))

    def _stream_ended(self, grant: Grant, error: ApiError | None) -> None:
        if error is None:
            self._apply(self._machine.session_doubtful(self._now(), grant, at_once=False))
        elif not isinstance(error, Refused):
            self.session_failed(grant, error)
        elif error.status == 401:
            self.session_refused(grant, error)
        else:
            logger.warning("no events from the account service: %s", error.message)

    def _publish(self) -> None:
        session, card = self._lasting_status(), self.smartcard_status()
        if card != self._card_shown:
            self._card_shown = card
            self._parts.notify("smartcard.changed", card)
        if session != self._session_shown:
            self._session_shown = session
            logger.info("session: %s %s %s", session["state"], session["code"] or "", session["reason"] or "")
            self._parts.notify("session.changed", self.session_status())

    def _lasting_status(self) -> dict[str, Any]:
        return {key: value for key, value in self.session_status().items() if key not in _FLEETING}

    def _say(self, error: ApiError) -> None:
        """Each trouble once, until another one or a success."""
        if self._said != (error.code, error.message):
            self._said = (error.code, error.message)
            late = failure_of(error).remedy is Remedy.retry_late
            logger.log(logging.ERROR if late else logging.WARNING, "no session: %s", error)

    def _arm_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._machine.due is not None:
            self._timer = self._loop.call_later(max(0.0, self._machine.due - self._now()), self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._apply(self._machine.tick(self._now()))

    def _post(self, step: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(step)
        except RuntimeError:
            return  # the loop has ended: nobody is left to be told

    def _now(self) -> float:
        return self._parts.clock.boottime()
