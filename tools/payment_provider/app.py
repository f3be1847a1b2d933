"""The HTTP faces of the stand-in: the API under ``/v3``, the payer's page, the developer's page and controls."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.payment_provider.book import Book, Payment
from tools.payment_provider.errors import ApiProblem, invalid
from tools.payment_provider.notifier import Notifier
from tools.payment_provider.pages import developer_page, payer_page

_BODY_MAX = 256 * 1024
_SAVED_CARDS = ("succeed", "decline", "confirm", "wait")


@dataclass(slots=True)
class Loss:
    """How many of the next answers to new payments are lost: the payment is made, and the shop learns nothing but an
    HTTP 500, as the provider answers what takes it over 30 s."""

    answers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> bool:
        with self._lock:
            if self.answers <= 0:
                return False
            self.answers -= 1
            return True


class LossyAnswers:
    """An empty HTTP 500 where an answer is to be lost."""

    def __init__(self, app: ASGIApp, loss: Loss) -> None:
        self._app = app
        self._loss = loss

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) != ("POST", "/v3/payments"):
            await self._app(scope, receive, send)
            return
        lost = self._loss.take()

        async def lose(_message: Message) -> None:
            return

        await self._app(scope, receive, lose if lost else send)
        if lost:
            await send({"type": "http.response.start", "status": 500, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})


def build_app(book: Book, notifier: Notifier, shop_id: str, secret: str) -> ASGIApp:
    """The application; ``secret`` is the shop's key for HTTP Basic."""
    app = FastAPI(title="Payment stand-in", version="3", docs_url=None, redoc_url=None, redirect_slashes=False)
    loss = Loss()

    @app.exception_handler(ApiProblem)
    async def problem(_request: Request, error: ApiProblem) -> Response:
        headers = {"WWW-Authenticate": 'Basic realm="shop"'} if error.status == 401 else {}
        return _json(error.document(), error.status, headers)

    _api(app, book, _checker(shop_id, secret))
    _pages(app, book)
    _controls(app, book, notifier, loss)
    return LossyAnswers(app, loss)


def _api(app: FastAPI, book: Book, check: Callable[[Request], None]) -> None:
    @app.post("/v3/payments")
    async def create(request: Request) -> Response:
        check(request)
        return _json(book.create(request.headers.get("idempotence-key", ""), await _body(request)))

    @app.get("/v3/payments")
    async def listed(request: Request) -> Response:
        check(request)
        found, cursor = book.listed(_limit(request), request.query_params.get("cursor"), _kept(request))
        page = {"type": "list", "items": [book.document(each) for each in found]}
        return _json({**page, "next_cursor": cursor} if cursor else page)

    @app.get("/v3/payments/{payment_id}")
    async def one(request: Request, payment_id: str) -> Response:
        check(request)
        return _json(book.document(book.payment(payment_id)))

    @app.post("/v3/payments/{payment_id}/capture")
    async def capture(request: Request, payment_id: str) -> Response:
        check(request)
        return _json(book.capture(book.payment(payment_id)))

    @app.post("/v3/payments/{payment_id}/cancel")
    async def cancel(request: Request, payment_id: str) -> Response:
        check(request)
        return _json(book.cancel(book.payment(payment_id)))


def _pages(app: FastAPI, book: Book) -> None:
    @app.get("/")
    async def overview() -> Response:
        return HTMLResponse(developer_page(book.listed(100, None, lambda _each: True)[0]))

    @app.get("/pay/{payment_id}")
    async def page(payment_id: str) -> Response:
        return HTMLResponse(payer_page(book.payment(payment_id)))

    @app.post("/pay/{payment_id}")
    async def decide(request: Request, payment_id: str) -> Response:
        payment = book.payment(payment_id)
        what = parse_qs((await _raw(request)).decode("ascii", "replace")).get("what", [""])[0]
        if payment.state == "pending":
            if what == "approve":
                book.confirm(payment)
            elif what == "decline":
                book.cancel(payment, "general_decline")
        target = payment.order.return_url or f"/pay/{payment.id}"
        return RedirectResponse(target, 303)


def _controls(app: FastAPI, book: Book, notifier: Notifier, loss: Loss) -> None:
    @app.post("/control/approve")
    async def approve(request: Request) -> Response:
        payment = _meant(book, await _options(request))
        book.confirm(payment)
        return _json(book.document(payment))

    @app.post("/control/decline")
    async def decline(request: Request) -> Response:
        options = await _options(request)
        return _json(book.cancel(_meant(book, options), str(options.get("reason", "general_decline"))[:60]))

    @app.post("/control/lose_answer")
    async def lose_answer(request: Request) -> Response:
        count = (await _options(request)).get("count", 1)
        if not isinstance(count, int) or not 0 <= count <= 1000:
            raise invalid("expected 0 to 1000", "count")
        loss.answers = count
        return _json({"lost": count})

    @app.post("/control/saved_cards")
    async def saved_cards(request: Request) -> Response:
        wanted = (await _options(request)).get("answer")
        if wanted not in _SAVED_CARDS:
            raise invalid(f"expected one of {', '.join(_SAVED_CARDS)}", "answer")
        book.controls.saved_cards = wanted
        return _json({"answer": wanted})

    @app.post("/control/webhooks")
    async def webhooks(request: Request) -> Response:
        options = await _options(request)
        match options:
            case {"url": str(url)} if url.startswith(("http://", "https://")):
                notifier.url = url
        if isinstance(options.get("sending"), bool):
            notifier.sending = options["sending"]
        if isinstance(options.get("times"), int) and 1 <= options["times"] <= 10:
            notifier.times = options["times"]
        return _json({"url": notifier.url, "sending": notifier.sending, "times": notifier.times})


def _checker(shop_id: str, secret: str) -> Callable[[Request], None]:
    expected = f"{shop_id}:{secret}".encode()

    def check(request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            said = base64.b64decode(token, validate=True)
        except (binascii.Error, ValueError):
            said = b""
        if scheme.lower() != "basic" or not hmac.compare_digest(said, expected):
            raise ApiProblem(401, "invalid_credentials", "shop id and secret key do not belong together")

    return check


def _meant(book: Book, options: dict[str, Any]) -> Payment:
    wanted = options.get("payment_id")
    return book.payment(wanted) if isinstance(wanted, str) else book.newest_open()


def _kept(request: Request) -> Callable[[Payment], bool]:
    """The filters of a list."""
    query = request.query_params
    bounds = {
        name: _instant(query[f"created_at.{name}"])
        for name in ("gte", "gt", "lte", "lt")
        if f"created_at.{name}" in query
    }
    status, method = query.get("status"), query.get("payment_method")

    def kept(payment: Payment) -> bool:
        at = payment.created_at
        return (
            (status is None or payment.state == status)
            and (method is None or payment.method["type"] == method)
            and ("gte" not in bounds or at >= bounds["gte"])
            and ("gt" not in bounds or at > bounds["gt"])
            and ("lte" not in bounds or at <= bounds["lte"])
            and ("lt" not in bounds or at < bounds["lt"])
        )

    return kept


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "10")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 100):
        raise invalid("expected 1 to 100", "limit")
    return int(text[:4])


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise invalid("expected an instant of RFC 3339", "created_at") from None
    if found.tzinfo is None:
        raise invalid("expected an instant with its offset", "created_at")
    return found


async def _raw(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            raise invalid("the body is too long")
    return bytes(body)


async def _body(request: Request) -> Any:
    try:
        return json.loads(await _raw(request))
    except (ValueError, RecursionError):
        raise invalid("expected JSON") from None


async def _options(request: Request) -> dict[str, Any]:
    """What a control is told; nothing, or a form's empty body, is all right."""
    try:
        found = json.loads(await _raw(request) or b"{}")
    except (ValueError, RecursionError):
        raise invalid("expected JSON") from None
    return found if isinstance(found, dict) else {}


def _json(document: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), status, headers, "application/json")
