"""Sends unfinished changes again, with the keys they had, while there is a session to do it in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from typing import Any

from device.account.exchange import Exchange, is_final
from device.account.journal import Journal, may_be_resent
from device.api.errors import ApiError
from device.domain.backoff import Backoff
from device.domain.service_time import ServiceTime
from device.ports.account_service import AccountAnswer, Busy, Grant, Refused, Unreachable, Untrusted
from device.ports.card import CardFacts
from device.signin.keeper import SessionKeeper
from device.workers import Workers

logger = logging.getLogger(__name__)

NetworkTrouble = (Unreachable, Untrusted, Busy)


class Resender:
    """Begins by itself with each session. ``workers`` send, ``storage`` reads the journal."""

    def __init__(
        self,
        *,
        keeper: SessionKeeper,
        exchange: Exchange,
        journal: Journal,
        workers: Workers,
        storage: Workers,
        service_time: ServiceTime,
        notify: Callable[[str, dict[str, Any]], None],
    ) -> None:
        self._keeper = keeper
        self._exchange = exchange
        self._journal = journal
        self._workers = workers
        self._storage = storage
        self._service_time = service_time
        self._notify = notify
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        keeper.on_signed_in(self._signed_in)

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _signed_in(self) -> None:
        self._wake.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        waits = Backoff(random.SystemRandom().random, first=2, last=60, least=0.5)
        await self._storage.run(self._journal.forget_before, self._service_time.best())
        while (grant := self._keeper.grant) is not None and (card := self._keeper.card) is not None:
            self._wake.clear()
            left = await self._send_all(grant, card)
            if self._wake.is_set():
                continue  # another session began meanwhile
            if left == 0:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), waits.delay())

    async def _send_all(self, grant: Grant, card: CardFacts) -> int:
        """How many are left that time may help."""
        now = self._service_time.best()
        left = 0
        for entry in await self._storage.run(self._journal.of, card.owner):
            if not may_be_resent(entry, now):
                continue
            try:
                answer = await self._workers.run(self._exchange.send_again, grant, entry)
            except NetworkTrouble as error:
                self._keeper.session_failed(grant, error)
                return 0  # the next session begins anew
            if answer is not None and answer.status == 401 and not is_final(answer):
                self._keeper.session_refused(grant, refusal(answer))
                return 0
            if answer is None or not is_final(answer):
                left += 1
            else:
                logger.info("an unfinished change was answered: %s %s %d", entry.method, entry.path, answer.status)
                self._notify("account.changed", {})
        return left


def refusal(answer: AccountAnswer) -> Refused:
    """A 401 within a session as an error."""
    code = answer.problem_code or "token_invalid"
    return Refused(401, code, f"the service ended the session: {code}")


def unknown(retry_after: float | None) -> ApiError:
    """What a change gets whose answer is not known."""
    return ApiError(
        "the change was sent or is about to be, its answer is not known yet",
        code="answer_unknown",
        remedy="it is sent again by itself and stands in account.pending until it is answered",
        retry_after=retry_after,
    )
