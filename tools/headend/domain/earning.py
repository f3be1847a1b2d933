"""Which rows of the ledger earn bonus points: 20 % of TV fees really charged come back (product.md B1). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.ledger import WALLET, Posting

BONUS = "bonus"
"""The ledger account that pays for discounts."""
TV_REVENUE = tuple(f"revenue:{kind}" for kind in ItemKind if kind is not ItemKind.INTERNET)
"""The ledger accounts of the fees that earn points."""


def discount(amount: int) -> Posting:
    """A fee of ``amount`` minor units that points paid for."""
    return Posting(BONUS, WALLET, amount)


def base_of(postings: Iterable[Posting]) -> int:
    """The TV fees really charged by ``postings``, less what they return or a discount pays; minor units."""
    total = 0
    for posting in postings:
        if posting.credit in TV_REVENUE:
            total += posting.amount
        elif posting.debit in TV_REVENUE or posting.debit == BONUS:
            total -= posting.amount
    return total
