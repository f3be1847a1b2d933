"""``/v1/linked-numbers``: telephone numbers of this subscriber (product.md A7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import number_schemas as schemas
from tools.headend.api.answers import json_response
from tools.headend.api.bodies import PathId, parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import CHANGE_CODES, IDEMPOTENCY_KEY, READ_CODES, problems
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.clock import from_milliseconds, rfc3339
from tools.headend.domain import masking
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.identity import phone_digits
from tools.headend.domain.numbers import NumberState, Reason
from tools.headend.storage import numbers as stored
from tools.headend.storage.numbers import StoredNumber
from tools.headend.use_cases import numbers

_DAY = timedelta(days=1)


def number_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/linked-numbers", tags=["linked numbers"])
    operator = services.operator

    @router.get("", response_model=schemas.LinkedNumbers, responses=problems(*READ_CODES))
    def linked(request: Request) -> Response:
        """All numbers that were asked for, and what became of them."""
        with reading(services, request) as view:
            rows = stored.numbers_of(view.connection, view.account_id)
        rules = operator.numbers
        items = [_view(each, operator) for each in rows]
        return json_response({"items": items, "most": rules.most, "working_days": rules.working_days})

    @router.post(
        "",
        response_model=schemas.NumberRequested,
        responses=problems(
            "request_invalid",
            "number_known",
            "number_other_owner",
            "numbers_exhausted",
            "number_limit",
            *CHANGE_CODES,
        ),
        openapi_extra=takes(schemas.NumberBody),
    )
    def ask(request: Request, body: Body) -> Response:
        """Ask for a number to be linked; somebody else's is linked in a salon."""
        wanted = parsed(schemas.NumberBody, body)
        number = phone_digits(wanted.number, operator.phone_digits, operator.identity.phone_prefixes)
        if number is None:
            raise RequestInvalid("number", f"expected {operator.phone_digits} digits")
        return change(services, request, body, lambda work: numbers.request_number(work, number), step_up=False)

    @router.delete(
        "/{number_id}",
        response_model=schemas.NumberRemoved,
        responses=problems("request_invalid", "not_found", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def remove(request: Request, number_id: PathId, body: Body) -> Response:
        """Take a number off the account."""
        return change(services, request, body, lambda work: numbers.remove_number(work, number_id), step_up=False)

    return router


def _view(number: StoredNumber, operator: Operator) -> dict[str, Any]:
    reason = Reason(number.reason) if number.reason else None
    decided = NumberState(number.state).decided
    return {
        "id": number.number_id,
        "number": masking.phone(number.number, operator.phone_pattern),
        "state": number.state,
        "requested_at": rfc3339(from_milliseconds(number.requested_at)),
        "check_by": None if decided else (number.late_on - _DAY).isoformat(),
        "decided_at": rfc3339(from_milliseconds(number.decided_at)) if number.decided_at is not None else None,
        "reason": reason.value if reason else None,
        "advice": dict(operator.numbers.refused[reason]) if reason else None,
    }
