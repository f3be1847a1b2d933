"""Temporary blocks (product.md U1): ordered, begun today at once, cancelled, ended earlier. Time begins and ends the
others (runs/suspensions.py)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from sqlalchemy import Connection

from tools.headend.clock import milliseconds
from tools.headend.domain import suspensions as rules
from tools.headend.domain.account import ServiceState
from tools.headend.domain.declined import Declined
from tools.headend.domain.ledger import Entry, EntryKind, Order, service_fee, suspension_reference
from tools.headend.domain.notices import Event
from tools.headend.domain.periods import Period, last_of_month
from tools.headend.domain.suspensions import ALL_BLOCKED, DAY, NOT_BLOCKED, Standing, SuspensionState, WhyNot
from tools.headend.storage import fees, suspensions
from tools.headend.storage.accounts import StoredAccount
from tools.headend.storage.internet import has_internet
from tools.headend.storage.suspensions import StoredSuspension, flags
from tools.headend.use_cases.entitlements import refresh
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.returning import charge_rest, rest_of
from tools.headend.use_cases.work import Work

TV = "tv"


def standing(connection: Connection, account: StoredAccount, today: date) -> Standing:
    """What decides about a block that is ordered on the TV."""
    return Standing(
        today=today,
        service=ServiceState(account.service_state),
        ordered=account.suspends_on is not None,
        last_start=suspensions.last_start(connection, account.account_id),
        has_internet=has_internet(connection, account.account_id, today),
        channel=TV,
    )


def order(work: Work, days: Period) -> StoredSuspension:
    """Order a block of ``days``, whose length and first day are within the operator's terms; it begins at once where
    that is today. Declined account_stopped, account_suspended, suspension_refused (``reason``), suspension_too_soon
    (``earliest``), money_lacking.
    """
    _refuse(work, days)
    fee = work.operator.terms.suspension.fees[work.region.id]
    begins = days.first == work.today
    if begins and work.account.own_money < fee:
        raise Declined("money_lacking", lacking=work.money(fee - work.account.own_money))
    made = StoredSuspension(
        account_id=work.account_id,
        suspension_id=str(uuid4()),
        state=SuspensionState.REQUESTED.value,
        first_day=days.first,
        last_day=days.last,
        resumes_on=days.last + DAY,
        fee=fee,
        requested_at=milliseconds(work.now),
        order_channel=TV,
        order_room=work.room_name(),
        blocks_change=False,
        blocks_entitlement=False,
        blocks_billing=False,
        ended_at=None,
    )
    suspensions.add(work.connection, made)
    if begins:
        _begin(work, made)
    else:
        suspensions.set_awaited(work.connection, work.account_id, days.first)
        tell(work, Event.BLOCK_ORDERED, {"day": days.first})
    work.reread()
    return suspensions.suspension(work.connection, work.account_id, made.suspension_id) or made


def end(work: Work, suspension_id: str) -> StoredSuspension:
    """Cancel a block that has not begun, or end one that runs: from today on the service is there again, what is left
    of a month that was not charged is charged, and neither fee nor days come back. Declined not_found, money_lacking.
    """
    found = suspensions.suspension(work.connection, work.account_id, suspension_id)
    if found is None:
        raise Declined("not_found", "this account has no such temporary block")
    match found.state:
        case SuspensionState.REQUESTED:
            _close(work, found, SuspensionState.CANCELLED, {})
            suspensions.set_awaited(work.connection, work.account_id, None)
            work.reread()
            tell(work, Event.BLOCK_WITHDRAWN, {"day": found.first_day})
        case SuspensionState.ACTIVE:
            _end_now(work, found)
        case _:
            work.touched = False
    return suspensions.suspension(work.connection, work.account_id, suspension_id) or found


def _refuse(work: Work, days: Period) -> None:
    terms = work.operator.terms.suspension
    now = standing(work.connection, work.account, work.today)
    match rules.why_not(now, terms):
        case None:
            pass
        case WhyNot.STOPPED:
            raise Declined("account_stopped")
        case WhyNot.SUSPENDED:
            raise Declined("account_suspended")
        case reason:
            raise Declined("suspension_refused", reason=reason.value)
    earliest = rules.earliest(now, terms)
    if days.first < earliest:
        raise Declined("suspension_too_soon", earliest=earliest.isoformat())


def _begin(work: Work, made: StoredSuspension) -> None:
    """Today: requested -> charged -> active in one transaction."""
    if made.fee:
        fee = Entry(
            at=work.now,
            day=work.today,
            kind=EntryKind.SERVICE_FEE,
            posting=service_fee(made.fee),
            order=Order(made.order_channel, made.order_room, made.first_day),
            period=Period(made.first_day, made.last_day),
            reference=suspension_reference(made.suspension_id),
        )
        work.post([fee])
    values = {"state": SuspensionState.ACTIVE.value, **flags(ALL_BLOCKED)}
    suspensions.change(work.connection, work.account_id, made.suspension_id, values)
    suspensions.suspend(work.connection, work.account_id, Period(made.first_day, made.last_day))
    refresh(work, "suspended")
    tell(work, Event.BLOCK_BEGUN, {"amount": made.fee, "day": made.last_day})


def _end_now(work: Work, found: StoredSuspension) -> None:
    account = work.account
    rest = rest_of(work)
    lacking = rest.total - (account.balance + account.credit_limit)
    if rest.total and lacking > 0:
        raise Declined("money_lacking", lacking=work.money(lacking))
    days = {"last_day": max(found.first_day, work.today - DAY), "resumes_on": work.today}
    _close(work, found, SuspensionState.ENDED, days)
    charge_rest(work, rest)
    charged_through = max(account.charged_through, last_of_month(work.today))
    fees.serve_again(work.connection, work.account_id, charged_through)
    refresh(work, "resumed")
    work.reread()
    tell(work, Event.BLOCK_ENDED)


def _close(work: Work, found: StoredSuspension, state: SuspensionState, days: dict[str, date]) -> None:
    values = {"state": state.value, "ended_at": milliseconds(work.now), **flags(NOT_BLOCKED), **days}
    suspensions.change(work.connection, work.account_id, found.suspension_id, values)
