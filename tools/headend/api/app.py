"""Puts routers, errors and documents together into one ASGI application."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from tools.headend.api import openapi, problems
from tools.headend.api.account_routes import account_routes
from tools.headend.api.application_routes import application_routes
from tools.headend.api.autopay_routes import autopay_routes
from tools.headend.api.bonus_routes import bonus_routes
from tools.headend.api.contact_routes import contact_routes
from tools.headend.api.device_routes import device_routes
from tools.headend.api.direct import Shortcut
from tools.headend.api.entitlement_routes import entitlement_routes
from tools.headend.api.internet_routes import internet_routes
from tools.headend.api.lookup_routes import lookup_routes
from tools.headend.api.message_routes import message_routes
from tools.headend.api.notification_routes import notification_routes
from tools.headend.api.number_routes import number_routes
from tools.headend.api.observed import Observed
from tools.headend.api.order_routes import order_routes
from tools.headend.api.pairing_routes import pairing_routes
from tools.headend.api.parental_routes import parental_routes
from tools.headend.api.payment_routes import payment_routes
from tools.headend.api.phone_pages import phone_pages
from tools.headend.api.pin_routes import pin_routes
from tools.headend.api.promise_routes import promise_routes
from tools.headend.api.room_routes import room_routes
from tools.headend.api.sales_routes import sales_routes
from tools.headend.api.service_routes import service_routes
from tools.headend.api.services import Services
from tools.headend.api.statement_routes import statement_routes
from tools.headend.api.suspension_routes import suspension_routes
from tools.headend.api.ticket_routes import ticket_routes
from tools.headend.api.transfer_routes import transfer_routes
from tools.headend.api.webhook_routes import webhook_routes

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
    routers = (
        device_routes(services),
        account_routes(services),
        message_routes(services),
        notification_routes(services),
        statement_routes(services),
        ticket_routes(services),
        application_routes(services),
        payment_routes(services),
        autopay_routes(services),
        webhook_routes(services),
        phone_pages(services),
        pin_routes(services),
        contact_routes(services),
        lookup_routes(services),
        sales_routes(services),
        order_routes(services),
        bonus_routes(services),
        parental_routes(services),
        number_routes(services),
        internet_routes(services),
        promise_routes(services),
        transfer_routes(services),
        suspension_routes(services),
        pairing_routes(services),
        room_routes(services),
        entitlement_routes(services),
        service_routes(services),
    )
    for router in routers:
        app.include_router(router)
    problems.install(app)
    openapi.install(app, services.origin)
    return Observed(Shortcut(app, routers), dpop_nonce=services.dpop_nonces.current, metrics=services.metrics)
