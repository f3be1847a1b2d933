"""Around every request: its id, the service's DPoP-Nonce, one log line, one count. Plain ASGI, for its price."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        fields: dict[str, object] = {}
        scope.setdefault("state", {})["log"] = fields
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers["DPoP-Nonce"] = self._dpop_nonce()
                headers["Cache-Control"] = "no-store"
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            self._metrics.count("headend_requests_total", method=scope["method"], status=str(status or 500))
            if logger.isEnabledFor(logging.INFO):
                line = {
                    "request_id": request_id,
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status or 500,
                    "ms": round((time.perf_counter() - begun) * 1000, 1),
                    **fields,
                }
                logger.info("request", extra={"fields": line})
