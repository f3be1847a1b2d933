"""Quote, confirm, undo: the one way to change what an account is charged for by the month (product.md T1-T5, M1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from tools.headend.clock import from_milliseconds, milliseconds
from tools.headend.domain.declined import Declined
from tools.headend.domain.ledger import FEES, Entry, EntryKind, Order, fee, fee_returned
from tools.headend.domain.notices import Event
from tools.headend.domain.orders import Change, Line, Plan, Situation, reverted, turned
from tools.headend.domain.periods import first_of_month, local_date, next_first
from tools.headend.domain.planning import new_conflicts, plan
from tools.headend.storage import orders
from tools.headend.storage.orders import CONFIRMED, QUOTED, UNDONE, Ordered, StoredOrder
from tools.headend.use_cases import bonus, entitlements, notices, parental_limit, room_orders
from tools.headend.use_cases.work import Work


@dataclass(frozen=True, slots=True)
class Priced:
    """A quote and what it means now: the money there is, a whole month before and after; minor units."""

    quote: StoredOrder
    available: int
    limit_passed: bool
    monthly_before: int
    monthly_after: int


def quote(work: Work, changes: Sequence[Change], asked: Sequence[dict[str, Any]]) -> Priced:
    """Price ``changes`` and keep the price for a while; Declined where they may not be. Nothing else changes.

    ``asked`` is what the box said, kept as it was.
    """
    situation = _situation(work)
    made = plan(situation, changes)
    _refuse_where_not_running(work, made)
    now = milliseconds(work.now)
    life = timedelta(seconds=work.operator.orders.quote_seconds)
    found = StoredOrder(
        order_id=str(uuid4()),
        state=QUOTED,
        changes=asked,
        plan=made,
        basis=work.account.order_count,
        room=work.room_name(),
        created_at=now,
        expires_at=milliseconds(min(work.now + life, _end_of_month(work))),
        confirmed_at=None,
        undo_until=None,
        undone_at=None,
    )
    orders.keep_quote(work.connection, work.account_id, found)
    work.touched = False
    return Priced(
        found,
        available=_available(work),
        limit_passed=not parental_limit.spending(work).allows(made.spending),
        monthly_before=_monthly(situation),
        monthly_after=_monthly(situation.after(made)),
    )


def confirm(work: Work, quote_id: str) -> StoredOrder:
    """Do what was quoted and charge it to the minor unit; Declined where quote, money or a limit does not allow it."""
    found = _found(work, quote_id)
    if found.state != QUOTED:
        raise Declined("quote_used")
    if milliseconds(work.now) > found.expires_at:
        raise Declined("quote_expired")
    if found.basis != work.account.order_count:
        raise Declined("quote_outdated")
    made = found.plan
    _refuse_where_not_running(work, made)
    parental_limit.check(work, made.spending)
    _refuse_without_money(work, made.total)
    room_orders.carry_out(work, made.rooms)
    ordered = _ordered(found)
    orders.operate(work.connection, work.account_id, made.subscriptions, ordered)
    numbers = work.post(_entries(work, made.lines, ordered, f"order:{found.order_id}"))
    undo_until = work.now + timedelta(seconds=work.operator.orders.undo_seconds)
    orders.confirm(work.connection, work.account_id, quote_id, milliseconds(work.now), milliseconds(undo_until))
    bonus.earn(work, numbers)
    _tell(work, Event.ORDERED, made.total)
    return _found(work, quote_id)


def undo(work: Work, order_id: str) -> StoredOrder:
    """Give everything back and leave what was there before; once an order, within the operator's time."""
    found = _found(work, order_id)
    if found.state == UNDONE:
        raise Declined("undo_used")
    if found.state != CONFIRMED or found.undo_until is None or found.confirmed_at is None:
        raise Declined("not_found", "this account has no such order")
    if milliseconds(work.now) > found.undo_until:
        raise Declined("undo_expired")
    made = found.plan
    back, month = _opposite(made.lines), _turned(work, found)
    _refuse_without_money(work, sum(line.amount for line in (*back, *month)))
    room_orders.take_back(work, made.rooms)
    orders.revert(work.connection, work.account_id, made.subscriptions)
    work.post(_entries(work, back, _ordered(found), f"undo:{order_id}"))
    turned_over = work.post(_entries(work, month, _ordered(found), f"undo-month:{order_id}"))
    orders.undo(work.connection, work.account_id, order_id, milliseconds(work.now))
    bonus.take_back(work, order_id)
    bonus.earn(work, turned_over)
    _tell(work, Event.ORDER_UNDONE, made.total)
    return _found(work, order_id)


def _situation(work: Work) -> Situation:
    return Situation(
        operator=work.operator,
        region_id=work.region.id,
        today=work.today,
        charged_through=work.account.charged_through,
        held=tuple(orders.held(work.connection, work.account_id, work.today)),
        rooms=tuple(orders.rooms_held(work.connection, work.account_id)),
        new_id=lambda: str(uuid4()),
    )


def _found(work: Work, order_id: str) -> StoredOrder:
    found = orders.order(work.connection, work.account_id, order_id)
    if found is None:
        raise Declined("not_found", "this account has no such order")
    return found


def _end_of_month(work: Work) -> datetime:
    """The last second of the region's month: a part of it cannot be sold in the next one."""
    turn = datetime.combine(next_first(work.today), time(), work.region.time_zone)
    return turn.astimezone(UTC) - timedelta(seconds=1)


def _ordered(order: StoredOrder) -> Ordered:
    return Ordered("tv" if order.room is not None else "phone", order.room, order.order_id)


def _refuse_where_not_running(work: Work, made: Plan) -> None:
    """Who may not watch may end things, and nothing else (P10, U1)."""
    if not made.gives:
        return
    if work.account.service_state == "stopped":
        raise Declined("account_stopped")
    if work.account.service_state == "suspended":
        raise Declined("account_suspended")


def _available(work: Work) -> int:
    return work.account.balance + work.account.credit_limit


def _monthly(situation: Situation) -> int:
    return sum(each.price for each in situation.held if each.going)


def _refuse_without_money(work: Work, total: int) -> None:
    lacking = total - _available(work)
    if total > 0 and lacking > 0:
        raise Declined("money_lacking", lacking=work.money(lacking))


def _entries(work: Work, lines: Iterable[Line], ordered: Ordered, reference: str) -> list[Entry]:
    """The ledger's rows for what ``lines`` move."""
    return [
        Entry(
            at=work.now,
            day=work.today,
            kind=FEES[line.kind] if line.amount > 0 else EntryKind.REFUND,
            posting=fee(line.kind, line.amount) if line.amount > 0 else fee_returned(line.kind, -line.amount),
            item_id=line.item_id,
            room=line.room,
            order=Order(ordered.channel, ordered.room, line.starts or work.today),
            period=line.period,
            reference=reference,
        )
        for line in lines
        if line.amount
    ]


def _opposite(lines: Iterable[Line]) -> list[Line]:
    return [
        Line(line.item_id, line.kind, line.price, -line.amount, line.period, room_id=line.room_id, room=line.room)
        for line in lines
    ]


def _turned(work: Work, order: StoredOrder) -> list[Line]:
    """Whether the order can be undone after what came later; what the turn of the month in between adds to it."""
    made = order.plan
    named = {each.subscription_id for each in made.subscriptions}
    running = orders.held(work.connection, work.account_id, work.today)
    found = [*running, *orders.held_named(work.connection, work.account_id, named)]
    before = list({each.subscription_id: each for each in found}.values())
    after = reverted(before, made.subscriptions)
    if new_conflicts(_situation(work), before, after):
        raise Declined("undo_superseded")
    first = first_of_month(work.today)
    ordered_on = local_date(from_milliseconds(order.confirmed_at or 0), work.region.time_zone)
    if ordered_on >= first or work.account.charged_through < work.today:
        return []
    return turned(before, after, first)


def _tell(work: Work, event: Event, amount: int) -> None:
    """Cards and people learn of it."""
    entitlements.refresh(work, "order")
    notices.tell(work, event, {"amount": max(0, amount)})
