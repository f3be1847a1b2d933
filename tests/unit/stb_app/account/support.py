"""A store that tests drive: its gateway in memory, its loop by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from device.api.errors import ApiError
from stb_app.account.gateway import Answer
from stb_app.account.store import Store
from tools.pilot.gateway import FakeGateway


class Answering(FakeGateway):
    """Answers ``posted`` to a change, where that is put here."""

    posted: Any = None

    def call(
        self, method: str, params: dict[str, Any] | None, done: Answer, failed: Callable[[ApiError], None]
    ) -> None:
        if self.posted is not None and params is not None and params["method"] == "POST":
            done(self.posted)
        else:
            super().call(method, params, done, failed)


class Loop:
    """A store on a loop that runs when it is told to."""

    def __init__(self, session: dict[str, Any] | None = None) -> None:
        self.gateway = Answering(session)
        self.work: list[Callable[[], None]] = []
        self.changes = 0
        self.store = Store(self.gateway, self.work.append, self._changed, lambda: 7.0)
        self.store.start()
        self.run()

    def _changed(self) -> None:
        self.changes += 1

    def run(self) -> None:
        while self.work:
            self.work.pop(0)()

    def sign(self, session: dict[str, Any]) -> None:
        self.gateway.sign(session)
        self.run()

    def hold(self) -> list[Callable[[], None]]:
        """Answers wait from now on."""
        self.gateway.held = []
        return self.gateway.held

    def asked(self) -> list[str]:
        return [str(params["path"]) for method, params in self.gateway.calls if method == "account.request"]
