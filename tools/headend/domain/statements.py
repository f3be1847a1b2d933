"""What can be said about a charge, and a statement's period (product.md A3, A4). Pure."""

from __future__ import annotations

from datetime import date

from tools.headend.domain.ledger import FEES

_FEES = frozenset(FEES.values())


def disputable(kind: str, change: int) -> bool:
    """Whether the viewer can say 'I did not order this': a service was charged, ``change`` minor units, signed."""
    return change < 0 and kind in _FEES


def period_fault(first: date, last: date, today: date) -> tuple[str, str] | None:
    """The field that is wrong with a statement's period and why; None: nothing is."""
    if last > today:
        return "to", "expected a day that is not after today"
    if first > last:
        return "from", "expected a day that is not after 'to'"
    return None
