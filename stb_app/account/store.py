"""What is known now: the session, and the answers to queries with their age. The UI loop owns it.

When the card, the account or the service's word changes, everything of the old account is dropped in the same step,
and answers that are still on their way are thrown away when they come. Answers come on workers' threads, events on the
connection's: an answer may be overtaken by later news and does not undo it.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from device.api.errors import ApiError
from stb_app.account.gateway import Gateway, Listener
from stb_app.account.models import ModelError, Session, moment, parsed
from stb_app.account.queries import Query

logger = logging.getLogger(__name__)

T = TypeVar("T")

SHOWING = ("signed_in", "offline")
"""The states of a session in which data of the account may be on the screen."""


@dataclass(frozen=True)
class Fetched:
    """The answer to a query: a value with the time when it was true, or why there is none."""

    value: Any = None
    as_of: datetime | None = None
    stale: bool = False
    error: ApiError | None = None
    loading: bool = False
    since: float | None = None
    """When it was asked for, in seconds of a monotonic clock, while nothing has come yet."""
    cursor: str | None = None
    """Where a list goes on behind what is known of it; None where this is all."""


@dataclass(frozen=True)
class _Asking:
    """One asking for a query: of which epoch, the how manyth, and whether it ``goes_on`` behind what is known."""

    epoch: int
    number: int
    query: Query[Any]
    goes_on: bool


class Store(Listener):
    """``post`` brings a callable to the UI loop, ``changed`` is called there after every change; ``now`` is the
    app's monotonic clock.
    """

    def __init__(
        self,
        gateway: Gateway,
        post: Callable[[Callable[[], None]], None],
        changed: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gateway = gateway
        self._post = post
        self._changed = changed
        self._now = now
        self._epoch = 0
        self._answers: dict[Query[Any], Fetched] = {}
        self._pages: dict[Query[Any], int] = {}
        """So many pages of a list are known."""
        self._going_on: set[Query[Any]] = set()
        """Lists of which another page is on its way."""
        self._asked = 0
        self._told: dict[Query[Any], int] = {}
        """Which asking, counted, the known answer to a query is from."""
        self._session_news = 0
        self.session = Session()
        self.linked = False
        """Whether the device service answers."""
        self.link_error: ApiError | None = None
        self.sending = False

    def start(self) -> None:
        self._gateway.start(self)

    # What the gateway tells, on its own thread

    def connected(self) -> None:
        self._post(self._on_connected)

    def disconnected(self, error: ApiError) -> None:
        self._post(lambda: self._on_disconnected(error))

    def event(self, name: str, params: dict[str, Any]) -> None:
        if name == "session.changed":
            self._post(lambda: self._on_session_changed(params))
        elif name == "account.changed":
            self._post(self.refresh)

    # On the UI loop

    def _on_connected(self) -> None:
        self.linked = True
        self.link_error = None
        self.ask_session()

    def ask_session(self) -> None:
        """Read the state of the sign-in again."""
        news = self._session_news

        def answered(document: Any) -> None:
            if news == self._session_news:  # each change is told: what was told since is no older than the answer
                self._on_session(document)

        self._gateway.call(
            "session.status",
            None,
            lambda answer: self._post(lambda: answered(answer)),
            lambda error: logger.warning("session.status: %s", error),
        )

    def _on_disconnected(self, error: ApiError) -> None:
        self.linked = False
        self.link_error = error
        self.session = Session()
        self._session_news += 1
        self._forget()
        self._changed()

    def _on_session_changed(self, document: dict[str, Any]) -> None:
        self._session_news += 1
        self._on_session(document)

    def _on_session(self, document: dict[str, Any]) -> None:
        try:
            session = parsed("session.status", document, Session.from_json)
        except ModelError as error:
            logger.error("%s", error)
            return
        before, self.session = self.session, session
        if session.state not in SHOWING or session.account_number != before.account_number:
            self._forget()
        elif session.state != before.state:
            self.refresh()
        self._changed()

    def _forget(self) -> None:
        self._epoch += 1
        self._answers.clear()
        self._pages.clear()
        self._going_on.clear()
        self._told.clear()
        self.sending = False

    def refresh(self) -> None:
        """Ask anew for everything that is held; what is shown stays until the answers come."""
        for query in list(self._answers):
            self._fetch(query)

    @property
    def loading(self) -> bool:
        """Whether an answer is on its way that was never had before."""
        return self.sending or any(answer.loading for answer in self._answers.values())

    @property
    def awaited_since(self) -> list[float]:
        """Since when each answer is awaited that was never had before."""
        return [answer.since for answer in self._answers.values() if answer.since is not None]

    @property
    def failed(self) -> bool:
        """Whether something that is wanted could not be had, and may be had later."""
        return any(answer.error is not None and not answer.stale for answer in self._answers.values())

    def retry(self) -> None:
        """The viewer wants it now: everything once more, the sign-in's state too."""
        self.refresh()
        self.ask_session()

    def get(self, query: Query[T]) -> Fetched:
        """The answer so far; the first one who asks has it fetched."""
        if query not in self._answers and self.session.state in SHOWING:
            self._answers[query] = Fetched(loading=True, since=self._now())
            self._fetch(query)
        return self._answers.get(query, Fetched(loading=True))

    def value(self, query: Query[T]) -> T | None:
        """The value so far, or None."""
        return cast("T | None", self.get(query).value)

    def more(self, query: Query[tuple[Any, ...]]) -> None:
        """Ask for the page behind what is known of a list, where there is one; what is known stays before it."""
        known = self._answers.get(query)
        if known is not None and known.cursor is not None and query not in self._going_on:
            self._going_on.add(query)
            self._ask(self._asking(query, goes_on=True), known, self._pages.get(query, 1))

    def _fetch(self, query: Query[Any]) -> None:
        """All that is known of ``query`` anew: of a list as many pages as are known when they come."""
        self._ask(self._asking(query, goes_on=False), None, 0)

    def _asking(self, query: Query[Any], *, goes_on: bool) -> _Asking:
        self._asked += 1
        return _Asking(self._epoch, self._asked, query, goes_on)

    def _ask(self, asking: _Asking, before: Fetched | None, pages: int) -> None:
        """The page behind the first ``pages``, to be put behind what came ``before``."""
        query = asking.query
        cursor = {"cursor": before.cursor} if before is not None else {}
        params = {"method": "GET", "path": query.path, "query": {**dict(query.query), **cursor}}

        def done(answer: Any) -> None:
            self._post(lambda: self._came(asking, _joined(before, self._read(query, answer)), pages + 1))

        def failed(error: ApiError) -> None:
            self._post(lambda: self._came(asking, Fetched(error=error), pages))

        self._gateway.call("account.request", params, done, failed)

    def _came(self, asking: _Asking, fetched: Fetched, pages: int) -> None:
        query = asking.query
        if asking.epoch != self._epoch:
            return
        if asking.goes_on:
            self._going_on.discard(query)
        if asking.number < self._told.get(query, 0):
            return  # overtaken by what was asked later
        if not asking.goes_on and fetched.cursor is not None and pages < self._pages.get(query, 1):
            self._ask(asking, fetched, pages)
            return
        if asking.goes_on and fetched.error is not None:
            return  # what is known stays as true as it is; coming near the end again asks again
        self._told[query] = asking.number
        if fetched.error is None:
            self._pages[query] = max(1, pages)
        self._settle(query, fetched)

    @staticmethod
    def _read(query: Query[Any], answer: Any) -> Fetched:
        def read(document: Any) -> Fetched:
            if document["status"] != 200:
                body = document["body"] if isinstance(document["body"], dict) else {}
                return Fetched(error=ApiError(str(body.get("title", "refused")), code=str(body.get("code", "refused"))))
            as_of = moment(document["as_of"]) if document["as_of"] else None
            body = document["body"]
            cursor = body.get("next_cursor") if isinstance(body, dict) else None
            return Fetched(
                query.parse(body),
                as_of,
                bool(document["stale"]),
                cursor=cursor if isinstance(cursor, str) and cursor else None,
            )

        try:
            return parsed(query.path, answer, read)
        except ModelError as error:
            logger.error("%s", error)
            return Fetched(error=error)

    def _settle(self, query: Query[Any], fetched: Fetched) -> None:
        known = self._answers.get(query)
        if fetched.error is not None and known is not None and known.value is not None:
            fetched = Fetched(known.value, known.as_of, True, fetched.error, cursor=known.cursor)
        if fetched != known:
            self._answers[query] = fetched
            self._changed()

    def send(self, path: str, body: dict[str, Any], done: Callable[[ApiError | None], None]) -> None:
        """A change, once: its key is made here, before anything is sent. ``done`` runs on the UI loop."""
        epoch = self._epoch
        self.sending = True
        params = {"method": "POST", "path": path, "body": body, "idempotency_key": str(uuid.uuid4())}

        def settle(error: ApiError | None) -> None:
            if epoch == self._epoch:
                self.sending = False
                self.refresh()
                done(error)
                self._changed()

        def told(error: ApiError | None) -> None:
            self._post(lambda: settle(error))

        def answered(answer: Any) -> None:
            try:
                status = parsed(path, answer, lambda document: int(document["status"]))
            except ModelError as error:
                told(error)
            else:
                told(ApiError(f"{path}: {status}", code="refused") if status >= 300 else None)

        self._gateway.call("account.request", params, answered, told)


def _joined(before: Fetched | None, page: Fetched) -> Fetched:
    """A list with its next page; what moved from one to the other meanwhile is there once."""
    if before is None or page.error is not None:
        return page
    had = {each.id for each in before.value}
    items = (*before.value, *(each for each in page.value if each.id not in had))
    return Fetched(items, page.as_of, page.stale or before.stale, cursor=page.cursor)
