"""The account service over HTTPS: sign-in, requests within a session (DPoP, RFC 9449), the end of it, its events."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from device.adapters.http_transport import HttpTransport, Reply, Streaming
from device.adapters.server_sent import EventNames
from device.adapters.tls import PROVISIONAL_PATH, refuse_dates
from device.domain.assertion import DPOP_TYPE, dpop_claims
from device.domain.service_time import ServiceTime, Verdict
from device.domain.times import parse_rfc3339
from device.ports.account_service import (
    AccountAnswer,
    AccountRequest,
    AccountService,
    Busy,
    Challenge,
    EventStream,
    Grant,
    Refused,
    Unreachable,
)
from device.ports.clock import Clock
from device.ports.key_store import KeyStore

TOKEN_PATH = "/v1/device/token"  # noqa: S105 - a path
SESSION_PATH = "/v1/device/session"
EVENTS_PATH = "/v1/events"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
"""RFC 7523, 2.1."""

EVENTS_SILENCE_S = 25.0
"""The service speaks every 10 s at least; two of these missing and the line is dead."""

_MAX_RETRY_AFTER = 3600.0


class AccountHttp(AccountService):
    """See the port. Keeps the service's latest DPoP nonce; any thread may call."""

    def __init__(self, transport: HttpTransport, keys: KeyStore, service_time: ServiceTime, clock: Clock) -> None:
        self._transport = transport
        self._keys = keys
        self._service_time = service_time
        self._clock = clock
        self._lock = threading.Lock()
        self._nonce: str | None = None

    @property
    def audience(self) -> str:
        return self._transport.origin

    def challenge(self, chip_id: str) -> Challenge:
        body = json.dumps({"chip_id": chip_id}).encode()
        reply = self._transport.fetch("POST", PROVISIONAL_PATH, {"Content-Type": "application/json"}, body=body)
        received = self._clock.boottime()
        document = self._document(reply)
        try:
            nonce, server_time = str(document["nonce"]), parse_rfc3339(str(document["server_time"]))
        except (KeyError, ValueError):
            raise Unreachable("http", "the challenge holds no nonce or no time") from None
        if reply.dates is not None:
            verdict = self._service_time.confirm(reply.dates, server_time)
            if verdict is not Verdict.trusted:
                raise refuse_dates(verdict)
        self._service_time.adopt(server_time, received)
        return Challenge(nonce, server_time, received)

    def token(self, make_assertion: Callable[[], str]) -> Grant:
        def send() -> Reply:
            form = urlencode({"grant_type": GRANT_TYPE, "assertion": make_assertion()}).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded"} | self._dpop("POST", TOKEN_PATH, None)
            return self._transport.fetch("POST", TOKEN_PATH, headers, body=form)

        reply = self._with_nonce(send)
        document = self._document(reply)
        try:
            if str(document["token_type"]).lower() != "dpop":
                raise ValueError
            return Grant(
                token=_visible_ascii(document["access_token"]),
                account_number=str(document["account_number"]),
                acr=str(document["acr"]),
                expires_in=max(30.0, min(86400.0, float(document["expires_in"]))),
                issued=self._clock.boottime(),
            )
        except (KeyError, ValueError, TypeError):
            raise Unreachable("http", "the service's token answer is incomplete") from None

    def request(self, token: str, request: AccountRequest) -> AccountAnswer:
        body = None if request.body is None else json.dumps(request.body, ensure_ascii=False).encode()

        def send() -> Reply:
            headers = {"Accept": "application/json"} | self._authorized(request.method, request.path, token)
            if body is not None:
                headers["Content-Type"] = "application/json"
            if request.idempotency_key is not None:
                headers["Idempotency-Key"] = request.idempotency_key
            if request.request_id is not None:
                headers["X-Request-Id"] = request.request_id
            return self._transport.fetch(request.method, request.path, headers, query=request.query, body=body)

        try:
            reply = self._with_nonce(send)
        except Unreachable as error:
            if error.step != "http" or not (request.method == "GET" or request.idempotency_key):
                raise
            # a kept connection that the service closed at this very moment; the same again has one effect
            reply = self._with_nonce(send)
        if reply.status == 503:
            raise Busy("the service is busy", retry_after=retry_after(reply.headers))
        return AccountAnswer(reply.status, _json(reply.body))

    def events(self, token: str) -> EventStream:
        def send() -> Streaming:
            headers = {"Accept": "text/event-stream"} | self._authorized("GET", EVENTS_PATH, token)
            return self._transport.stream("GET", EVENTS_PATH, headers, read_seconds=EVENTS_SILENCE_S)

        stream = send()
        self._keep_nonce(stream.headers)
        if stream.status == 401:
            refusal = Reply(stream.status, stream.headers, stream.whole(), stream.dates)
            if not _wants_nonce(refusal):
                self._document(refusal)
            stream = send()
        if stream.status != 200:
            self._document(Reply(stream.status, stream.headers, stream.whole(), stream.dates))
            raise Unreachable("http", f"the events answered {stream.status}")
        return _HttpEvents(stream)

    def end_session(self, token: str) -> None:
        def send() -> Reply:
            return self._transport.fetch("DELETE", SESSION_PATH, self._authorized("DELETE", SESSION_PATH, token))

        reply = self._with_nonce(send)
        if reply.status >= 500:
            raise Unreachable("http", f"the end of the session answered {reply.status}")

    def _authorized(self, method: str, path: str, token: str) -> dict[str, str]:
        return {"Authorization": f"DPoP {token}"} | self._dpop(method, path, token)

    def _dpop(self, method: str, path: str, token: str | None) -> dict[str, str]:
        claims = dpop_claims(
            method=method,
            url=f"{self._transport.origin}{path}",
            issued_at=self._service_time.best(),
            jti=secrets.token_urlsafe(16),
            nonce=self._nonce,
            token=token,
        )
        return {"DPoP": self._keys.sign_jwt(DPOP_TYPE, claims, show_key=True)}

    def _with_nonce(self, send: Callable[[], Reply]) -> Reply:
        """Once more where the service only wants its newer nonce (RFC 9449, 8)."""
        reply = send()
        self._keep_nonce(reply.headers)
        if reply.status == 401 and _wants_nonce(reply):
            reply = send()
            self._keep_nonce(reply.headers)
        return reply

    def _keep_nonce(self, headers: Mapping[str, str]) -> None:
        nonce = headers.get("DPoP-Nonce")
        if nonce and len(nonce) <= 512:
            with self._lock:
                self._nonce = nonce

    def _document(self, reply: Reply) -> dict[str, Any]:
        """The JSON object of a 200; Busy, Refused or Unreachable for everything else."""
        self._keep_nonce(reply.headers)
        body = _json(reply.body)
        if reply.status in (200, 201) and isinstance(body, dict):
            return body
        code = AccountAnswer(reply.status, body).problem_code
        if reply.status in (429, 503):
            raise Busy(f"the service says to come again ({reply.status})", retry_after=retry_after(reply.headers))
        if code and 400 <= reply.status < 500:
            raise Refused(reply.status, code, f"the service refused: {code}")
        raise Unreachable("http", f"the service answered {reply.status}, not as an account service does")


class _HttpEvents(EventStream):
    def __init__(self, stream: Streaming) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[str]:
        names = EventNames()
        for piece in self._stream.pieces():
            yield from names.feed(piece)

    def close(self) -> None:
        self._stream.close()


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of Retry-After (RFC 9110, 10.2.3), an hour at most; its other form, a date, is not taken."""
    value = headers.get("Retry-After", "").strip()
    return min(float(value), _MAX_RETRY_AFTER) if value.isascii() and value.isdigit() else None


def _wants_nonce(reply: Reply) -> bool:
    body = _json(reply.body)
    return isinstance(body, dict) and "use_dpop_nonce" in (body.get("code"), body.get("error"))


def _json(body: bytes) -> Any:
    """The JSON value; None for an empty body, and for one that is no JSON."""
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _visible_ascii(value: Any) -> str:
    """A token as a header can carry it; ValueError for anything else."""
    text = str(value)
    if not text or not all("!" <= character <= "~" for character in text):
        raise ValueError
    return text
