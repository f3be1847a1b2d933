"""The payment stand-in in a thread of the test's process, over real HTTP, by the same clock as the service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx

from device.api.waiting import wait_until
from tests.support.headend_server import RunningHeadend
from tools.headend.payments.yookassa import YooKassa
from tools.headend.server import listen
from tools.payment_provider.book import Payment
from tools.payment_provider.serving import StandIn, utc_now

SHOP, SECRET = "100500", "test-secret"


class RunningStandIn:
    """``control`` presses a developer's button; ``provider`` is a new adapter to it."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in
        self.url = stand_in.url
        self.http = httpx.Client(base_url=stand_in.url, trust_env=False, timeout=10)

    def provider(self, **options: Any) -> YooKassa:
        return YooKassa(f"{self.url}/v3", SHOP, SECRET, timeout=10.0, **options)

    def control(self, name: str, **options: Any) -> dict[str, Any]:
        answer = self.http.post(f"/control/{name}", json=options)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def payments(self) -> list[Payment]:
        """All of them, newest first."""
        return self.stand_in.book.listed(1000, None, lambda _each: True)[0]

    def tell(self, headend: RunningHeadend) -> None:
        """Its webhooks go to this service."""
        url = f"{headend.origin}/v1/webhooks/yookassa"
        self.stand_in.notifier.send_to(url, headend.keys.ca_certificate)

    def webhooks_sent(self) -> None:
        """Until every webhook was taken."""
        notifier = self.stand_in.notifier
        wait_until(lambda: notifier.idle, limit=10, what="the webhooks to be taken")


@contextmanager
def running_stand_in(now: Callable[[], datetime] = utc_now) -> Iterator[RunningStandIn]:
    with listen("127.0.0.1", 0) as sock:
        stand_in = StandIn(sock, SHOP, SECRET, now=now)
        listening = threading.Event()
        server = stand_in.server(listening.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, name="stand-in")
        thread.start()
        stand_in.notifier.start()
        running = RunningStandIn(stand_in)
        try:
            assert listening.wait(10), "the stand-in does not listen"
            yield running
        finally:
            running.http.close()
            server.stop()
            thread.join(10)
            stand_in.notifier.stop()
            assert not thread.is_alive()
