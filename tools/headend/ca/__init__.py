"""Conditional access: what tells a smart card which products it opens. A port, and the reference head-end's adapter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from device.api.errors import ApiError


class CaUnavailable(ApiError):
    """The message was not taken over; the same may be sent again."""

    code = "ca_unavailable"


@dataclass(frozen=True, slots=True)
class CardMessage:
    """All that a card may open, instead of what it was told before. ``generation`` grows with each message to one
    card; of two messages the greater one holds, in whichever order they arrive."""

    card_number: str
    generation: int
    products: tuple[str, ...]


class ConditionalAccess(Protocol):
    """The operator's conditional access system."""

    def send(self, message: CardMessage) -> None:
        """Take the message over for sending; the same one again is no harm. CaUnavailable."""
        ...

    def taken(self, card_numbers: Collection[str]) -> Mapping[str, int]:
        """The newest generation that each card has; cards that have none are left out. CaUnavailable."""
        ...
