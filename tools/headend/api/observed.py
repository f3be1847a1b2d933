"""Around every request: its id, the service's DPoP-Nonce, one log line, one count. Plain ASGI, for its price."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from device.api.redaction import redact_text
from tools.headend.api.metrics import Metrics
from tools.headend.logs import NAME

logger = logging.getLogger(NAME)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class Observed:
    """Passes requests on; takes ``X-Request-Id`` from the box, so that one id runs from the key press to here."""

    def __init__(self, app: ASGIApp, *, dpop_nonce: Callable[[], str], metrics: Metrics) -> None:
        self._app = app
        self._dpop_nonce = dpop_nonce
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        given = Headers(scope=scope).get("x-request-id", "")
        taken = _REQUEST_ID.fullmatch(given) is not None
        request_id = given if taken else secrets.token_hex(8)
        fields: dict[str, object] = {"request_id": given} if taken else {}
        scope.setdefault("state", {})["log"] = fields
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    (b"dpop-nonce", self._dpop_nonce().encode()),
                    (b"cache-control", b"no-store"),
                ]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            self._metrics.count("headend_requests_total", method=scope["method"], status=str(status or 500))
            if logger.isEnabledFor(logging.INFO):
                plain = {
                    **({} if taken else {"request_id": request_id}),
                    "method": redact_text(scope["method"]),
                    "path": _shown(scope["path"]),
                    "status": status or 500,
                    "ms": round((time.perf_counter() - begun) * 1000, 1),
                }
                logger.info("request", extra={"fields": fields, "plain": plain})


@lru_cache(maxsize=1024)
def _shown(path: str) -> str:
    """A path for the log: most are few, and looking for what is secret in one costs more than the rest of the line."""
    return redact_text(path)
