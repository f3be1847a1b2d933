"""Internet on the same account: what there is to have (product.md I1). Prices are the catalogue's. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tools.headend.domain.periods import first_of_month, last_of_month

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class InternetTariff:
    """``mbit``: speed, Mbit/s; ``traffic``: bytes of a calendar month, None: as much as one likes; ``alone``: what
    it costs a month without TV, minor units, so that the difference to its price is what the bundle saves."""

    item_id: str
    mbit: int
    traffic: int | None
    alone: int


@dataclass(frozen=True, slots=True)
class InternetRules:
    """``change_on_tv``: whether the tariff is changed here; else ``url`` is where, as a QR."""

    change_on_tv: bool
    url: str
    tariffs: Mapping[str, InternetTariff]
    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes of the month from ``first`` to ``last``; ``left`` and ``allowed`` None: as much as one likes."""

    first: date
    last: date
    allowed: int | None
    used: int

    @property
    def left(self) -> int | None:
        return None if self.allowed is None else max(0, self.allowed - self.used)


def traffic_of(tariff: InternetTariff | None, used_by_day: Mapping[date, int], today: date) -> Traffic:
    """What the month of ``today`` has used."""
    first = first_of_month(today)
    used = sum(used for day, used in used_by_day.items() if first <= day <= today)
    return Traffic(first, last_of_month(today), tariff.traffic if tariff else None, used)
