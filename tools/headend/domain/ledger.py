"""The ledger of one account: rows debit -> credit, append only, so that an unbalanced one cannot be written. Pure.

The viewer's money is the account ``wallet``: what the operator owes to the subscriber. A payment debits the
clearing account of its method and credits the wallet; a fee debits the wallet and credits the revenue of its kind.
Everything is in minor units of the account's one currency. Corrections are further rows (contracts.md, Ledger;
the shape is pg_ledger's, facts/account-and-payments.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.periods import Period

WALLET = "wallet"
ADJUSTMENTS = "adjustments"


class EntryKind(StrEnum):
    """What an entry is to the viewer."""

    TARIFF_FEE = "tariff_fee"
    PACKAGE_FEE = "package_fee"
    OPTION_FEE = "option_fee"
    ROOM_FEE = "room_fee"
    PAYMENT = "payment"
    REFUND = "refund"
    CORRECTION = "correction"


FEES: Mapping[ItemKind, EntryKind] = {
    ItemKind.TARIFF: EntryKind.TARIFF_FEE,
    ItemKind.PACKAGE: EntryKind.PACKAGE_FEE,
    ItemKind.OPTION: EntryKind.OPTION_FEE,
    ItemKind.ROOM: EntryKind.ROOM_FEE,
}
"""Under which kind the charges of a catalogue item are booked."""


class LedgerError(ValueError):
    """A row that cannot be."""


@dataclass(frozen=True, slots=True)
class Posting:
    """``amount`` minor units, above 0, moved from ``debit`` to ``credit``."""

    debit: str
    credit: str
    amount: int

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise LedgerError(f"a row moves a sum above 0, not {self.amount}")
        if self.debit == self.credit:
            raise LedgerError(f"a row moves between two accounts, not within {self.debit}")

    @property
    def wallet_change(self) -> int:
        """By how much the viewer's balance grows; negative where it shrinks."""
        if self.credit == WALLET:
            return self.amount
        return -self.amount if self.debit == WALLET else 0


def fee(kind: ItemKind, amount: int) -> Posting:
    """What a catalogue item costs, taken from the viewer."""
    return Posting(WALLET, f"revenue:{kind}", amount)


def payment(method: str, amount: int) -> Posting:
    """Money paid in by ``method``."""
    return Posting(f"clearing:{method}", WALLET, amount)


def correction(amount: int) -> Posting:
    """A recalculation by ``amount``: positive in the viewer's favour."""
    return Posting(ADJUSTMENTS, WALLET, amount) if amount > 0 else Posting(WALLET, ADJUSTMENTS, -amount)


def balances(postings: Iterable[Posting]) -> dict[str, int]:
    """The balance of every ledger account, credit minus debit; their sum is always 0."""
    result: Counter[str] = Counter()
    for posting in postings:
        result[posting.credit] += posting.amount
        result[posting.debit] -= posting.amount
    return dict(result)


@dataclass(frozen=True, slots=True)
class Order:
    """Where and since when a service was ordered; ``room`` is the room's name where ``channel`` is tv."""

    channel: str
    room: str | None
    since: date


@dataclass(frozen=True, slots=True)
class Entry:
    """A row together with what the viewer is told about it. ``at`` is aware; ``day`` is its day in the region."""

    at: datetime
    day: date
    kind: EntryKind
    posting: Posting
    item_id: str | None = None
    room: str | None = None
    order: Order | None = None
    period: Period | None = None
    method: str | None = None
