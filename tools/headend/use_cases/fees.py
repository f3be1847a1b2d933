"""What an account pays a month and what is coming up, for rules that are sized by it (product.md P4, P6)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from tools.headend.domain.account import ServiceState
from tools.headend.domain.periods import next_first
from tools.headend.storage.accounts import StoredAccount, subscriptions_of


def monthly_fee(connection: Connection, account_id: int, today: date) -> int:
    """The next whole month's charge: everything that is on at its first day, minor units."""
    return sum(each.price for each in subscriptions_of(connection, account_id, next_first(today)))


def coming_up(connection: Connection, account: StoredAccount, today: date, last: date) -> int:
    """The monthly charges after ``today`` up to ``last``; those within a temporary block are not taken (U1)."""
    total, first = 0, next_first(today)
    while first <= last:
        until = account.service_until if account.service_state == ServiceState.SUSPENDED.value else None
        if until is None or first > until:
            total += sum(each.price for each in subscriptions_of(connection, account.account_id, first))
        first = next_first(first)
    return total
