"""Bonus points: what fees earn, which points go first, what they can be exchanged for (product.md B1). Pure.

Points are whole. They are reckoned from the sum of all fees that were really charged since the account joined, half
up, and what a charge earns is the difference that it makes: so neither the number of orders nor their sequence
earns anything, and what is returned takes exactly its points back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tools.headend.domain.periods import shift_months
from tools.headend.domain.texts import LocalText


class RewardKind(StrEnum):
    """What points are exchanged for."""

    DISCOUNT = "discount"
    SERVICE = "service"
    GIFT = "gift"


@dataclass(frozen=True, slots=True)
class Reward:
    """``amount``: of a discount, minor units; ``item_id`` and ``months``: which service for how many months."""

    id: str
    kind: RewardKind
    name: LocalText
    text: LocalText
    points: int
    amount: int = 0
    item_id: str | None = None
    months: int = 0


@dataclass(frozen=True, slots=True)
class BonusRules:
    """``percent`` of fees come back; a point is worth ``point`` minor units and expires after ``months``."""

    name: LocalText
    text: LocalText
    percent: int
    point: int
    months: int
    rewards: Mapping[str, Reward]

    def points_for(self, base: int) -> int:
        """The points that fees of ``base`` minor units, 0 or more, earn: half up."""
        return (2 * base * self.percent + 100 * self.point) // (200 * self.point)

    def expires_on(self, granted_on: date) -> date:
        """The first day on which points of that day are gone."""
        return shift_months(granted_on, self.months)


@dataclass(frozen=True, slots=True)
class Grant:
    """Points that were granted; ``left`` of them are not spent. ``held``: an undo may still take them back."""

    id: str
    left: int
    expires_on: date
    held: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken from which grant, each above 0; ``lacking``: what was not there."""

    parts: tuple[tuple[str, int], ...]
    lacking: int

    @property
    def points(self) -> int:
        return sum(points for _, points in self.parts)


def take(grants: Sequence[Grant], points: int) -> Taken:
    """Take ``points`` from what is left, oldest first: what expires first goes first."""
    parts: list[tuple[str, int]] = []
    for grant in sorted(grants, key=lambda each: (each.expires_on, each.id)):
        part = min(points, grant.left)
        if part > 0:
            parts.append((grant.id, part))
            points -= part
    return Taken(tuple(parts), points)


def spendable(grants: Iterable[Grant]) -> list[Grant]:
    """The grants that an exchange may take from: not those of an order that can still be undone, or the points
    would be spent and the money given back."""
    return [grant for grant in grants if not grant.held]
