"""``/v1/parental``: the parents' PIN, age limit, hidden packages, the limit of new orders (product.md C1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import parental_schemas as schemas
from tools.headend.api.answers import json_response, money
from tools.headend.api.bodies import parsed, takes
from tools.headend.api.changing import change, change_without_key
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import (
    IDEMPOTENCY_KEY,
    KEYLESS_CODES,
    PIN_CHANGE_CODES,
    READ_CODES,
    problems,
)
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.promise_routes import minor_units
from tools.headend.api.reading import Reading, reading
from tools.headend.api.services import Services
from tools.headend.api.typed_pins import new_pin, pin_to_check
from tools.headend.clock import rfc3339
from tools.headend.domain.catalogue import ItemKind, Operator
from tools.headend.storage import identity
from tools.headend.storage import parental as stored
from tools.headend.storage.parental import StoredSettings
from tools.headend.use_cases import parental
from tools.headend.use_cases.attempts import attempts_now
from tools.headend.use_cases.parental import Alter
from tools.headend.use_cases.parental_limit import spending
from tools.headend.use_cases.pins import ACCOUNT, PARENT, guarded_pin

_PIN_CODES = ("pin_not_set", "pin_wrong", "pin_locked")


def parental_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/parental", tags=["parental"])

    @router.get("", response_model=schemas.Parental, responses=problems(*READ_CODES))
    def settings(request: Request) -> Response:
        """What is set, and how much of the month's limit for new orders is left."""
        with reading(services, request) as view:
            return json_response(_view(view))

    @router.post(
        "",
        response_model=schemas.Saved,
        responses=problems("request_invalid", "limit_exceeded", *PIN_CHANGE_CODES),
        openapi_extra=takes(schemas.ParentalBody),
    )
    def change_settings(request: Request, body: Body) -> Response:
        """Change what is named, with the account's PIN; it alone raises the limit of orders."""
        alter = _alter(parsed(schemas.ParentalBody, body), services.operator)
        return change(services, request, body, lambda work: parental.set_up(work, alter), step_up=True)

    @router.post(
        "/with-pin",
        response_model=schemas.Saved,
        responses=problems("request_invalid", "limit_exceeded", "raise_needs_pin", *_PIN_CODES, *KEYLESS_CODES),
        openapi_extra=takes(schemas.ParentalByPinBody, keyed=False),
    )
    def change_with_parents_pin(request: Request, body: Body) -> Response:
        """Change what is named, with the parents' PIN, which does not raise the limit of orders."""
        admitted = services.guard.change(request)
        wanted = parsed(schemas.ParentalByPinBody, body)
        alter = _alter(wanted, services.operator)
        typed = pin_to_check(services, admitted, wanted.pin, kind=PARENT)
        return change_without_key(services, admitted, lambda work: parental.set_up_by_parents(work, typed, alter))

    @router.post(
        "/unlock",
        response_model=schemas.Opened,
        responses=problems("request_invalid", *_PIN_CODES, *KEYLESS_CODES),
        openapi_extra=takes(schemas.UnlockBody, keyed=False),
    )
    def unlock(request: Request, body: Body) -> Response:
        """Whether this PIN opens what is blocked on the TV; wrong ones count and lock."""
        admitted = services.guard.change(request)
        wanted = parsed(schemas.UnlockBody, body)
        kind = PARENT if wanted.whose == "parents" else ACCOUNT
        typed = pin_to_check(services, admitted, wanted.pin, kind=kind)
        return change_without_key(services, admitted, lambda work: parental.unlock(work, typed, kind))

    @router.post(
        "/pin",
        response_model=schemas.ParentsPinSet,
        responses=problems("request_invalid", "pins_equal", "insufficient_user_authentication", *KEYLESS_CODES),
        openapi_extra=takes(schemas.ParentsPinBody, keyed=False),
    )
    def put_pin(request: Request, body: Body) -> Response:
        """Set or replace the parents' PIN, with the account's."""
        admitted = services.guard.change_with_pin(request)
        wanted = parsed(schemas.ParentsPinBody, body)
        typed = new_pin(services, wanted.pin)
        return change_without_key(services, admitted, lambda work: parental.put_parents_pin(work, typed))

    @router.delete(
        "/pin",
        response_model=schemas.ParentsPinSet,
        responses=problems("request_invalid", *PIN_CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def remove_pin(request: Request, body: Body) -> Response:
        """Take the parents' PIN away, with the account's."""
        return change(services, request, body, parental.remove_parents_pin, step_up=True)

    return router


def _alter(wanted: schemas.ParentalBody, operator: Operator) -> Alter:
    """The change that a body asks for; RequestInvalid where the operator has no such age or package."""
    named = {name: getattr(wanted, name) for name in wanted.model_fields_set - {"pin"}}
    if named.get("age_limit") not in (None, *operator.parental.ages):
        ages = ", ".join(str(each) for each in operator.parental.ages)
        raise RequestInvalid("age_limit", f"expected one of {ages}, or null")
    if "hidden_packages" in named:
        packages = tuple(dict.fromkeys(named["hidden_packages"]))
        items = operator.items
        if not all(each in items and items[each].kind is ItemKind.PACKAGE for each in packages):
            raise RequestInvalid("hidden_packages", "expected ids of packages")
        named["hidden_packages"] = packages

    if wanted.order_limit is not None:
        named["order_limit"] = minor_units(wanted.order_limit, operator, "order_limit")

    def alter(before: StoredSettings) -> StoredSettings:
        return replace(before, **named)

    return alter


def _view(view: Reading) -> dict[str, Any]:
    operator, currency = view.operator, view.operator.currency
    holds = parental.effective(operator, stored.settings_of(view.connection, view.account_id))
    month = spending(view)
    guarded = guarded_pin(operator, PARENT)
    tries = attempts_now(view.connection, view.account_id, guarded.purpose, view.now)
    return {
        "age_limit": holds.age_limit,
        "ages": list(operator.parental.ages),
        "hidden_packages": list(holds.hidden_packages),
        "order_limit": money(holds.order_limit, currency),
        "order_limit_max": money(operator.parental.order_limit_max, currency),
        "spent": money(month.spent, currency),
        "left": money(max(0, holds.order_limit - month.spent), currency),
        "pin": {
            "set": identity.pin_of(view.connection, view.account_id, PARENT) is not None,
            "attempts_remaining": 0 if tries.locked_until else guarded.rule.failures - tries.failures,
            "locked_until": rfc3339(tries.locked_until) if tries.locked_until else None,
        },
    }
