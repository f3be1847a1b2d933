"""Documents of parental control (product.md C1)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tools.headend.api.bodies import RequestBody, identifier, whole
from tools.headend.api.identity_schemas import Pin
from tools.headend.api.schemas import Document, Money, instant
from tools.headend.api.terms_schemas import LimitBody

HIDDEN_MOST = 200


class ParentsPin(Document):
    """The parents' own PIN; without one the account's opens."""

    set: bool
    attempts_remaining: int = Field(ge=0, examples=[3])
    locked_until: str | None = instant()


class Parental(Document):
    """``order_limit``: what new orders of a calendar month may cost in all; ``spent`` and ``left`` in this month."""

    age_limit: int | None = Field(description="Years; null: none", examples=[16])
    ages: list[int] = Field(description="What can be chosen", examples=[[6, 12, 16, 18]])
    hidden_packages: list[str] = Field(examples=[["night"]])
    order_limit: Money
    order_limit_max: Money
    spent: Money
    left: Money
    pin: ParentsPin


class ParentalBody(RequestBody):
    """Only what is named is changed; null takes a limit away, or puts the operator's in its place."""

    age_limit: Annotated[int | None, whole(0, 21, description="One of ages; null: none", examples=[16])] = None
    hidden_packages: Annotated[
        list[Annotated[str, identifier()]],
        Field(default_factory=list, max_length=HIDDEN_MOST, examples=[["night"]]),
    ]
    order_limit: Annotated[LimitBody | None, Field(description="Of a calendar month; null: the operator's")] = None


class ParentalByPinBody(ParentalBody):
    """The same with the parents' PIN."""

    pin: Pin


class ParentsPinBody(RequestBody):
    pin: Pin


class UnlockBody(RequestBody):
    """``whose``: the PIN that was typed, the parents' or the account's."""

    pin: Pin
    whose: Literal["parents", "account"]


class Saved(Document):
    saved: Literal[True]


class ParentsPinSet(Document):
    set: bool


class Opened(Document):
    opened: Literal[True]
