"""What needs the viewer's attention, most urgent first (product.md A1). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from device.api.money import Money
from tools.headend.domain.account import AccountState, ServiceState, to_pay
from tools.headend.domain.catalogue import Operator


@dataclass(frozen=True, slots=True)
class Attention:
    """``code`` names it, ``params`` are what its wording needs, JSON-like; ``severity`` notice or warning."""

    code: str
    severity: str
    params: Mapping[str, Any]


def attention(state: AccountState, operator: Operator, unread: int) -> list[Attention]:
    """The things to attend to, most urgent first."""
    found: list[Attention] = []
    service = state.service
    if service.state is ServiceState.STOPPED:
        found.append(Attention("service_stopped", "warning", {"since": _iso(service.since)}))
    if service.state is ServiceState.SUSPENDED:
        found.append(Attention("service_suspended", "notice", {"until": _iso(service.until)}))
    if state.promise_until is not None:
        due = {"sum": Money(state.promise_due, operator.currency).to_json(), "date": state.promise_until.isoformat()}
        found.append(Attention("promise_due", "warning", due))
    lacking = to_pay(state, operator.rounding)
    if lacking > 0 and service.state is not ServiceState.STOPPED:
        sum_to_pay = Money(lacking, operator.currency).to_json()
        found.append(Attention("balance_low", "warning", {"to_pay": sum_to_pay}))
    for each in sorted(state.subscriptions, key=lambda each: (each.ends_on or state.today, each.id)):
        if each.ends_on is not None and 0 <= (each.ends_on - state.today).days <= operator.ending_notice_days:
            params = {
                "service": dict(each.name),
                "date": each.ends_on.isoformat(),
                "days": (each.ends_on - state.today).days,
            }
            found.append(Attention("subscription_ending", "notice", params))
    if unread:
        found.append(Attention("unread_messages", "notice", {"count": unread}))
    return found


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
