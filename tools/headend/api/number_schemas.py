"""Documents of linked telephone numbers (product.md A7)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.headend.api.bodies import RequestBody, text
from tools.headend.api.schemas import Document, Id, LocalText, day, instant


class LinkedNumber(Document):
    """``check_by``: the last day of the check, while it is not decided. ``advice``: what to do where it was refused."""

    id: Id
    number: str = Field(description="Masked", examples=["+7 ••• •••-••-71"])
    state: Literal["requested", "checking", "linked", "refused"]
    requested_at: str = instant()
    check_by: str | None = day("The last day of the check")
    decided_at: str | None = instant()
    reason: Literal["other_owner", "not_confirmed"] | None
    advice: LocalText | None


class LinkedNumbers(Document):
    """``most``: how many an account may have; ``working_days``: how long a check takes at most."""

    items: list[LinkedNumber]
    most: int = Field(examples=[5])
    working_days: int = Field(examples=[2])


class NumberBody(RequestBody):
    number: str = text(
        30, description="As it is written: a leading +7, 7 or 8 is dropped", examples=["+7 900 555-01-71"]
    )


class NumberRequested(Document):
    id: Id
    state: Literal["requested"]


class NumberRemoved(Document):
    id: Id
    removed: Literal[True]
