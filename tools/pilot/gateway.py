"""A gateway in memory: a subclass of the real port, so that a drift between the two fails loudly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from device.api.errors import ApiError
from stb_app.account.gateway import Answer, Gateway, Listener
from tools.pilot import documents


class FakeGateway(Gateway):
    """Answers from ``bodies`` (by path, further pages by ``PATH?cursor=CURSOR``) at once, on the caller's thread;
    ``calls`` keeps what was asked.
    """

    def __init__(self, session: dict[str, Any] | None = None) -> None:
        self.session = session or documents.session()
        self.bodies: dict[str, Any] = {
            "/v1/account": documents.account(),
            "/v1/ledger/months": documents.months(),
            "/v1/ledger/entries": documents.entries(),
            "/v1/messages": documents.messages(),
        }
        self.as_of = documents.NOW
        self.stale = False
        self.unreachable = False
        self.held: list[Callable[[], None]] | None = None
        """Answers that wait, where a list is put here."""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.listener: Listener | None = None
        self.closed = False

    def start(self, listener: Listener) -> None:
        self.listener = listener
        listener.connected()

    def call(
        self, method: str, params: dict[str, Any] | None, done: Answer, failed: Callable[[ApiError], None]
    ) -> None:
        self.calls.append((method, params or {}))

        def answer() -> None:
            if method == "session.status":
                done(self.session)
            elif self.unreachable:
                failed(ApiError("out of reach", code="offline"))
            elif params is not None and params["method"] == "GET":
                cursor = params["query"].get("cursor")
                body = self.bodies[f"{params['path']}?cursor={cursor}" if cursor else params["path"]]
                done({"status": 200, "body": body, "as_of": self.as_of, "stale": self.stale})
            else:
                done({"status": 200, "body": {}, "as_of": self.as_of, "stale": False})

        if self.held is None:
            answer()
        else:
            self.held.append(answer)

    def sign(self, session: dict[str, Any]) -> None:
        """The sign-in changes."""
        self.session = session
        if self.listener is not None:
            self.listener.event("session.changed", session)

    def close(self) -> None:
        self.closed = True
