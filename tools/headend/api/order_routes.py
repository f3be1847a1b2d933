"""``/v1/subscriptions``: what the account pays for, and the one way to change it (product.md T1-T5, M1)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from tools.headend.api import order_schemas
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.bodies import parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import CHANGE_CODES, PIN_CHANGE_CODES, READ_CODES, problems
from tools.headend.api.order_bodies import ConfirmBody, QuoteBody, UndoBody
from tools.headend.api.order_view import order_view, quote_view, subscriptions_view
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.domain.orders import Held
from tools.headend.storage import orders
from tools.headend.storage.orders import StoredOrder
from tools.headend.use_cases import orders as use_cases
from tools.headend.use_cases.work import Work

PLAN_CODES = (
    "not_found",
    "item_not_sold",
    "already_connected",
    "already_included",
    "item_required",
    "item_excluded",
    "nothing_to_change",
    "change_unsuitable",
    "pairing_refused",
    "rooms_full",
    "room_first",
    "room_state",
    "room_name_taken",
)
"""Why what is asked for cannot be."""
STATE_CODES = ("account_stopped", "account_suspended")


def order_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/subscriptions", tags=["subscriptions"])

    @router.get("", response_model=order_schemas.Subscriptions, responses=problems(*READ_CODES))
    def subscriptions(request: Request) -> Response:
        """Everything that the account pays for, with rooms and rentals, and what it adds to the next charge."""
        with reading(services, request) as view:
            return json_response(subscriptions_view(view))

    @router.post(
        "/quotes",
        response_model=order_schemas.Quote,
        responses=problems("request_invalid", *PLAN_CODES, *STATE_CODES, *CHANGE_CODES),
        openapi_extra=takes(QuoteBody),
    )
    def quote(request: Request, body: Body) -> Response:
        """What changes would cost, to the minor unit; the price is good until ``expires_at``. Needs no PIN."""
        wanted = parsed(QuoteBody, body)

        def use_case(work: Work) -> dict[str, Any]:
            changes = [each.change(work) for each in wanted.changes]
            priced = use_cases.quote(work, changes, [each.asked() for each in wanted.changes])
            return quote_view(priced, work.operator)

        return change(services, request, body, use_case, step_up=False)

    @router.post(
        "",
        response_model=order_schemas.PlacedOrder,
        responses=problems(
            "request_invalid",
            "not_found",
            "quote_expired",
            "quote_outdated",
            "quote_used",
            "money_lacking",
            "order_limit_reached",
            "pairing_refused",
            "room_name_taken",
            *STATE_CODES,
            *PIN_CHANGE_CODES,
        ),
        openapi_extra=takes(ConfirmBody),
    )
    def confirm(request: Request, body: Body) -> Response:
        """Order what was quoted: exactly its total is charged."""
        wanted = parsed(ConfirmBody, body)

        def use_case(work: Work) -> dict[str, Any]:
            return _order(work, use_cases.confirm(work, wanted.quote_id))

        return change(services, request, body, use_case, step_up=True)

    @router.post(
        "/undo",
        response_model=order_schemas.PlacedOrder,
        responses=problems(
            "request_invalid",
            "not_found",
            "undo_expired",
            "undo_used",
            "undo_superseded",
            "money_lacking",
            *PIN_CHANGE_CODES,
        ),
        openapi_extra=takes(UndoBody),
    )
    def undo(request: Request, body: Body) -> Response:
        """Give an order back within its time: money, services and rooms are as they were before it."""
        wanted = parsed(UndoBody, body)

        def use_case(work: Work) -> dict[str, Any]:
            return _order(work, use_cases.undo(work, wanted.order_id))

        return change(services, request, body, use_case, step_up=True)

    @router.get("/orders", response_model=order_schemas.Orders, responses=problems("request_invalid", *READ_CODES))
    def history(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """The orders of this account, newest first."""
        after = text_cursor(cursor)
        with reading(services, request) as view:
            rows = orders.orders_of(view.connection, view.account_id, limit + 1, after)
            shown, more = rows[:limit], len(rows) > limit
            held = _concerned(view.connection, view.account_id, shown)
        items = [order_view(each, held, view.today, view.now, view.operator) for each in shown]
        next_cursor = cursor_of(shown[-1].confirmed_at or 0, shown[-1].order_id) if more else None
        return json_response({"items": items, "next_cursor": next_cursor})

    return router


def _order(work: Work, order: StoredOrder) -> dict[str, Any]:
    held = _concerned(work.connection, work.account_id, [order])
    return order_view(order, held, work.today, work.now, work.operator)


def _concerned(connection: Connection, account_id: int, shown: list[StoredOrder]) -> dict[str, Held]:
    """The subscriptions that these orders changed, as they are."""
    named = {operation.subscription_id for each in shown for operation in each.plan.subscriptions}
    return {each.subscription_id: each for each in orders.held_named(connection, account_id, named)}
