"""``/v1/payments``: money in, from the TV by the provider and from elsewhere (product.md P1-P3, P9)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import payment_schemas as schemas
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.bodies import PathId, parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import PIN_CHANGE_CODES, READ_CODES, problems
from tools.headend.api.payment_schemas import PaymentBody
from tools.headend.api.payment_view import payment_now_view, payment_view, ways_view
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.promise_routes import minor_units
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.domain.declined import Declined
from tools.headend.storage import payments, provider_payments
from tools.headend.storage.provider_payments import AskedPayment
from tools.headend.use_cases.paying import MOBILE, Wanted, begin_payment
from tools.headend.use_cases.work import Work

_CARD_ONLY = "only with method card"


def payment_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["payments"])
    operator = services.operator

    @router.get("/payments", response_model=schemas.Payments, responses=problems("request_invalid", *READ_CODES))
    def history(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """How can be paid now, and the payments in with their states, newest first."""
        after = text_cursor(cursor)
        with reading(services, request) as view:
            rows = payments.payments_of(view.connection, view.account_id, limit + 1, after)
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursor_of(shown[-1].created_at, shown[-1].payment_id) if more else None
        items = [payment_view(each, operator.currency) for each in shown]
        ways = ways_view(operator) if services.cashier.provider is not None else []
        return json_response({"ways": ways, "items": items, "next_cursor": next_cursor})

    @router.get(
        "/payments/{payment_id}",
        response_model=schemas.PaymentNow,
        responses=problems("request_invalid", "not_found", *READ_CODES),
    )
    def one(request: Request, payment_id: PathId) -> Response:
        """A payment as it is now, with the QR or page by which the viewer agrees to it."""
        with reading(services, request) as view:
            found = payments.payment(view.connection, view.account_id, payment_id)
            asked = provider_payments.asked_payment(view.connection, view.account_id, payment_id)
        if found is None:
            raise Declined("not_found", "this account has no such payment")
        return json_response(payment_now_view(found, asked, operator.currency))

    @router.post(
        "/payments",
        response_model=schemas.PaymentNow,
        responses=problems(
            "request_invalid",
            "payments_unavailable",
            "method_refused",
            "amount_refused",
            "payment_running",
            "payments_open",
            *PIN_CHANGE_CODES,
        ),
        openapi_extra=takes(PaymentBody),
    )
    def pay(request: Request, body: Body) -> Response:
        """Begins a payment; it is asked for at the provider at once, and `account.changed` says when there is a QR or a
        result to read at `/v1/payments/{id}`. Paying in needs no PIN; a saved card, a linked number and keeping a card
        do."""
        wanted = _wanted(parsed(PaymentBody, body), services)
        if services.cashier.provider is None:
            # nothing is kept under the key: later the same request may be made
            services.guard.change(request)
            raise Declined("payments_unavailable")
        begun: list[AskedPayment] = []

        def use_case(work: Work) -> dict[str, Any]:
            asked = begin_payment(work, wanted)
            begun[:] = [asked]
            stored = payments.payment(work.connection, work.account_id, asked.payment_id)
            if stored is None:
                raise KeyError(asked.payment_id)
            return payment_now_view(stored, asked, operator.currency)

        step_up = wanted.save or wanted.method_id is not None or wanted.number_id is not None
        answer = change(services, request, body, use_case, step_up=step_up)
        for each in begun:
            services.cashier.ask_soon(each.account_id, each.payment_id)
        return answer

    return router


def _wanted(body: PaymentBody, services: Services) -> Wanted:
    if body.payment_method_id is not None and body.method != "card":
        raise RequestInvalid("payment_method_id", _CARD_ONLY)
    if body.save and (body.method != "card" or body.payment_method_id is not None):
        raise RequestInvalid("save", "only with method card, for a card that is not saved yet")
    if (body.method == MOBILE) != (body.number_id is not None):
        raise RequestInvalid("number_id", "needed for method mobile, and for no other")
    amount = minor_units(body.amount, services.operator, "amount")
    return Wanted(amount, body.method, body.payment_method_id, body.number_id, body.save)
