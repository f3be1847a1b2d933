"""Routes of the two requests that make up nearly all of the service's load: the balance read and the sign-in.

FastAPI solves dependencies that such an endpoint does not have, and takes a thread through anyio. And SQLite is no
server: what it looks up it has at once, so that a thread for it only queues for the interpreter's lock. Together that
costs more than the endpoint itself; ``tools.bench service`` shows how much.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from inspect import iscoroutinefunction
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from tools.headend.api.reading import MustWrite
from tools.headend.api.requests import read_body
from tools.headend.api.services import Services

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def direct(services: Services) -> type[APIRoute]:
    """A route class: endpoints that take ``request``, ``body`` or both, in this order, and nothing from path or query
    are called as they are; all others as FastAPI does it. The document is the same for both.

    On SQLite an endpoint of GET runs on the event loop, and once more in a thread where it has to write (reading.py).
    """
    at_once = services.database.sqlite

    class DirectRoute(APIRoute):
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

            return handle

    return DirectRoute
