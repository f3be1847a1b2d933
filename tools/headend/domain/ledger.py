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
PROMISES = "promises"
TRANSFER_CLEARING = "clearing:transfer"
SERVICE_REVENUE = "revenue:service"


class EntryKind(StrEnum):
    """What an entry is to the viewer."""

    TARIFF_FEE = "tariff_fee"
    PACKAGE_FEE = "package_fee"
    OPTION_FEE = "option_fee"
    ROOM_FEE = "room_fee"
    INTERNET_FEE = "internet_fee"
    DISCOUNT = "discount"
    PAYMENT = "payment"
    REFUND = "refund"
    CORRECTION = "correction"
    PROMISE = "promise"
    """A promised payment that is granted, or taken back (P4)."""
    TRANSFER = "transfer"
    """To or from another account of the operator (P7)."""
    SERVICE_FEE = "service_fee"
    """A one-off fee: of a temporary block (U1), of a promised payment."""


FEES: Mapping[ItemKind, EntryKind] = {
    ItemKind.TARIFF: EntryKind.TARIFF_FEE,
    ItemKind.PACKAGE: EntryKind.PACKAGE_FEE,
    ItemKind.OPTION: EntryKind.OPTION_FEE,
    ItemKind.ROOM: EntryKind.ROOM_FEE,
    ItemKind.INTERNET: EntryKind.INTERNET_FEE,
    ItemKind.CHANNEL: EntryKind.PACKAGE_FEE,
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


def fee_returned(kind: ItemKind, amount: int) -> Posting:
    """A part of it that is given back."""
    return Posting(f"revenue:{kind}", WALLET, amount)


def subscription_reference(subscription_id: str) -> str:
    """What a fee belongs to, as an entry's ``reference``."""
    return f"subscription:{subscription_id}"


def promise_reference(promise_id: str) -> str:
    return f"promise:{promise_id}"


def suspension_reference(suspension_id: str) -> str:
    return f"suspension:{suspension_id}"


def transfer_reference(transfer_id: str) -> str:
    """The same on both sides of a transfer."""
    return f"transfer:{transfer_id}"


def payment(method: str, amount: int) -> Posting:
    """Money paid in by ``method``."""
    return Posting(f"clearing:{method}", WALLET, amount)


def promise(amount: int) -> Posting:
    """Promised money, booked into the balance."""
    return Posting(PROMISES, WALLET, amount)


def promise_back(amount: int) -> Posting:
    """The same, taken back."""
    return Posting(WALLET, PROMISES, amount)


def service_fee(amount: int) -> Posting:
    """A one-off fee."""
    return Posting(WALLET, SERVICE_REVENUE, amount)


def transfer_out(amount: int) -> Posting:
    """The sender's row of a transfer; the recipient's is ``transfer_in`` with the same reference."""
    return Posting(WALLET, TRANSFER_CLEARING, amount)


def transfer_in(amount: int) -> Posting:
    return Posting(TRANSFER_CLEARING, WALLET, amount)


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
    """A row together with what the viewer is told about it. ``at`` is aware; ``day`` is its day in the region;
    ``reference`` is what it belongs to, as ``KIND:ID``."""

    at: datetime
    day: date
    kind: EntryKind
    posting: Posting
    item_id: str | None = None
    room: str | None = None
    order: Order | None = None
    period: Period | None = None
    method: str | None = None
    reference: str | None = None
