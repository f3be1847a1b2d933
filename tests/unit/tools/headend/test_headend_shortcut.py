"""What is asked most is answered past FastAPI, and ends in the same problem documents."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from tools.headend.api.direct import Shortcut, direct
from tools.headend.domain.declined import Declined


def services() -> Any:
    return SimpleNamespace(database=SimpleNamespace(sqlite=True), threads=None)


def router() -> APIRouter:
    made = APIRouter(prefix="/v1", route_class=direct(services()))

    @made.get("/plain")
    async def plain(request: Request) -> Response:
        return Response(request.url.path)

    @made.get("/broken")
    async def broken(request: Request) -> Response:
        raise RuntimeError("a secret of ours")

    @made.get("/refused")
    async def refused(request: Request) -> Response:
        raise Declined("not_found", "there is none")

    @made.get("/with-a-parameter")
    async def parameter(limit: int = 5) -> Response:
        return Response(str(limit))

    return made


async def elsewhere(_scope: Scope, _receive: Receive, send: Send) -> None:
    await Response("FastAPI's")(_scope, _receive, send)


def ask(method: str, path: str) -> tuple[int, str]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [],
        "query_string": b"",
        "state": {},
        "server": ("x", 1),
        "scheme": "http",
    }
    asyncio.run(Shortcut(elsewhere, [router()])(scope, receive, send))
    return sent[0]["status"], sent[1]["body"].decode()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/plain", "/v1/plain"),
        ("POST", "/v1/plain", "FastAPI's"),
        ("GET", "/v1/plain/", "FastAPI's"),
        ("GET", "/v1/with-a-parameter", "FastAPI's"),
        ("GET", "/v1/nothing", "FastAPI's"),
    ],
)
def test_only_what_needs_nothing_of_fastapi_goes_past_it(method: str, path: str, body: str) -> None:
    assert ask(method, path) == (200, body)


def test_what_fails_is_a_problem_that_tells_nothing() -> None:
    status, body = ask("GET", "/v1/broken")
    assert (status, json.loads(body)["code"]) == (500, "internal")
    assert "secret" not in body


def test_what_is_refused_says_its_code() -> None:
    status, body = ask("GET", "/v1/refused")
    assert (status, json.loads(body)["code"]) == (404, "not_found")
