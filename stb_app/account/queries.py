"""What screens may ask for: one query, one path, one model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from stb_app.account.models import Account, Entry, Message, MonthTotal

T = TypeVar("T")


@dataclass(frozen=True)
class Query(Generic[T]):
    """A GET of the account service and how its body is read. Equal queries share one answer in the store."""

    path: str
    query: tuple[tuple[str, str], ...]
    parse: Callable[[Any], T]


ACCOUNT: Query[Account] = Query("/v1/account", (), Account.from_json)
MONTHS: Query[tuple[MonthTotal, ...]] = Query("/v1/ledger/months", (), MonthTotal.list_from_json)
MESSAGES: Query[tuple[Message, ...]] = Query("/v1/messages", (("limit", "50"),), Message.list_from_json)


def entries(month: date) -> Query[tuple[Entry, ...]]:
    """Charges and payments of a calendar month, newest first."""
    return Query("/v1/ledger/entries", (("limit", "200"), ("month", f"{month:%Y-%m}")), Entry.list_from_json)
