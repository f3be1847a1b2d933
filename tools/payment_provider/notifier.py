"""Webhooks: unsigned, repeated with growing pauses until they are answered with 200, for 24 h at most."""

from __future__ import annotations

import heapq
import itertools
import json
import logging
import ssl
import threading
import time
from pathlib import Path
from typing import Any

import httpx

logger = logging.getLogger("tools.payment_provider")

_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)
_FOR_S = 24 * 3600.0
TIMEOUT_S = 10.0


class Notifier:
    """One thread. ``sending`` off: events are lost; ``times``: how often each is sent."""

    def __init__(self, url: str | None, ca: Path | None = None) -> None:
        self.url = url
        self.sending = True
        self.times = 1
        self._client = _client(ca)
        self._waiting: list[tuple[float, int, int, float, bytes]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._ending = False
        self._sending_now = False
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def send_to(self, url: str, ca: Path | None = None) -> None:
        """From now on events go there."""
        before, self._client, self.url = self._client, _client(ca), url
        before.close()

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be sent."""
        with self._changed:
            return not self._waiting and not self._sending_now

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._ending = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=1)
        self._client.close()

    def tell(self, event: str, document: dict[str, Any]) -> None:
        """Send an event soon."""
        if self.url is None or not self.sending:
            return
        body = json.dumps({"type": "notification", "event": event, "object": document}).encode()
        for _ in range(self.times):
            self._put(0, time.monotonic(), body, 0.0)

    def _put(self, attempt: int, first: float, body: bytes, pause: float) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (time.monotonic() + pause, next(self._numbers), attempt, first, body))
            self._changed.notify()

    def _run(self) -> None:
        while (due := self._next()) is not None:
            attempt, first, body = due
            taken = self._taken(body)
            if not taken and time.monotonic() - first <= _FOR_S:
                self._put(attempt + 1, first, body, _PAUSES[min(attempt, len(_PAUSES) - 1)])
            with self._changed:
                self._sending_now = False

    def _next(self) -> tuple[int, float, bytes] | None:
        with self._changed:
            while not self._ending:
                pause = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if pause is not None and pause <= 0:
                    _, _, attempt, first, body = heapq.heappop(self._waiting)
                    self._sending_now = True
                    return attempt, first, body
                self._changed.wait(pause)
        return None

    def _taken(self, body: bytes) -> bool:
        if self.url is None:
            return True
        try:
            answer = self._client.post(self.url, content=body, headers={"Content-Type": "application/json"})
        except (httpx.HTTPError, RuntimeError) as error:
            logger.info("a webhook was not delivered: %s", type(error).__name__)
            return False
        return answer.status_code == 200


def _client(ca: Path | None) -> httpx.Client:
    verify = ssl.create_default_context(cafile=str(ca)) if ca else True
    return httpx.Client(timeout=TIMEOUT_S, trust_env=False, follow_redirects=False, verify=verify)
