"""Puts the stand-in together: its book, its webhooks, its application, on a socket that listens."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tools.headend.server import Server, url_of
from tools.payment_provider.app import build_app
from tools.payment_provider.book import Book
from tools.payment_provider.notifier import Notifier


def utc_now() -> datetime:
    return datetime.now(UTC)


class StandIn:
    """``url`` is where it listens; the API is under ``url``/v3."""

    def __init__(
        self,
        sock: socket.socket,
        shop_id: str,
        secret: str,
        webhook: str | None = None,
        webhook_ca: Path | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.url = url_of(sock, None)
        self.notifier = Notifier(webhook, webhook_ca)
        self.book = Book(self.url, shop_id, self.notifier.tell, now)
        self._app = build_app(self.book, self.notifier, shop_id, secret)

    def server(self, on_listening: Callable[[], None]) -> Server:
        return Server(self._app, None, on_listening=on_listening, on_end=lambda: None)
