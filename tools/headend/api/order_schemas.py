"""Documents of quotes, orders and subscriptions (product.md T1-T5)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.headend.api.schemas import Document, Id, LocalText, Money, day, instant

ItemKind = Literal["tariff", "package", "option", "room", "internet", "channel"]


class Part(Document):
    """The days that an amount is for, both included."""

    first: str = day()
    last: str = day()
    days: int = Field(examples=[10])
    of: int = Field(description="Days of the whole month", examples=[30])


class QuoteLine(Document):
    """One line of a quote."""

    item: str = Field(examples=["sport"])
    kind: ItemKind
    name: LocalText
    room: str | None = Field(description="The TV that it is for", examples=[None])
    price: Money = Field(description="For a whole month")
    amount: Money = Field(description="Above 0: charged now; below 0: returned; 0: nothing moves now")
    part: Part | None = Field(description="What the amount is for; null where it is 0")
    starts: str | None = day("The first day on which the order has it on")
    ends: str | None = day("The last day on which the order leaves it on")


class Quote(Document):
    """What an order costs, to the minor unit, and until when that is true."""

    id: Id
    lines: list[QuoteLine]
    total: Money = Field(description="Charged when it is confirmed; below 0: returned")
    costs: bool = Field(description="Money is taken now or every month from now on: warn before OK (T3)")
    available: Money = Field(description="The balance and what the credit limit adds")
    lacking: Money = Field(description="What the account needs before this can be confirmed; 0: nothing")
    limit_passed: bool = Field(description="The month's limit for orders does not allow it (C1)")
    monthly_before: Money = Field(description="A whole month of everything that goes on, as it is")
    monthly_after: Money
    expires_at: str = instant()


class PlacedOrder(Document):
    """An order; ``state`` confirmed: it can be undone; then active, ending, ended; or undone."""

    id: Id
    state: Literal["confirmed", "active", "ending", "ended", "undone"]
    lines: list[QuoteLine]
    total: Money
    room: str | None = Field(description="The TV on which it was ordered", examples=["Гостиная"])
    confirmed_at: str = instant()
    undo_until: str = instant()
    undone_at: str | None = instant()


class Orders(Document):
    """Newest first."""

    items: list[PlacedOrder]
    next_cursor: str | None


class ActiveSubscription(Document):
    """Something that the account pays for by the month; state coming: it begins on ``since``."""

    id: str = Field(examples=["s3"])
    item: str = Field(examples=["sport"])
    kind: ItemKind
    name: LocalText
    room: str | None
    price: Money
    state: Literal["active", "ending", "coming"]
    since: str = day()
    ends_on: str | None = day("The last day that is paid")
    next_charge: Money = Field(description="Its part of the next charge; 0 where it ends before")
    can_disconnect: bool
    adult: bool


class Subscriptions(Document):
    """For what the account pays (T3)."""

    items: list[ActiveSubscription]
    monthly: Money = Field(description="A whole month of everything that goes on")
    next_charge_on: str | None = day("When the next charge is; null where there is none")
    total: Money = Field(description="The sum of all parts: the next charge of /v1/account")
