"""A row of `accounts` for tests that need an account and no household."""

from __future__ import annotations

from datetime import date
from typing import Any

from tools.headend.domain.periods import last_of_month, next_first


def account_row(account_id: int, today: date = date(2026, 11, 21), **differently: Any) -> dict[str, Any]:
    """A new account with nothing on it, charged for ``today``'s month; ``differently`` replaces columns."""
    row: dict[str, Any] = {
        "account_id": account_id,
        "region_id": "moscow",
        "contract_number": "3344-0000-01",
        "holder_name": "Иван Петров",
        "address": "г. Химки, ул. Лесная, д. 12",
        "phone": "9005550134",
        "email": "ivan@example.org",
        "service_state": "active",
        "service_since": None,
        "service_until": None,
        "credit_limit": 0,
        "bonus_points": 0,
        "balance": 0,
        "last_entry": 0,
        "contract_since": date(2020, 1, 1),
        "charged_through": last_of_month(today),
        "due_on": next_first(today),
    }
    return row | differently


def subscription_row(account_id: int, number: int = 1, **differently: Any) -> dict[str, Any]:
    """A fee of 100.00 a month that has gone on for long; ``differently`` replaces columns."""
    row: dict[str, Any] = {
        "account_id": account_id,
        "subscription_id": f"s{number}",
        "position": number,
        "item_id": "basic" if number == 1 else "sport",
        "room_id": None,
        "since": date(2025, 1, 1),
        "ends_on": None,
        "kind": "tariff" if number == 1 else "package",
        "price": 10000,
        "order_channel": "salon",
        "order_room": None,
        "order_id": None,
    }
    return row | differently
