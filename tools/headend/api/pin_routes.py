"""``/v1/pin`` and ``/v1/step-up``: the account's PIN (product.md S3, S4). Nothing of these bodies is kept anywhere."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import identity_schemas as schemas
from tools.headend.api.answers import json_response
from tools.headend.api.bodies import parsed, takes
from tools.headend.api.changing import change_without_key
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import KEYLESS_CODES, READ_CODES, problems
from tools.headend.api.pin_view import pin_view
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.api.typed_pins import new_pin, pin_to_check
from tools.headend.use_cases import pins

_PIN_CODES = ("pin_not_set", "pin_wrong", "pin_locked")


def pin_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["pin"])

    @router.get("/pin", response_model=schemas.PinState, responses=problems(*READ_CODES))
    def pin_state(request: Request) -> Response:
        """Whether a PIN is set or locked, whether names are asked for, and how it can be reset."""
        with reading(services, request) as view:
            return json_response(pin_view(view))

    @router.post(
        "/pin",
        response_model=schemas.PinSet,
        responses=problems("request_invalid", "pin_already_set", "names_wrong", "names_locked", *KEYLESS_CODES),
        openapi_extra=takes(schemas.FirstPin, keyed=False),
    )
    def first_pin(request: Request, body: Body) -> Response:
        """Sets the account's first PIN, by the names of the contract."""
        admitted = services.guard.change(request)
        wanted = parsed(schemas.FirstPin, body)
        typed = new_pin(services, wanted.pin)
        return change_without_key(
            services, admitted, lambda work: pins.set_first_pin(work, wanted.first_name, wanted.last_name, typed)
        )

    @router.post(
        "/pin/change",
        response_model=schemas.PinSet,
        responses=problems("request_invalid", "pins_equal", *_PIN_CODES, *KEYLESS_CODES),
        openapi_extra=takes(schemas.NewPin, keyed=False),
    )
    def change_pin(request: Request, body: Body) -> Response:
        """Another PIN by the one before; every session that the one before has opened is over."""
        admitted = services.guard.change(request)
        wanted = parsed(schemas.NewPin, body)
        old = pin_to_check(services, admitted, wanted.old_pin, "old_pin")
        new = new_pin(services, wanted.new_pin, "new_pin", unlike=pins.PARENT, of=admitted)
        return change_without_key(services, admitted, lambda work: pins.change_pin(work, old, new))

    @router.post(
        "/pin/codes",
        response_model=schemas.CodeSent,
        responses=problems(
            "request_invalid", "pin_not_set", "contact_missing", "code_too_soon", "code_locked", *KEYLESS_CODES
        ),
        openapi_extra=takes(schemas.CodeRequest, keyed=False),
    )
    def send_code(request: Request, body: Body) -> Response:
        """Sends a code for a new PIN to the contract's telephone or e-mail; the one before it is void."""
        admitted = services.guard.change(request)
        wanted = parsed(schemas.CodeRequest, body)
        return change_without_key(
            services,
            admitted,
            lambda work: pins.send_reset_code(work, services.codes, wanted.channel, wanted.language),
        )

    @router.post(
        "/pin/reset",
        response_model=schemas.PinSet,
        responses=problems("request_invalid", "pin_not_set", "pins_equal", "code_wrong", "code_locked", *KEYLESS_CODES),
        openapi_extra=takes(schemas.PinReset, keyed=False),
    )
    def reset_pin(request: Request, body: Body) -> Response:
        """Another PIN by the code that was sent; a lock of the one before is over with it."""
        admitted = services.guard.change(request)
        wanted = parsed(schemas.PinReset, body)
        typed = new_pin(services, wanted.new_pin, "new_pin", unlike=pins.PARENT, of=admitted)
        return change_without_key(
            services, admitted, lambda work: pins.reset_pin(work, services.codes, wanted.code, typed)
        )

    @router.post(
        "/step-up",
        response_model=schemas.RaisedToken,
        responses=problems("request_invalid", *_PIN_CODES, *KEYLESS_CODES),
        openapi_extra=takes(schemas.StepUp, keyed=False),
    )
    def step_up(request: Request, body: Body) -> Response:
        """A token that may spend and see personal data, for a few minutes; the one that asks stays good."""
        admitted = services.guard.change(request)
        typed = pin_to_check(services, admitted, parsed(schemas.StepUp, body).pin)
        token = secrets.token_urlsafe(32)
        return change_without_key(services, admitted, lambda work: pins.step_up(work, admitted.session, typed, token))

    return router
