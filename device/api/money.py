"""The one money type: a whole number of minor units (kopecks, cents) with its currency (ISO 4217)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import Any


class MoneyError(ValueError):
    """Sums that cannot be: another currency, a fraction, a broken document."""


@dataclass(frozen=True, slots=True)
class Money:
    """``amount`` minor units of ``currency``; never a float, never mixed with another currency."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise MoneyError(f"an amount is a whole number of minor units, not {shortened(self.amount)}")
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise MoneyError(f"a currency is three capital letters (ISO 4217), not {shortened(self.currency)}")

    @classmethod
    def from_json(cls, document: Any) -> Money:
        """From ``{"amount": 19900, "currency": "RUB"}``; MoneyError for anything else."""
        match document:
            case {"amount": int(amount), "currency": str(currency)}:
                return cls(amount, currency)
        raise MoneyError(f"not a sum: {shortened(document)}")

    def to_json(self) -> dict[str, int | str]:
        return {"amount": self.amount, "currency": self.currency}

    def zero(self) -> Money:
        return Money(0, self.currency)

    def _other(self, other: Money) -> int:
        if other.currency != self.currency:
            raise MoneyError(f"{self.currency} and {other.currency} do not add up")
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._other(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._other(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._other(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._other(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._other(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._other(other)

    def rounded_up(self, unit: int = 100) -> Money:
        """The next whole multiple of ``unit`` (1 or more) minor units, never below the sum itself."""
        if unit < 1:
            raise MoneyError(f"sums are rounded up to 1 minor unit or more, not {unit}")
        return Money(-(-self.amount // unit) * unit, self.currency)


def total(sums: Iterable[Money], currency: str) -> Money:
    """The sum of all, in ``currency``; zero of nothing."""
    result = Money(0, currency)
    for each in sums:
        result = result + each
    return result
