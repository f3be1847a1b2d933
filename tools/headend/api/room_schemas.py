"""Documents of rooms, pairing, equipment and entitlements (product.md M1-M3, A8, T6)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.headend.api.schemas import Document, LocalText, Money, day, instant

_ENDING = "The last digits; the whole number is on the equipment"


class RoomFee(Document):
    """``price`` a month; 0 for the first TV, which is included."""

    price: Money
    ends_on: str | None = day("The last day that is paid, where the fee ends")


class RoomPlace(Document):
    """A TV of the account. ``stopped``: it keeps its place and works until the last day that is paid."""

    id: str = Field(examples=["living-room"])
    name: str = Field(examples=["Гостиная"])
    this_box: bool = Field(description="It is the TV that asks")
    first: bool = Field(description="The contract's first TV, which cannot be stopped or removed")
    state: Literal["running", "stopped"]
    model: str = Field(examples=["STB-5200"])
    chip_id: str = Field(description=_ENDING, examples=["…0011"])
    card_number: str = Field(description=_ENDING, examples=["…5801"])
    since: str = day()
    fee: RoomFee


class Rooms(Document):
    """Every TV sees all of them and which one it is."""

    items: list[RoomPlace]
    rooms_max: int = Field(description="TVs in all, the first included", examples=[4])
    free_places: int = Field(ge=0, examples=[2])
    fee: Money | None = Field(description="What one more TV costs a month; null where it is not sold")
    refused_here: list[str] = Field(
        description="What the operator lets only the first TV change: the names below /v1/", examples=[["transfers"]]
    )


class RoomChanged(Document):
    """The room as it is now."""

    id: str = Field(examples=["kitchen"])
    name: str = Field(examples=["Кухня"])


class PairingCode(Document):
    """RFC 8628 section 3.2: the box shows ``code`` and asks for ``id`` no more often than every ``interval`` s."""

    id: str = Field(examples=["0f6a2c52-8a3e-4b0f-9a55-0d3a7c1e9b10"])
    code: str = Field(examples=["WDJB-MJHT"])
    expires_at: str = instant()
    interval: int = Field(description="Seconds", examples=[5])


class PairingState(Document):
    """``found``: somebody has typed the code, and may add the box; ``paired``: sign in now."""

    id: str = Field(examples=["0f6a2c52-8a3e-4b0f-9a55-0d3a7c1e9b10"])
    state: Literal["pending", "found", "paired", "expired"]
    expires_at: str = instant()
    interval: int = Field(description="Seconds", examples=[5])


class FoundBox(Document):
    """A new box; ``id`` is what an order's ``add_room`` names it by."""

    id: str = Field(examples=["0f6a2c52-8a3e-4b0f-9a55-0d3a7c1e9b10"])
    model: str = Field(examples=["STB-3100"])
    chip_id: str = Field(description=_ENDING, examples=["…0037"])
    card_number: str = Field(description=_ENDING, examples=["…5827"])
    expires_at: str = instant()


class EquipmentItem(Document):
    """``fee`` a month; 0: free."""

    kind: Literal["box", "card", "router"]
    model: str = Field(description="Empty where nothing is known but the kind", examples=["STB-5200"])
    number: str = Field(description=_ENDING, examples=["…0011"])
    room: str | None = Field(examples=["Гостиная"])
    this_box: bool
    ownership: Literal["own", "rented"]
    fee: Money
    since: str = day()


class Equipment(Document):
    items: list[EquipmentItem]


class Product(Document):
    """Something that the card opens."""

    id: str = Field(examples=["sport"])
    name: LocalText


class CardEntitlements(Document):
    """One card. ``queued``: to be sent; ``sent``: on its way; ``acknowledged``: the card has it. ``products`` is what
    it may open now, whether it has heard of that yet or not."""

    room: str = Field(examples=["Гостиная"])
    this_box: bool
    card_number: str = Field(description=_ENDING, examples=["…5801"])
    products: list[Product]
    state: Literal["queued", "sent", "acknowledged"]
    requested_at: str | None = instant()
    sent_at: str | None = instant()
    acknowledged_at: str | None = instant()


class Entitlements(Document):
    """``state`` is that of the card that is furthest behind."""

    state: Literal["queued", "sent", "acknowledged"]
    cards: list[CardEntitlements]
