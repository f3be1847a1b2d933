"""``/v1/rooms``, ``/v1/pairing-codes``, ``/v1/equipment`` (product.md M1-M3, A8). What costs money is an order."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import room_schemas as schemas
from tools.headend.api.answers import json_response
from tools.headend.api.bodies import PathId, parsed, takes
from tools.headend.api.changing import UseCase, change, change_without_key
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import KEYLESS_CODES, PIN_CHANGE_CODES, READ_CODES, problems
from tools.headend.api.reading import reading
from tools.headend.api.room_bodies import ClaimByCode, ClaimByNumbers, MoveBody, RenameBody
from tools.headend.api.room_view import equipment_view, rooms_view
from tools.headend.api.services import Services
from tools.headend.domain.declined import Declined
from tools.headend.use_cases import room_orders, rooms
from tools.headend.use_cases.work import Work

_CLAIM_CODES = ("pairing_refused", "pairing_locked", "insufficient_user_authentication", *KEYLESS_CODES)


def room_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["rooms"])

    @router.get("/rooms", response_model=schemas.Rooms, responses=problems(*READ_CODES))
    def all_rooms(request: Request) -> Response:
        """All TVs of the account, which of them asks, what one more costs, and what may not be done from here."""
        with reading(services, request) as view:
            return json_response(rooms_view(view))

    @router.post(
        "/rooms/{room_id}",
        response_model=schemas.RoomChanged,
        responses=problems("request_invalid", "not_found", "room_name_taken", *PIN_CHANGE_CODES),
        openapi_extra=takes(RenameBody),
    )
    def rename(request: Request, room_id: PathId, body: Body) -> Response:
        """Give a room another name."""
        wanted = parsed(RenameBody, body)
        return change(services, request, body, lambda work: rooms.rename(work, room_id, wanted.name), step_up=True)

    @router.post(
        "/rooms/{room_id}/move",
        response_model=schemas.RoomChanged,
        responses=problems("request_invalid", "not_found", "nothing_to_change", *PIN_CHANGE_CODES),
        openapi_extra=takes(MoveBody),
    )
    def move(request: Request, room_id: PathId, body: Body) -> Response:
        """The room's box goes to another room, and the box that stands there comes back for it; fees stay."""
        wanted = parsed(MoveBody, body)
        return change(services, request, body, lambda work: rooms.move(work, room_id, wanted.to_room), step_up=True)

    @router.post(
        "/pairing-codes/claim",
        response_model=schemas.FoundBox,
        responses=problems("request_invalid", *_CLAIM_CODES),
        openapi_extra=takes(ClaimByCode, keyed=False),
    )
    def claim(request: Request, body: Body) -> Response:
        """Find the new box that shows a code; an order's ``add_room`` takes the id that this answers."""
        admitted = services.guard.change_with_pin(request)
        typed = parsed(ClaimByCode, body).code
        codes = services.pairing_codes
        return change_without_key(
            services, admitted, _where_allowed(lambda work: rooms.find_by_code(work, codes, typed))
        )

    @router.post(
        "/pairing-codes/claim-by-numbers",
        response_model=schemas.FoundBox,
        responses=problems("request_invalid", *_CLAIM_CODES),
        openapi_extra=takes(ClaimByNumbers, keyed=False),
    )
    def claim_by_numbers(request: Request, body: Body) -> Response:
        """The same by what is printed on box and card; it is never told which of the two was wrong."""
        admitted = services.guard.change_with_pin(request)
        typed = parsed(ClaimByNumbers, body)
        return change_without_key(
            services,
            admitted,
            _where_allowed(lambda work: rooms.find_by_numbers(work, typed.chip_id, typed.card_number)),
        )

    @router.get("/equipment", response_model=schemas.Equipment, responses=problems(*READ_CODES))
    def equipment(request: Request) -> Response:
        """Boxes, cards and router: whose they are, where they stand and what they cost."""
        with reading(services, request) as view:
            return json_response(equipment_view(view))

    return router


def _where_allowed(find: UseCase) -> UseCase:
    """``find``, where the operator lets this TV change rooms."""

    def use_case(work: Work) -> dict[str, Any] | Declined:
        room_orders.refuse_extra_box(work)
        return find(work)

    return use_case
