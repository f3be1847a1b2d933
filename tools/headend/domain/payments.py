"""Payments by the provider: their states, when the provider is asked again, and the operator's rules (P1-P5, P9). Pure.

created -> awaiting_user -> processing -> succeeded | canceled | expired; unknown while nobody can say, and then what
the provider says. Money that comes for an expired payment is the viewer's all the same: expired -> succeeded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tools.headend.domain.periods import last_of_month


class PaymentState(StrEnum):
    """Of contracts.md."""

    CREATED = "created"
    AWAITING_USER = "awaiting_user"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"

    @property
    def ended(self) -> bool:
        return self in ENDED


ENDED = frozenset({PaymentState.SUCCEEDED, PaymentState.CANCELED, PaymentState.EXPIRED})


class Purpose(StrEnum):
    """Who had the provider asked: the viewer, autopayment, or the page on the phone where nobody is signed in."""

    VIEWER = "viewer"
    AUTOPAY = "autopay"
    PAGE = "page"


EXPIRED_REASONS = frozenset({"expired_on_confirmation", "expired_on_capture"})
"""Why the provider cancels what nobody confirmed."""
CARD_GONE_REASONS = frozenset({"permission_revoked", "card_expired"})
"""Why a saved card will not be charged any more."""

_PAUSES: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(minutes=2), timedelta(seconds=3)),
    (timedelta(minutes=15), timedelta(seconds=10)),
    (timedelta(minutes=70), timedelta(seconds=30)),
    (timedelta(days=1), timedelta(minutes=10)),
    (timedelta(days=7), timedelta(hours=1)),
)
_SLOWEST_RETRY = timedelta(minutes=1)
_RETRIED_SOON = timedelta(days=1)


def pending(state: PaymentState, *, confirmed_by_user: bool, over: bool) -> PaymentState:
    """What a payment is that the provider has not ended. ``confirmed_by_user``: somebody has to agree to it; ``over``:
    the time for that is."""
    if state.ended:
        return state
    if not confirmed_by_user:
        return PaymentState.PROCESSING
    return PaymentState.EXPIRED if over else PaymentState.AWAITING_USER


def canceled(state: PaymentState, reason: str | None) -> PaymentState:
    """What it is once the provider has canceled it."""
    if state.ended:
        return state
    return PaymentState.EXPIRED if reason in EXPIRED_REASONS else PaymentState.CANCELED


def unanswered(state: PaymentState, *, over: bool) -> PaymentState:
    """What it is while the provider says nothing: being checked, never failed. A code that is shown is still good."""
    if state.ended or (state is PaymentState.AWAITING_USER and not over):
        return state
    return PaymentState.UNKNOWN


def ask_again(age: timedelta, failures: int) -> timedelta | None:
    """How soon the provider is asked again about a payment of this age that it did not answer ``failures`` times in a
    row; None: no more, since it has long canceled what was open."""
    pause = next((pause for until, pause in _PAUSES if age < until), None)
    if failures and pause is not None and age < _RETRIED_SOON:
        return min(_SLOWEST_RETRY, timedelta(seconds=2 ** min(failures, 10)))
    return pause


@dataclass(frozen=True, slots=True)
class Way:
    """From ``least`` to ``most`` minor units a payment; ``confirmation``: how the viewer agrees (qr, page, sms)."""

    least: int
    most: int
    confirmation: str


@dataclass(frozen=True, slots=True)
class AutopayRules:
    """P5. By threshold: below ``threshold`` a top-up of ``monthly_fees`` monthly fees; at most ``month_most`` a
    calendar month, at least ``least`` at once; after a failure again after so many days each, then off."""

    threshold: int
    monthly_fees: int
    month_most: int
    least: int
    retry_days: Sequence[int]


@dataclass(frozen=True, slots=True)
class PaymentRules:
    """``ways`` by method (sbp, card, mobile); ``confirm_seconds``: the window to confirm; ``open_most``: so many
    payments may wait for the viewer at once; ``methods_most``: so many saved cards."""

    ways: Mapping[str, Way]
    confirm_seconds: int
    open_most: int
    methods_most: int
    autopay: AutopayRules


def next_day_of_month(day: int, after: date) -> date:
    """The first ``day`` of a month (its last where it has fewer) after ``after``."""
    this = min(day, last_of_month(after).day)
    if this > after.day:
        return after.replace(day=this)
    following = last_of_month(after) + timedelta(days=1)
    return following.replace(day=min(day, last_of_month(following).day))
