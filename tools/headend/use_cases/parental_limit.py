"""The limit for new orders of a calendar month (product.md C1): T1-T4 and rooms, not payments, fees or blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from device.api.money import Money
from tools.headend.domain.declined import Declined
from tools.headend.domain.periods import first_of_month, next_first
from tools.headend.storage import orders, parental
from tools.headend.use_cases.seen import Seen
from tools.headend.use_cases.work import Work


@dataclass(frozen=True, slots=True)
class Spending:
    """``limit``: what orders of this month may take, None: anything; ``spent``: what they took. Minor units."""

    limit: int | None
    spent: int

    def allows(self, amount: int) -> bool:
        return amount == 0 or self.limit is None or self.spent + amount <= self.limit


def spending(work: Seen) -> Spending:
    """How far this calendar month of the region has come."""
    standard = work.operator.parental.order_limit
    limit = parental.order_limit(work.connection, work.account_id, standard)
    zone = work.region.time_zone
    first = datetime.combine(first_of_month(work.today), time(), zone)
    end = datetime.combine(next_first(work.today), time(), zone)
    return Spending(limit, orders.spent(work.connection, work.account_id, first, end))


def check(work: Work, amount: int) -> None:
    """Declined order_limit_reached where an order that takes ``amount`` would pass the limit."""
    found = spending(work)
    if found.limit is not None and not found.allows(amount):
        currency = work.operator.currency
        raise Declined(
            "order_limit_reached",
            limit=Money(found.limit, currency).to_json(),
            spent=Money(found.spent, currency).to_json(),
        )
