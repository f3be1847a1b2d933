"""Tells the service that a session is over, later where it cannot be told now; in the background."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable

from device.api.errors import ApiError
from device.domain.backoff import Backoff
from device.ports.account_service import AccountService, Busy, Grant, Unreachable, Untrusted
from device.ports.clock import Clock
from device.workers import Workers

logger = logging.getLogger(__name__)


class SessionCloser:
    """One task a session; given up when the session is over by its own term."""

    def __init__(self, service: Callable[[], AccountService], workers: Workers, clock: Clock) -> None:
        self._service = service
        self._workers = workers
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def close(self, grant: Grant) -> None:
        task = asyncio.get_running_loop().create_task(self._close(grant))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _close(self, grant: Grant) -> None:
        waits = Backoff(random.SystemRandom().random)
        while self._clock.boottime() < grant.issued + grant.expires_in:
            try:
                await self._workers.run(lambda: self._service().end_session(grant.token))
            except (Unreachable, Untrusted, Busy):
                await asyncio.sleep(waits.delay())
            except ApiError as error:
                logger.warning("the session could not be ended: %s", error.message)
                return
            else:
                return
