"""Quotes, orders and the list of what is paid for, as JSON (product.md T1-T5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tools.headend.api.account_view import account_state
from tools.headend.api.answers import money
from tools.headend.api.reading import Reading
from tools.headend.clock import from_milliseconds, milliseconds, rfc3339
from tools.headend.domain import account as rules
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.orders import Held, Line, Open
from tools.headend.domain.periods import Period
from tools.headend.domain.planning import disconnectable
from tools.headend.domain.texts import LocalText
from tools.headend.storage.orders import UNDONE, StoredOrder
from tools.headend.use_cases.orders import Priced


def quote_view(priced: Priced, operator: Operator) -> dict[str, Any]:
    """A quote as it was just made."""
    quote, currency = priced.quote, operator.currency
    total = quote.plan.total
    return {
        "id": quote.order_id,
        "lines": [_line(each, operator) for each in quote.lines],
        "total": money(total, currency),
        "costs": total > 0 or priced.monthly_after > priced.monthly_before,
        "available": money(priced.available, currency),
        "lacking": money(max(0, total - priced.available) if total > 0 else 0, currency),
        "limit_passed": priced.limit_passed,
        "monthly_before": money(priced.monthly_before, currency),
        "monthly_after": money(priced.monthly_after, currency),
        "expires_at": rfc3339(from_milliseconds(quote.expires_at)),
    }


def order_view(
    order: StoredOrder, held: dict[str, Held], today: date, now: datetime, operator: Operator
) -> dict[str, Any]:
    """An order. ``held``: the account's subscriptions that it changed, as they are, by id."""
    return {
        "id": order.order_id,
        "state": _order_state(order, held, today, now),
        "lines": [_line(each, operator) for each in order.lines],
        "total": money(order.plan.total, operator.currency),
        "room": order.room,
        "confirmed_at": _instant(order.confirmed_at),
        "undo_until": _instant(order.undo_until),
        "undone_at": _instant(order.undone_at),
    }


def _order_state(order: StoredOrder, held: dict[str, Held], today: date, now: datetime) -> str:
    """contracts.md, order: confirmed -> active -> ending -> ended; undone within its time."""
    if order.state == UNDONE:
        return "undone"
    if milliseconds(now) <= (order.undo_until or 0):
        return "confirmed"
    opened = [each.subscription_id for each in order.plan.subscriptions if isinstance(each, Open)]
    concerned = opened or [each.subscription_id for each in order.plan.subscriptions]
    ends = [held[each].ends_on for each in concerned if each in held]
    if any(each is None for each in ends):
        return "active"
    last = max((each for each in ends if each is not None), default=None)
    return "ending" if last is not None and last >= today else "ended"


def _line(line: Line, operator: Operator) -> dict[str, Any]:
    return {
        "item": line.item_id,
        "kind": line.kind.value,
        "name": dict(name_of(operator, line.item_id)),
        "room": line.room,
        "price": money(line.price, operator.currency),
        "amount": money(line.amount, operator.currency),
        "part": _part(line.period) if line.period and line.amount else None,
        "starts": _day(line.starts),
        "ends": _day(line.ends),
    }


def _part(period: Period) -> dict[str, Any]:
    return {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "days": period.days,
        "of": period.of,
    }


def name_of(operator: Operator, item_id: str) -> LocalText:
    """What somebody has stays his when it is no longer sold; then its id is all that is left of its name."""
    item = operator.items.get(item_id)
    return item.name if item else dict.fromkeys(operator.title, item_id)


def subscriptions_view(view: Reading) -> dict[str, Any]:
    """``GET /v1/subscriptions``: T3's one list, with rooms and rentals; its total is A1's next charge."""
    operator, currency = view.operator, view.operator.currency
    state = account_state(view)
    following = rules.next_charge(state)
    parts = {each.id: each.fee_from(following.day) if following else 0 for each in state.subscriptions}

    def item(each: rules.Subscription) -> dict[str, Any]:
        sold = operator.items.get(each.item_id)
        going = each.ends_on is None
        state = "coming" if each.since > view.today else "active" if going else "ending"
        return {
            "id": each.id,
            "item": each.item_id,
            "kind": each.kind.value,
            "name": dict(each.name),
            "room": each.room,
            "price": money(each.price, currency),
            "state": state,
            "since": each.since.isoformat(),
            "ends_on": _day(each.ends_on),
            "next_charge": money(parts[each.id], currency),
            "can_disconnect": going and disconnectable(operator, each.item_id, each.kind),
            "adult": sold is not None and sold.adult,
        }

    return {
        "items": [item(each) for each in state.subscriptions],
        "monthly": money(rules.monthly_fee(state), currency),
        "next_charge_on": _day(following.day) if following else None,
        "total": money(sum(parts.values()), currency),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _instant(at: int | None) -> str | None:
    return rfc3339(from_milliseconds(at)) if at is not None else None
