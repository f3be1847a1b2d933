"""``/v1/promised-payments`` and ``/v1/credit``: money before it is paid (product.md P4, P6)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import terms_schemas
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.bodies import parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import PIN_CHANGE_CODES, READ_CODES, problems
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.reading import Reading, reading
from tools.headend.api.services import Services
from tools.headend.api.terms_schemas import CreditBody, MoneyBody, PromiseBody
from tools.headend.api.terms_view import credit_view, promise_offer_view, promise_view
from tools.headend.domain.account import ServiceState
from tools.headend.domain.catalogue import Operator
from tools.headend.storage import promises
from tools.headend.use_cases import credit as credit_cases
from tools.headend.use_cases import promises as promise_cases
from tools.headend.use_cases.work import Work


def minor_units(money: MoneyBody, operator: Operator, field: str) -> int:
    """A body's sum; RequestInvalid where it is in another currency."""
    if money.currency != operator.currency:
        raise RequestInvalid(f"{field}.currency", f"sums are in {operator.currency}")
    return money.amount


def promise_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["promised payments"])
    operator = services.operator

    @router.get(
        "/promised-payments",
        response_model=terms_schemas.Promises,
        responses=problems("request_invalid", *READ_CODES),
    )
    def list_promises(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """What can be promised now, and the promised payments of this account, newest first."""
        after = text_cursor(cursor)
        with reading(services, request) as view:
            offer = promise_offer_view(view)
            rows = promises.history(view.connection, view.account_id, limit + 1, after)
            until = _suspended_until(view)
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursor_of(shown[-1].granted_at, shown[-1].promise_id) if more else None
        items = [promise_view(each, operator, until) for each in shown]
        return json_response({"offer": offer, "items": items, "next_cursor": next_cursor})

    @router.post(
        "/promised-payments",
        response_model=terms_schemas.Promise,
        responses=problems(
            "request_invalid",
            "promise_open",
            "promise_refused",
            "amount_refused",
            "account_suspended",
            *PIN_CHANGE_CODES,
        ),
        openapi_extra=takes(PromiseBody),
    )
    def promise(request: Request, body: Body) -> Response:
        """Books the sum into the balance until its due day. A stopped service comes back where that covers its debt."""
        amount = minor_units(parsed(PromiseBody, body).amount, operator, "amount")

        def use_case(work: Work) -> dict[str, Any]:
            return promise_view(promise_cases.grant(work, amount), operator, None)

        return change(services, request, body, use_case, step_up=True)

    @router.get("/credit", response_model=terms_schemas.Credit, responses=problems(*READ_CODES))
    def credit(request: Request) -> Response:
        """Whether the account pays in advance or on credit, with the quote of limit and due day."""
        with reading(services, request) as view:
            return json_response(credit_view(view))

    @router.post(
        "/credit",
        response_model=terms_schemas.Credit,
        responses=problems(
            "request_invalid",
            "promise_open",
            "credit_refused",
            "quote_outdated",
            "money_lacking",
            "account_stopped",
            "account_suspended",
            *PIN_CHANGE_CODES,
        ),
        openapi_extra=takes(CreditBody),
    )
    def switch(request: Request, body: Body) -> Response:
        """Switches to credit with the limit that was shown, or back to advance at zero or above."""
        wanted = parsed(CreditBody, body)
        if (wanted.mode == "credit") != (wanted.limit is not None):
            raise RequestInvalid("limit", "needed for mode credit, and for no other")
        agreed = minor_units(wanted.limit, operator, "limit") if wanted.limit else 0

        def use_case(work: Work) -> dict[str, Any]:
            if wanted.mode == "credit":
                credit_cases.switch_on(work, agreed)
            else:
                credit_cases.switch_off(work)
            return credit_view(work)

        return change(services, request, body, use_case, step_up=True)

    return router


def _suspended_until(view: Reading) -> Any:
    account = view.account
    return account.service_until if account.service_state == ServiceState.SUSPENDED.value else None
