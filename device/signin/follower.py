"""Follows the events of the session that is signed in: news of the account, and a network that is gone at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from device.api.errors import ApiError
from device.ports.account_service import AccountService, EventStream, Grant

logger = logging.getLogger(__name__)


class EventFollower:
    """Callbacks come on a stream's thread: ``on_event(name)``, ``on_end(grant, error)`` with None for a stream that
    the service ended. When a session takes the place of the one before, its stream is opened before the old one is
    closed, so that no news falls between them. What was let go tells nothing any more."""

    def __init__(
        self,
        service: Callable[[], AccountService],
        on_event: Callable[[str], None],
        on_end: Callable[[Grant, ApiError | None], None],
    ) -> None:
        self._service = service
        self._on_event = on_event
        self._on_end = on_end
        self._lock = threading.Lock()
        self._followed: Grant | None = None
        self._stream: EventStream | None = None

    def follow(self, grant: Grant) -> None:
        """Take up the stream of ``grant``, in place of the one before."""
        with self._lock:
            self._followed = grant
        threading.Thread(target=self._run, args=(grant,), name="account-events", daemon=True).start()

    def let_go(self) -> None:
        with self._lock:
            stream, self._stream, self._followed = self._stream, None, None
        if stream is not None:
            stream.close()

    def _run(self, grant: Grant) -> None:
        failure: ApiError | None = None
        try:
            stream = self._service().events(grant.token)
            if not self._take_up(grant, stream):
                return
            for name in stream:
                if self._is_current(stream):
                    self._on_event(name)
        except ApiError as error:
            failure = error
        with self._lock:
            followed = self._followed is grant
        if followed:
            logger.info("the event stream ended: %s", failure or "by the service")
            self._on_end(grant, failure)

    def _take_up(self, grant: Grant, stream: EventStream) -> bool:
        over: EventStream | None = stream
        with self._lock:
            wanted = self._followed is grant
            if wanted:
                over, self._stream = self._stream, stream
        if over is not None:
            over.close()
        return wanted

    def _is_current(self, stream: EventStream) -> bool:
        with self._lock:
            return self._stream is stream
