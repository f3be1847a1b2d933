"""Documents of the bonus programme (product.md B1)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.headend.api.bodies import RequestBody, identifier
from tools.headend.api.schemas import Document, Id, LocalText, Money, day, instant


class Expiring(Document):
    """Points that are gone from ``on`` on."""

    points: int = Field(ge=1, examples=[120])
    on: str = day("The first day without them")


class Reward(Document):
    """``enough``: the points that can be spent now suffice; ``lacking``: how many are missing."""

    id: str = Field(examples=["discount-100"])
    kind: Literal["discount", "service", "gift"]
    name: LocalText
    text: LocalText
    points: int = Field(ge=1, examples=[100])
    enough: bool
    lacking: int = Field(ge=0, examples=[0])


class Exchange(Document):
    """What points were exchanged for. A discount is waiting until it was taken off monthly fees, then used; a service
    is active to ``ends_on``, then ended; a gift is ordered, then handed_over."""

    id: Id
    reward: str = Field(examples=["discount-100"])
    name: LocalText
    kind: Literal["discount", "service", "gift"]
    points: int = Field(ge=1, examples=[100])
    left: Money | None = Field(description="What is left of a discount")
    state: Literal["waiting", "used", "active", "ended", "ordered", "handed_over"]
    ends_on: str | None = day("The last day of a service")
    at: str = instant()


class BonusProgramme(Document):
    """``points``: all of them; ``spendable``: without those of an order that can still be undone. ``owed``: points
    that an undo or a return took back after they were spent; the next ones pay them off."""

    member: bool
    since: str | None = instant()
    name: LocalText
    text: LocalText
    percent: int = Field(examples=[20])
    point: Money = Field(description="What one point is worth")
    points: int = Field(ge=0, examples=[340])
    spendable: int = Field(ge=0, examples=[340])
    owed: int = Field(ge=0, examples=[0])
    expiring: list[Expiring] = Field(description="All points by the day on which they expire, oldest first")
    discount: Money = Field(description="Discounts that the next monthly fees will take off")
    rewards: list[Reward]
    exchanges: list[Exchange] = Field(description="The last ones, newest first")


class BonusEntry(Document):
    """``points`` is signed. earned by charges, returned with fees that were given back, taken_back by an undo,
    given_back by an undo, spent for ``reward``, expired."""

    id: Id
    at: str = instant()
    date: str = day()
    kind: Literal["opening", "earned", "returned", "taken_back", "given_back", "spent", "expired"]
    points: int = Field(examples=[50])
    reward: LocalText | None
    order_id: str | None


class BonusEntries(Document):
    items: list[BonusEntry]
    next_cursor: str | None


class Membership(Document):
    member: bool


class ExchangeBody(RequestBody):
    """What the points are exchanged for; final."""

    reward: str = identifier(examples=["discount-100"])


class Exchanged(Document):
    exchange_id: Id
    points: int = Field(ge=0, description="What is left", examples=[240])
