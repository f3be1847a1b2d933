"""``/v1/payment-methods`` and ``/v1/autopay``: saved cards and autopayment (product.md P2, P5)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import payment_schemas as schemas
from tools.headend.api.answers import json_response
from tools.headend.api.bodies import PathId, parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import IDEMPOTENCY_KEY, PIN_CHANGE_CODES, READ_CODES, problems
from tools.headend.api.payment_schemas import AutopayBody
from tools.headend.api.payment_view import autopay_view, method_view
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.domain.autopay import Mode
from tools.headend.domain.declined import Declined
from tools.headend.storage import payment_methods
from tools.headend.use_cases import autopays, paying
from tools.headend.use_cases.work import Work


def autopay_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["payments"])

    @router.get("/payment-methods", response_model=schemas.PaymentMethods, responses=problems(*READ_CODES))
    def methods(request: Request) -> Response:
        """The saved cards, masked. One is saved by a payment with ``save``."""
        with reading(services, request) as view:
            found = payment_methods.methods_of(view.connection, view.account_id)
        return json_response({"items": [method_view(each) for each in found]})

    @router.delete(
        "/payment-methods/{method_id}",
        response_model=schemas.MethodRemoved,
        responses=problems("request_invalid", "not_found", *PIN_CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def remove(request: Request, method_id: PathId, body: Body) -> Response:
        """Forgets a card; autopayment from it is off."""

        def use_case(work: Work) -> dict[str, Any]:
            paying.remove_method(work, method_id)
            return {"id": method_id, "removed": True}

        return change(services, request, body, use_case, step_up=True)

    @router.get("/autopay", response_model=schemas.Autopay, responses=problems(*READ_CODES))
    def autopay(request: Request) -> Response:
        """Autopayment as it is now, and its rules."""
        with reading(services, request) as view:
            return json_response(autopay_view(view))

    @router.post(
        "/autopay",
        response_model=schemas.Autopay,
        responses=problems(
            "request_invalid", "payments_unavailable", "method_refused", "payment_running", *PIN_CHANGE_CODES
        ),
        openapi_extra=takes(AutopayBody),
    )
    def agree(request: Request, body: Body) -> Response:
        """Switches it on, or changes it: by threshold or by day, from a saved card."""
        wanted = parsed(AutopayBody, body)
        if (wanted.mode == "day") != (wanted.day is not None):
            raise RequestInvalid("day", "needed for mode day, and for no other")
        if services.cashier.provider is None:
            services.guard.change(request)
            raise Declined("payments_unavailable")

        def use_case(work: Work) -> dict[str, Any]:
            autopays.agree(work, Mode(wanted.mode), wanted.day, wanted.payment_method_id)
            return autopay_view(work)

        return change(services, request, body, use_case, step_up=True)

    @router.delete(
        "/autopay",
        response_model=schemas.Autopay,
        responses=problems(*PIN_CHANGE_CODES, "request_invalid"),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def switch_off(request: Request, body: Body) -> Response:
        """No further autopayment begins."""

        def use_case(work: Work) -> dict[str, Any]:
            autopays.switch_off(work)
            return autopay_view(work)

        return change(services, request, body, use_case, step_up=True)

    return router
