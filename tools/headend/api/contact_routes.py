"""``/v1/personal`` and ``/v1/contacts``: personal data in full, contacts and their change (product.md A2, N1)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import identity_schemas as schemas
from tools.headend.api.answers import json_response
from tools.headend.api.bodies import PathId, parsed, takes
from tools.headend.api.changing import change, change_without_key
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import (
    IDEMPOTENCY_KEY,
    KEYLESS_CODES,
    PIN_CHANGE_CODES,
    PIN_READ_CODES,
    READ_CODES,
    problems,
)
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.reading import Reading, reading
from tools.headend.api.services import Services
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.identity import SMS, email_address, phone_digits
from tools.headend.domain.outgoing import masked
from tools.headend.storage import identity
from tools.headend.use_cases import contacts
from tools.headend.use_cases.codes import Recipient


def contact_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["contacts"])
    operator = services.operator

    @router.get("/personal", response_model=schemas.Personal, responses=problems(*PIN_READ_CODES))
    def personal(request: Request) -> Response:
        """The contract's data in full; only with the PIN."""
        with reading(services, request, step_up=True) as view:
            return json_response(_personal(view))

    @router.get("/contacts", response_model=schemas.Contacts, responses=problems(*READ_CODES))
    def listed(request: Request) -> Response:
        """The contract's contacts and those for notifications, masked; each with its state."""
        with reading(services, request) as view:
            return json_response({"items": _contacts(view)})

    @router.post(
        "/contacts",
        response_model=schemas.ContactRequested,
        responses=problems(
            "request_invalid",
            "contact_known",
            "contact_limit",
            "code_too_soon",
            "code_locked",
            *KEYLESS_CODES,
            "insufficient_user_authentication",
        ),
        openapi_extra=takes(schemas.NewContact, keyed=False),
    )
    def add(request: Request, body: Body) -> Response:
        """Sends a code to a new contact; until it is confirmed the one before stays. Only with the PIN."""
        admitted = services.guard.change_with_pin(request)
        wanted = parsed(schemas.NewContact, body)
        to = Recipient(wanted.channel, _value(operator, wanted.channel, wanted.value))
        return change_without_key(
            services,
            admitted,
            lambda work: contacts.request_contact(work, services.codes, wanted.use, to, wanted.language),
        )

    @router.post(
        "/contacts/{contact_id}/confirm",
        response_model=schemas.ContactConfirmed,
        responses=problems("request_invalid", "not_found", "code_wrong", "code_locked", *KEYLESS_CODES),
        openapi_extra=takes(schemas.ContactCode, keyed=False),
    )
    def confirm(request: Request, contact_id: PathId, body: Body) -> Response:
        """The code came back. The PIN was given when the contact was named; it may have run out since."""
        admitted = services.guard.change(request)
        code = parsed(schemas.ContactCode, body).code
        return change_without_key(
            services, admitted, lambda work: contacts.confirm(work, services.codes, contact_id, code)
        )

    @router.delete(
        "/contacts/{contact_id}",
        response_model=schemas.ContactRemoved,
        responses=problems("request_invalid", "not_found", *PIN_CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def remove(request: Request, contact_id: PathId, body: Body) -> Response:
        """Forgets a contact for notifications, or one that waits for its code. Only with the PIN."""
        return change(services, request, body, lambda work: contacts.remove(work, contact_id), step_up=True)

    return router


def _value(operator: Operator, channel: str, written: str) -> str:
    """The contact as it is kept; RequestInvalid where nothing could be sent to it."""
    if channel == SMS:
        digits = operator.phone_digits
        phone = phone_digits(written, digits, operator.identity.phone_prefixes)
        if phone is None:
            raise RequestInvalid("value", f"expected a telephone number of {digits} digits")
        return phone
    address = email_address(written)
    if address is None:
        raise RequestInvalid("value", "expected an e-mail address")
    return address


def _personal(view: Reading) -> dict[str, Any]:
    stored = view.account
    return {
        "account_number": f"{stored.account_id:012d}",
        "contract_number": stored.contract_number,
        "name": stored.holder_name,
        "address": stored.address,
        "phone": stored.phone,
        "email": stored.email,
        "contacts": [
            {"id": each.contact_id, "channel": each.channel, "value": each.value, "state": each.state}
            for each in identity.contacts_of(view.connection, view.account_id)
            if each.use == contacts.NOTIFICATIONS
        ],
    }


def _contacts(view: Reading) -> list[dict[str, Any]]:
    pattern = view.operator.phone_pattern
    of_contract = [
        (f"contract-{channel}", contacts.CONTRACT, channel, value, contacts.CONFIRMED)
        for channel, value in contacts.contract_contacts(view.account).items()
    ]
    others = [
        (each.contact_id, each.use, each.channel, each.value, each.state)
        for each in identity.contacts_of(view.connection, view.account_id)
    ]
    return [
        {"id": contact_id, "use": use, "channel": channel, "target": masked(channel, value, pattern), "state": state}
        for contact_id, use, channel, value, state in (*of_contract, *others)
    ]
