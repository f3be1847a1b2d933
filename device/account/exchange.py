"""One exchange with the account service on a worker: written down before it is sent, struck out or kept afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable

from device.account.journal import Entry, Journal
from device.account.known import Known, LastKnown
from device.account.request import known_as
from device.api.errors import ApiError
from device.domain.service_time import ServiceTime
from device.domain.times import rfc3339
from device.ports.account_service import AccountAnswer, AccountRequest, AccountService, Grant

_RUNNING = ("request_running", "")
"""Codes of a 409 that is no answer: the service still works on the first one with this key, or did not say why."""

_STEP_UP = "insufficient_user_authentication"
"""RFC 9470: the session is good, the viewer must show more; nothing was done."""


class Exchange:
    """Blocks. Raises what the service raises."""

    def __init__(
        self, service: Callable[[], AccountService], journal: Journal, known: LastKnown, service_time: ServiceTime
    ) -> None:
        self._service = service
        self._journal = journal
        self._known = known
        self._service_time = service_time
        self._lock = threading.Lock()
        self._in_flight: set[str] = set()

    def write_down(self, owner: str, request: AccountRequest) -> None:
        """Before a change is sent: into the journal, and nobody else may send this key until `send` or `send_again`
        has ended. JournalUnavailable; ApiError ``in_progress`` for a key that is in flight, ``key_reused``."""
        key = request.idempotency_key or ""
        if not self._claim(key):
            raise ApiError("this change is being sent already", code="in_progress")
        try:
            self._journal.add(owner, request, key, rfc3339(self._service_time.best()))
        except ApiError:
            self._release(key)
            raise

    def send(self, grant: Grant, owner: str, request: AccountRequest) -> tuple[AccountAnswer, str]:
        """The answer and when it was true (RFC 3339). A change was written down before, but for one without a key."""
        if request.idempotency_key is not None:
            return self._send_claimed(grant, request, request.idempotency_key)
        answer = self._service().request(grant.token, request)
        as_of = rfc3339(self._service_time.best())
        if answer.status == 200 and request.reads and not request.private:
            self._known.put(owner, known_as(request), Known(answer.body, as_of))
        return answer, as_of

    def send_again(self, grant: Grant, entry: Entry) -> AccountAnswer | None:
        """None where the app is sending it at this moment."""
        if not self._claim(entry.key):
            return None
        return self._send_claimed(grant, entry.request(), entry.key)[0]

    def last_known(self, owner: str, request: AccountRequest) -> Known | None:
        return self._known.get(owner, known_as(request))

    def _send_claimed(self, grant: Grant, request: AccountRequest, key: str) -> tuple[AccountAnswer, str]:
        try:
            answer = self._service().request(grant.token, request)
            if is_final(answer):
                self._journal.remove(key)
        finally:
            self._release(key)
        return answer, rfc3339(self._service_time.best())

    def _claim(self, key: str) -> bool:
        with self._lock:
            if key in self._in_flight:
                return False
            self._in_flight.add(key)
            return True

    def _release(self, key: str) -> None:
        with self._lock:
            self._in_flight.discard(key)


def is_final(answer: AccountAnswer) -> bool:
    """The fate of the change is known. A 401 for the session's sake is not it: it is sent again in the next one."""
    if answer.status == 401:
        return answer.problem_code == _STEP_UP
    if answer.status == 409:
        return answer.problem_code not in _RUNNING
    return answer.status < 500
