"""News and offers of the operator, by region (product.md A6). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tools.headend.domain.texts import LocalText


@dataclass(frozen=True, slots=True)
class News:
    """``kind`` news or offer; shown from ``first`` to ``last`` (None: without an end), both included, in ``regions``
    (empty: in all); ``item``: the catalogue item that it offers."""

    id: str
    kind: str
    first: date
    last: date | None
    regions: frozenset[str]
    item: str | None
    title: LocalText
    text: LocalText

    def shown(self, region: str, today: date) -> bool:
        in_time = self.first <= today and (self.last is None or today <= self.last)
        return in_time and (not self.regions or region in self.regions)


def shown(news: Sequence[News], region: str, today: date) -> list[News]:
    """What is shown in a region today, newest first."""
    found = [each for each in news if each.shown(region, today)]
    return sorted(found, key=lambda each: (each.first, each.id), reverse=True)
