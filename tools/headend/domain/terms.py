"""The operator's terms for money and time out of turn: promised payments, credit mode, transfers, temporary blocks.

Read from ``operators/NAME/terms.yaml``; sums in minor units. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tools.headend.domain.limits import Limit


@dataclass(frozen=True, slots=True)
class PromiseTerms:
    """P4. ``monthly_fees``: up to so many monthly fees; ``days``: how many days after the one on which it is granted
    it can be paid; ``balance_most``: only with a balance of at most this, None: with any."""

    least: int
    monthly_fees: int
    fee: int
    days: int
    balance_most: int | None


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """P6. The limit is ``monthly_fees`` monthly fees, ``most`` at most; ``due_day``: the last day of each month on
    which what is owed can be paid; ``contract_months``: who has had a contract for at least so long may have it."""

    monthly_fees: int
    most: int
    due_day: int
    contract_months: int


@dataclass(frozen=True, slots=True)
class TransferTerms:
    """P7. ``least`` to ``most`` each, ``month_most`` a calendar month of the sender's region. A quote lives
    ``quote_seconds``. ``guesses``: so many account numbers in a row that do not exist lock for so long.
    ``names_a_day``: how many recipients' names are shown within 24 h."""

    least: int
    most: int
    month_most: int
    quote_seconds: int
    guesses: Limit
    names_a_day: int


@dataclass(frozen=True, slots=True)
class SuspensionTerms:
    """U1. 1 to ``days_most`` days, beginning today or up to ``ahead_days`` later, once in ``months_between`` months
    from the last start; ``fees`` by region; ``channels``: where it can be ordered (tv, phone, salon)."""

    days_most: int
    months_between: int
    ahead_days: int
    needs_internet: bool
    channels: tuple[str, ...]
    fees: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Terms:
    """All of them."""

    promise: PromiseTerms
    credit: CreditTerms
    transfer: TransferTerms
    suspension: SuspensionTerms
