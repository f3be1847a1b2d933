"""Writes a household's ledger: fees on day 1 and parts of months by T5, payments and corrections, relative to now.

The rows add up to the household's balance at any ``now``: what is missing was paid in a salon before the months
that are shown. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from device.api.errors import ConfigError
from tools.headend.domain import ledger
from tools.headend.domain.catalogue import Item
from tools.headend.domain.ledger import FEES, Entry, EntryKind, Order
from tools.headend.domain.periods import (
    Period,
    first_of_month,
    last_of_month,
    local_date,
    next_first,
    part_price,
    rest_of_month,
    shift_months,
)
from tools.headend.households.model import Household, HouseholdBox

_ORDERED_AT = time(19, 40)
_OPENED_AT = time(12, 0)
_CORRECTED_AT = time(10, 0)


@dataclass(frozen=True, slots=True)
class Contracted:
    """A service of the household with its days resolved; ``last`` where it is over or ends."""

    item: Item
    since: date
    last: date | None
    order: Order
    room: HouseholdBox | None
    """Whose fee it is, of the room item."""

    def runs_on(self, day: date) -> bool:
        return self.since <= day and (self.last is None or day <= self.last)


def contracted(household: Household, today: date) -> list[Contracted]:
    """Everything that was ever charged by the month: services in the file's order, then rooms."""
    rooms = {box.id: box.room for box in household.boxes}
    found: list[Contracted] = []
    for service in household.services:
        since = service.since.on(today)
        last = None
        if service.until_months_ago is not None:
            last = last_of_month(shift_months(first_of_month(today), -service.until_months_ago))
        elif service.ends_in_days is not None:
            last = today + timedelta(days=service.ends_in_days)
        ordered = service.ordered
        order = Order(ordered.channel, rooms[ordered.room] if ordered.room else None, since)
        found.append(Contracted(service.item, since, last, order, None))
    room_item = household.operator.room_item()
    for box in household.boxes:
        if not box.first:
            since = box.since.on(today)
            found.append(Contracted(room_item, since, None, Order("salon", None, since), box))
    return [each for each in found if each.since <= today]


def suspended_days(household: Household, today: date) -> Period | None:
    """First and last day of the temporary block; it may reach over the end of a month."""
    if household.suspension is None:
        return None
    first = today - timedelta(days=household.suspension.started_days_ago)
    return Period(first, first + timedelta(days=household.suspension.days - 1))


def history(household: Household, now: datetime) -> list[Entry]:
    """The household's entries up to ``now`` (aware), oldest first; ConfigError where its file cannot add up."""
    return _Writer(household, now).entries() if household.history_months else []


class _Writer:
    """Writes one household's rows as of one instant."""

    def __init__(self, household: Household, now: datetime) -> None:
        self._household = household
        self._now = now
        self._today = local_date(now, household.region.time_zone)
        self._start = shift_months(first_of_month(self._today), 1 - household.history_months)

    def entries(self) -> list[Entry]:
        rows = [*self._fees(), *self._payments(), *self._corrections()]
        rows = sorted((row for row in rows if self._start <= row.day and row.at <= self._now), key=lambda row: row.at)
        opening = self._household.balance.amount - sum(row.posting.wallet_change for row in rows)
        if opening < 0:
            raise ConfigError(
                f"household {self._household.name}: payments exceed charges and balance by {-opening} minor units",
                remedy=f"pay less, or raise the balance of operator {self._household.operator.name}",
            )
        return [self._payment(shift_months(self._start, -1), _OPENED_AT, opening, "salon"), *rows] if opening else rows

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self._household.region.time_zone).astimezone(UTC)

    def _fees(self) -> Iterator[Entry]:
        everything = contracted(self._household, self._today)
        suspended = suspended_days(self._household, self._today)
        for each in everything:
            if each.since.day != 1:
                yield self._fee(each, rest_of_month(each.since), min(self._instant(each.since, _ORDERED_AT), self._now))
        first = self._start
        while first <= self._today:
            for each in everything:
                if each.runs_on(first) and not (suspended and suspended.first <= first <= suspended.last):
                    yield self._fee(each, rest_of_month(first), self._instant(first, time()))
            first = next_first(first)

    def _fee(self, service: Contracted, period: Period, at: datetime) -> Entry:
        return Entry(
            at=at,
            day=period.first,
            kind=FEES[service.item.kind],
            posting=ledger.fee(service.item.kind, part_price(service.item.price, period)),
            item_id=service.item.id,
            room=service.room.room if service.room else None,
            order=service.order,
            period=period,
        )

    def _payment(self, day: date, at: time, amount: int, method: str) -> Entry:
        posting = ledger.payment(method, amount)
        return Entry(self._instant(day, at), day, EntryKind.PAYMENT, posting, method=method)

    def _payments(self) -> Iterator[Entry]:
        for paid in self._household.payments:
            yield self._payment(paid.day.on(self._today), paid.at, paid.amount, paid.method)

    def _corrections(self) -> Iterator[Entry]:
        for change in self._household.corrections:
            day = change.day.on(self._today)
            yield Entry(self._instant(day, _CORRECTED_AT), day, EntryKind.CORRECTION, ledger.correction(change.amount))
