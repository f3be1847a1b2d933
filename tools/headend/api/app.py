"""Puts routers, errors and documents together into one ASGI application."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from tools.headend.api import openapi, problems
from tools.headend.api.account_routes import account_routes
from tools.headend.api.device_routes import device_routes
from tools.headend.api.message_routes import message_routes
from tools.headend.api.observed import Observed
from tools.headend.api.service_routes import service_routes
from tools.headend.api.services import Services

VERSION = "1.0.0"
_DESCRIPTION = """The account service behind all boxes of an operator.

A box signs in silently (`/v1/device/*`) and then asks with a token that is bound to its key (RFC 9449). Money is in
minor units, times are RFC 3339 in UTC, days are of the region's time zone, lists are paged by `next_cursor`.
Every answer carries the current `DPoP-Nonce` and echoes `X-Request-Id`. Errors are problem documents (RFC 9457) with
a stable `code`."""


def build_app(services: Services) -> ASGIApp:
    """The application; it owns nothing and is closed by nobody."""
    app = FastAPI(
        title="Account service",
        version=VERSION,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for router in (
        device_routes(services),
        account_routes(services),
        message_routes(services),
        service_routes(services),
    ):
        app.include_router(router)
    problems.install(app)
    openapi.install(app, services.origin)
    return Observed(app, dpop_nonce=services.dpop_nonces.current, metrics=services.metrics)
