"""What an account pays for the rest of a month in which it is served again: after a stop (product.md P10), after a
temporary block that ends earlier (U1); by T5. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tools.headend.domain.account import Subscription
from tools.headend.domain.periods import Period


@dataclass(frozen=True, slots=True)
class Part:
    """One line of what the return costs, minor units above 0."""

    subscription_id: str
    period: Period
    amount: int


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a month to charge; no parts where the month was charged already."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        return sum(part.amount for part in self.parts)

    def covered_by(self, available: int) -> bool:
        """Whether ``available`` (balance and credit limit) covers it; below 0 it covers not even the debt."""
        return available >= self.total


def rest_from(today: date, charged_through: date, subscriptions: Sequence[Subscription]) -> Rest:
    """What an account pays from ``today`` to the end of a month that it was not charged for."""
    if charged_through >= today:
        return Rest(())
    parts: list[Part] = []
    for each in subscriptions:
        period, amount = each.part_from(today), each.fee_from(today)
        if period is not None and amount > 0:
            parts.append(Part(each.id, period, amount))
    return Rest(tuple(parts))
