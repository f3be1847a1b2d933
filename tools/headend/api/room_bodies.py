"""What a box may ask for about TVs, as JSON: changes within an order, and bodies of its own (product.md M1)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.headend.api.bodies import RequestBody, identifier, text
from tools.headend.api.change_body import ChangeBody
from tools.headend.domain.orders import Change
from tools.headend.domain.room_orders import StartRoom, StopRoom
from tools.headend.domain.rooms import NAME_MAX
from tools.headend.use_cases import room_orders
from tools.headend.use_cases.work import Work

_IDENTIFIER = r"^[A-Za-z0-9._-]{1,32}$"
_TYPED_CODE_MAX = 20


class AddRoomBody(ChangeBody):
    """One more TV: the box that ``POST /v1/pairing-codes/claim…`` has found, by the id that it answered."""

    op: Literal["add_room"]
    box: str = identifier(examples=["0f6a2c52-8a3e-4b0f-9a55-0d3a7c1e9b10"])
    name: str = text(NAME_MAX, examples=["Спальня"])

    def change(self, work: Work) -> Change:
        room_orders.refuse_extra_box(work)
        return room_orders.found_box(work, self.box, self.name)


class StopRoomBody(ChangeBody):
    """Its fee ends with the paid period; it keeps its place."""

    op: Literal["stop_room"]
    room: str = identifier(examples=["kitchen"])

    def change(self, work: Work) -> Change:
        room_orders.refuse_extra_box(work)
        return StopRoom(self.room)


class StartRoomBody(ChangeBody):
    """A stopped TV goes on."""

    op: Literal["start_room"]
    room: str = identifier(examples=["kitchen"])

    def change(self, work: Work) -> Change:
        room_orders.refuse_extra_box(work)
        return StartRoom(self.room)


class RemoveRoomBody(ChangeBody):
    """Its box leaves the account at once; nothing is returned."""

    op: Literal["remove_room"]
    room: str = identifier(examples=["kitchen"])

    def change(self, work: Work) -> Change:
        room_orders.refuse_extra_box(work)
        return room_orders.removal(work, self.room)


class RenameBody(RequestBody):
    """Another name of a room."""

    name: str = text(NAME_MAX, examples=["Спальня"])


class MoveBody(RequestBody):
    """Where the room's box goes; the box that stands there comes back for it."""

    to_room: str = identifier(examples=["living-room"])


class ClaimByCode(RequestBody):
    """The code that the new box shows, as it was typed."""

    code: str = text(_TYPED_CODE_MAX, examples=["WDJB-MJHT"])


class ClaimByNumbers(RequestBody):
    """What is printed on the new box and on its card."""

    chip_id: str = Field(pattern=_IDENTIFIER, examples=["884100270037"])
    card_number: str = Field(pattern=_IDENTIFIER, examples=["410273345827"])
