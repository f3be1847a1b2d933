"""Answers of promised payments, credit mode, transfers and temporary blocks, from rows and rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tools.headend.api.answers import money
from tools.headend.clock import from_milliseconds, rfc3339
from tools.headend.domain import credit as credit_rules
from tools.headend.domain import promises as promise_rules
from tools.headend.domain import suspensions as suspension_rules
from tools.headend.domain import transfers as transfer_rules
from tools.headend.domain.account import ServiceState, Subscription
from tools.headend.domain.catalogue import ItemKind, Operator
from tools.headend.domain.periods import Period, first_of_month, month_of, next_first
from tools.headend.domain.promises import PromiseState
from tools.headend.storage import credits, fees, promises, transfers
from tools.headend.storage.promises import StoredPromise
from tools.headend.storage.suspensions import StoredSuspension
from tools.headend.storage.transfers import StoredTransfer
from tools.headend.use_cases import credit as credit_cases
from tools.headend.use_cases import promises as promise_cases
from tools.headend.use_cases import suspensions as suspension_cases
from tools.headend.use_cases.fees import monthly_fee
from tools.headend.use_cases.seen import Seen


def promise_offer_view(view: Seen) -> dict[str, Any]:
    """Whether a promise is to be had, and which (P4)."""
    terms, currency = view.operator.terms.promise, view.operator.currency
    fee = monthly_fee(view.connection, view.account_id, view.today)
    owes = promises.owes_last(view.connection, view.account_id)
    why_not = promise_rules.why_not(promise_cases.standing(view.account, fee, owes_last=owes), terms)
    return {
        "available": why_not is None,
        "reason": why_not.value if why_not else None,
        "least": money(terms.least, currency),
        "most": money(promise_rules.most(fee, terms), currency),
        "fee": money(terms.fee, currency),
        "days": terms.days,
        "due_on": promise_rules.due_on(view.today, terms).isoformat(),
    }


def promise_view(promise: StoredPromise, operator: Operator, suspended_until: date | None) -> dict[str, Any]:
    """A row; one that is due within a temporary block is to be paid by its last day."""
    due_on = promise.due_on
    if promise.state == PromiseState.ACTIVE.value and suspended_until is not None:
        due_on = max(due_on, suspended_until)
    return {
        "id": promise.promise_id,
        "state": promise.state,
        "amount": money(promise.amount, operator.currency),
        "fee": money(promise.fee, operator.currency),
        "granted_at": _instant(promise.granted_at),
        "due_on": due_on.isoformat(),
        "ended_at": _instant(promise.ended_at),
        "cleared": promise.cleared_at is not None,
    }


def credit_view(view: Seen) -> dict[str, Any]:
    """The mode that is on, and what credit mode would be (P6)."""
    terms, currency = view.operator.terms.credit, view.operator.currency
    found = credits.current(view.connection, view.account_id)
    standing = credit_cases.standing(view.connection, view.account, view.today)
    why_not = credit_rules.why_not(standing, terms)
    return {
        "mode": "credit" if found else "advance",
        "state": found.state if found else None,
        "limit": money(found.limit, currency) if found else None,
        "due_on": found.due_on.isoformat() if found else None,
        "owed": money(max(0, -view.account.balance), currency),
        "quote": {
            "available": why_not is None,
            "reason": why_not.value if why_not else None,
            "limit": money(credit_rules.limit(standing.monthly_fee, terms), currency),
            "due_day": terms.due_day,
            "due_on": credit_rules.next_due(view.today, terms.due_day).isoformat(),
        },
    }


def limits_view(view: Seen) -> dict[str, Any]:
    """What can be sent (P7)."""
    terms, currency = view.operator.terms.transfer, view.operator.currency
    sent = transfers.sent_in_month(view.connection, view.account_id, month_of(view.today))
    own = view.account.own_money
    return {
        "least": money(terms.least, currency),
        "most_each": money(terms.most, currency),
        "month_most": money(terms.month_most, currency),
        "month_left": money(transfer_rules.left_this_month(sent, terms), currency),
        "own_money": money(max(0, own), currency),
        "most": money(transfer_rules.most_now(own, sent, terms), currency),
    }


def transfer_view(transfer: StoredTransfer, operator: Operator) -> dict[str, Any]:
    return {
        "id": transfer.transfer_id,
        "state": transfer.state,
        "recipient": f"{transfer.recipient_id:012d}",
        "recipient_name": transfer.recipient_name,
        "amount": money(transfer.amount, operator.currency),
        "expires_at": _instant(transfer.expires_at) if transfer.sent_at is None else None,
        "sent_at": _instant(transfer.sent_at),
    }


def suspension_offer_view(view: Seen) -> dict[str, Any]:
    """Whether a block can be ordered on the TV, from when, for how much (U1)."""
    terms, currency = view.operator.terms.suspension, view.operator.currency
    standing = suspension_cases.standing(view.connection, view.account, view.today)
    why_not = suspension_rules.why_not(standing, terms)
    return {
        "available": why_not is None,
        "reason": why_not.value if why_not else None,
        "channels": list(terms.channels),
        "days_least": 1,
        "days_most": terms.days_most,
        "earliest": suspension_rules.earliest(standing, terms).isoformat(),
        "latest": suspension_rules.latest(view.today, terms).isoformat(),
        "fee": money(terms.fees[view.region.id], currency),
        "own_money": money(max(0, view.account.own_money), currency),
    }


def suspension_view(suspension: StoredSuspension, operator: Operator) -> dict[str, Any]:
    blocks = suspension.blocks
    return {
        "id": suspension.suspension_id,
        "state": suspension.state,
        "first_day": suspension.first_day.isoformat(),
        "last_day": suspension.last_day.isoformat(),
        "resumes_on": suspension.resumes_on.isoformat(),
        "fee": money(suspension.fee, operator.currency),
        "blocks": {"change": blocks.change, "entitlement": blocks.entitlement, "billing": blocks.billing},
        "requested_at": _instant(suspension.requested_at),
        "ended_at": _instant(suspension.ended_at),
    }


def suspension_quote_view(view: Seen, days: Period) -> dict[str, Any]:
    """What a block of ``days`` would be and cost, with the subscriptions of its days as they are known today."""
    currency, resumes_on = view.operator.currency, days.last + timedelta(days=1)
    fee = view.operator.terms.suspension.fees[view.region.id]
    inside, first = 0, days.first if days.first.day == 1 else next_first(days.first)
    while first <= days.last:
        inside += _charged_from(view, first)
        first = next_first(first)
    month_was_skipped = resumes_on.day != 1 and days.first <= first_of_month(resumes_on)
    stopped = view.account.service_state == ServiceState.STOPPED.value
    return {
        "first_day": days.first.isoformat(),
        "last_day": days.last.isoformat(),
        "resumes_on": resumes_on.isoformat(),
        "fee": money(fee, currency),
        "lacking": money(max(0, fee - view.account.own_money), currency),
        "not_charged": money(0 if stopped else inside, currency),
        "rest": money(_charged_from(view, resumes_on) if month_was_skipped else 0, currency),
    }


def _charged_from(view: Seen, day: date) -> int:
    """What is taken where the month is charged from ``day`` on."""
    name = dict.fromkeys(view.operator.title, "")
    return sum(
        Subscription(
            each.subscription_id, each.item_id, ItemKind(each.kind), name, each.price, None, each.ends_on, each.since
        ).fee_from(day)
        for each in fees.fees_on(view.connection, view.account_id, day)
    )


def _instant(at: int | None) -> str | None:
    return rfc3339(from_milliseconds(at)) if at is not None else None
