"""Routes of the two requests that make up nearly all of the service's load: the balance read and the sign-in.

FastAPI tries one route after the other, passes through five layers, solves dependencies that such an endpoint does not
have, and takes a thread through anyio. And SQLite is no server: what it looks up it has at once, so that a thread for
it only queues for the interpreter's lock. Together that costs more than the endpoint itself; ``tools.bench service``
shows how much.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from inspect import iscoroutinefunction
from typing import Any

from fastapi.routing import APIRoute, APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tools.headend.api.problems import error_response
from tools.headend.api.reading import MustWrite
from tools.headend.api.requests import read_body
from tools.headend.api.services import Services

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _DirectRoute(APIRoute):
    """``straight``: what answers it, where nothing of FastAPI's is needed for that."""

    straight: Handler | None = None


def direct(services: Services) -> type[APIRoute]:
    """A route class: endpoints that take ``request``, ``body`` or both, in this order, and nothing from path or query
    are called as they are; all others as FastAPI does it. The document is the same for both.

    On SQLite an endpoint of GET runs on the event loop, and once more in a thread where it has to write (reading.py).
    """
    at_once = services.database.sqlite

    class DirectRoute(_DirectRoute):
        def get_route_handler(self) -> Handler:
            endpoint, dependant = self.endpoint, self.dependant
            bodies = [each.name for each in dependant.dependencies if each.call is read_body]
            parsed = dependant.path_params or dependant.query_params or dependant.header_params
            others = len(dependant.dependencies) - len(bodies)
            asking = dependant.request_param_name is not None
            if parsed or others or bodies not in ([], ["body"]) or not (asking or bodies):
                return super().get_route_handler()

            async def handle(request: Request) -> Response:
                arguments: list[Any] = [request] if asking else []
                if bodies:
                    arguments.append(await read_body(request))
                response: Response
                if iscoroutinefunction(endpoint):
                    response = await endpoint(*arguments)
                    return response
                if at_once and request.method == "GET":
                    request.scope["state"]["at_once"] = True
                    try:
                        response = endpoint(*arguments)
                        return response
                    except MustWrite:
                        request.scope["state"]["at_once"] = False
                run = asyncio.get_running_loop().run_in_executor
                response = await run(services.threads, endpoint, *arguments)
                return response

            self.straight = handle
            return handle

    return DirectRoute


class Shortcut:
    """Answers the direct routes of ``routers`` that stand for one path, and passes everything else on to ``app``."""

    def __init__(self, app: ASGIApp, routers: Iterable[APIRouter]) -> None:
        self._app = app
        self._handlers: dict[tuple[str, str], Handler] = {
            (method, route.path): route.straight
            for router in routers
            for route in router.routes
            if isinstance(route, _DirectRoute) and route.straight is not None
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handler = self._handlers.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if handler is None:
            await self._app(scope, receive, send)
            return
        try:
            response = await handler(Request(scope, receive, send))
        except Exception as error:  # noqa: BLE001 - whatever it is, the box gets a problem document
            response = error_response(error)
        await response(scope, receive, send)
