"""Transfers to another account of the operator (product.md P7): own money only, within limits. Pure; minor units."""

from __future__ import annotations

from enum import StrEnum

from tools.headend.domain.terms import TransferTerms


class TransferState(StrEnum):
    """The sender's side: a quote that can be confirmed, then sent for good."""

    QUOTED = "quoted"
    SENT = "sent"


def left_this_month(sent: int, terms: TransferTerms) -> int:
    """How much can still be sent in the calendar month in which ``sent`` went already."""
    return max(0, terms.month_most - sent)


def most_now(own: int, sent: int, terms: TransferTerms) -> int:
    """The largest sum that can go now, 0 where none can: of own money (no promise, no credit), within both limits."""
    largest = min(own, terms.most, left_this_month(sent, terms))
    return largest if largest >= terms.least else 0
