"""Changes that happen once, however often they are asked for (contracts.md, Account API: Idempotency-Key).

The effect, the answer and the request's jti are written in one transaction: after a SIGKILL there is all of it or
nothing, and nothing can be asked for again at once. What runs now is known in this process alone; of two processes
the second waits for the first in the database and then gives the same answer.
"""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from device.api.errors import ApiError
from tools.headend.clock import Clock, milliseconds
from tools.headend.domain.declined import Declined
from tools.headend.identity.records import Once
from tools.headend.storage.database import Database
from tools.headend.storage.registry import use_up
from tools.headend.storage.tables import idempotency_keys

KEPT = timedelta(hours=48)
"""How long an answer is remembered; contracts.md asks for 24 h or longer."""
_FOUND = select(idempotency_keys.c.fingerprint, idempotency_keys.c.status, idempotency_keys.c.body).where(
    idempotency_keys.c.account_id == bindparam("account_id"), idempotency_keys.c.key == bindparam("key")
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a change answered: HTTP status and JSON text, kept byte for byte."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Change:
    """A request that changes something: whose, where, under which key, with which body; ``jti`` is good once."""

    account_id: int
    endpoint: str
    key: str
    body: bytes
    jti: Once


class KeyReused(ApiError):
    """The key was used with another request (422)."""

    code = "idempotency_key_reused"


class StillRunning(ApiError):
    """The first request with this key has not been answered yet (409)."""

    code = "request_running"


Effect = Callable[[Connection], dict[str, Any] | Declined]
"""Does the change through the connection, and answers; raises Declined where it may not be. A Declined that is
returned is answered all the same, but what was written stays: a failure that was counted."""


class Changes:
    """Runs effects once a key. Thread-safe."""

    def __init__(self, database: Database, fingerprint_key: bytes, clock: Clock) -> None:
        self._database = database
        self._key = fingerprint_key
        self._clock = clock
        self._running: set[tuple[int, str]] = set()
        self._lock = threading.Lock()

    def run(self, change: Change, effect: Effect, decline: Callable[[Declined], Answer]) -> Answer:
        """The answer to ``change``: the first one's where it ran before; ``decline`` words a refused effect.

        KeyReused, StillRunning, Refusal jti_used.
        """
        fingerprint = self._fingerprint(change)
        with self._running_now(change):
            try:
                return self._database.write(
                    lambda connection: self._once(connection, change, fingerprint, effect, decline)
                )
            except Declined as declined:
                answer = decline(declined)
            return self._database.write(lambda connection: self._keep(connection, change, fingerprint, answer))

    def answered(self, change: Change) -> Answer | None:
        """The answer that ``change`` has had; None where it was not made. KeyReused, StillRunning, Refusal jti_used."""
        fingerprint = self._fingerprint(change)

        def look(connection: Connection) -> Answer | None:
            use_up(connection, [change.jti])
            return self._known(connection, change, fingerprint)

        with self._running_now(change):
            return self._database.write(look)

    def forget_old(self, now: datetime) -> int:
        """Delete answers that are older than they must be kept; returns how many went."""

        def work(connection: Connection) -> int:
            limit = milliseconds(now - KEPT)
            return connection.execute(idempotency_keys.delete().where(idempotency_keys.c.created_at < limit)).rowcount

        return self._database.write(work)

    def _once(
        self,
        connection: Connection,
        change: Change,
        fingerprint: bytes,
        effect: Effect,
        decline: Callable[[Declined], Answer],
    ) -> Answer:
        use_up(connection, [change.jti])
        known = self._known(connection, change, fingerprint)
        if known is not None:
            return known
        outcome = effect(connection)
        if isinstance(outcome, Declined):
            answer = decline(outcome)
        else:
            answer = Answer(200, json.dumps(outcome, ensure_ascii=False, separators=(",", ":")))
        self._insert(connection, change, fingerprint, answer)
        return answer

    def _keep(self, connection: Connection, change: Change, fingerprint: bytes, answer: Answer) -> Answer:
        """Keep a refused effect's answer; the effect itself was rolled back."""
        use_up(connection, [change.jti])
        known = self._known(connection, change, fingerprint)
        if known is not None:
            return known
        self._insert(connection, change, fingerprint, answer)
        return answer

    def _known(self, connection: Connection, change: Change, fingerprint: bytes) -> Answer | None:
        row = connection.execute(_FOUND, {"account_id": change.account_id, "key": change.key}).first()
        if row is None:
            return None
        if not hmac.compare_digest(row.fingerprint, fingerprint):
            raise KeyReused("this Idempotency-Key was used with another request", remedy="make a new key")
        return Answer(row.status, row.body)

    def _insert(self, connection: Connection, change: Change, fingerprint: bytes, answer: Answer) -> None:
        row = {
            "account_id": change.account_id,
            "key": change.key,
            "fingerprint": fingerprint,
            "status": answer.status,
            "body": answer.body,
            "created_at": milliseconds(self._clock.now()),
        }
        connection.execute(insert(idempotency_keys), row)

    def _fingerprint(self, change: Change) -> bytes:
        """HMAC over account, endpoint, key and body, each with its length: no two requests share one."""
        parts = (
            str(change.account_id).encode(),
            change.endpoint.encode(),
            change.key.encode(),
            _canonical(change.body),
        )
        mac = hmac.new(self._key, digestmod=sha256)
        for part in parts:
            mac.update(len(part).to_bytes(8, "big") + part)
        return mac.digest()

    @contextmanager
    def _running_now(self, change: Change) -> Iterator[None]:
        running = (change.account_id, change.key)
        with self._lock:
            if running in self._running:
                raise StillRunning("the first request with this Idempotency-Key is still running", retry_after=1.0)
            self._running.add(running)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(running)


def _canonical(body: bytes) -> bytes:
    """A JSON body without what means nothing: a box that re-sends may space or order it otherwise."""
    try:
        return json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return body
