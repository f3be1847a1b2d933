"""What time does to bonus points, for all accounts of a settled day at once (product.md B1).

Points expire before the charge; discounts are taken off what the day charged, and what is left of it, the fees that
were really charged, earns points. The rules are those of domain/bonus.py and use_cases/bonus.py in SQL.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    update,
)

from tools.headend.clock import milliseconds
from tools.headend.domain.earning import BONUS, TV_REVENUE
from tools.headend.domain.ledger import WALLET, EntryKind
from tools.headend.domain.periods import month_of
from tools.headend.runs.settling import Settling
from tools.headend.storage import entitlements
from tools.headend.storage.tables import (
    accounts,
    bonus_entries,
    bonus_exchanges,
    bonus_grants,
    bonus_members,
    ledger_entries,
)

_ENTRY = ("account_id", "entry_id", "at", "day", "kind", "points", "base", "reference", "taken")
_GRANT = ("account_id", "grant_id", "points", "points_left", "granted_on", "expires_on")


def expire_points(settling: Settling) -> None:
    """Points whose months are over are gone."""
    grants = bonus_grants.c
    over = and_(
        grants.account_id.between(settling.first_id, settling.last_id),
        grants.expires_on <= settling.day,
        grants.points_left > 0,
    )
    rows = (
        select(
            accounts.c.account_id,
            literal("expired:") + grants.grant_id,
            *_when(settling),
            literal("expired"),
            -grants.points_left,
            literal(0),
            grants.grant_id,
            null(),
        )
        .join_from(accounts, bonus_grants, grants.account_id == accounts.c.account_id)
        .where(settling.claimed, over)
    )
    if not settling.connection.execute(insert(bonus_entries).from_select(_ENTRY, rows)).rowcount:
        return
    mine = exists().where(accounts.c.account_id == grants.account_id, settling.claimed)
    settling.connection.execute(update(bonus_grants).where(over, mine).values(points_left=0))
    entries = bonus_entries.c
    gone = and_(
        entries.account_id == accounts.c.account_id,
        entries.at == milliseconds(settling.at),
        entries.kind == "expired",
    )
    settling.connection.execute(
        update(accounts)
        .where(settling.claimed, exists().where(gone))
        .values(
            bonus_points=accounts.c.bonus_points
            + select(cast(func.sum(entries.points), BigInteger)).where(gone).scalar_subquery()
        )
    )


def end_services(settling: Settling) -> None:
    """Services that points paid for are over; their cards are told."""
    columns = bonus_exchanges.c
    mine = exists().where(accounts.c.account_id == columns.account_id, settling.claimed)
    over = and_(columns.account_id.between(settling.first_id, settling.last_id), columns.over_on == settling.day, mine)
    ended = update(bonus_exchanges).where(over, columns.state == "active").values(state="ended")
    if settling.connection.execute(ended).rowcount:
        whose = exists().where(columns.account_id == accounts.c.account_id, columns.over_on == settling.day)
        entitlements.queue_where(settling.connection, and_(settling.claimed, whose), "reward_over", settling.at)


def apply_discounts(settling: Settling) -> None:
    """Take the discounts that wait off what the day charged, oldest first; what is left of them goes on waiting."""
    waiting = _waiting(settling)
    amount = _least(waiting.c.amount_left, _fees(settling) - waiting.c.before)
    posted = settling.post(
        {
            "kind": EntryKind.DISCOUNT.value,
            "debit": BONUS,
            "credit": WALLET,
            "amount": amount,
            "reference": literal("exchange:", ledger_entries.c.reference.type) + waiting.c.exchange_id,
        },
        accounts.join(waiting, waiting.c.account_id == accounts.c.account_id),
        amount > 0,
        order_by=(waiting.c.before,),
    )
    if not posted:
        return
    entries, exchanges = ledger_entries.c, bonus_exchanges.c
    used = and_(
        entries.account_id == exchanges.account_id,
        entries.month == month_of(settling.day),
        entries.at == milliseconds(settling.at),
        entries.reference == literal("exchange:") + exchanges.exchange_id,
    )
    left = exchanges.amount_left - select(entries.amount).where(used).scalar_subquery()
    settling.connection.execute(
        update(bonus_exchanges)
        .where(exchanges.account_id.between(settling.first_id, settling.last_id), exists().where(used))
        .values(amount_left=left, state=case((left == 0, "used"), else_=exchanges.state))
    )


def earn_points(settling: Settling) -> None:
    """Grant every member the points of the fees that the day really charged."""
    reference = f"charge:{settling.day.isoformat()}"
    entry_id = f"earned:{reference}"
    members, rules = bonus_members.c, settling.operator.bonus
    fees = (
        select(members.account_id, members.base, members.owed, _fees(settling).label("change"))
        .join_from(accounts, bonus_members, members.account_id == accounts.c.account_id)
        .where(settling.claimed, members.left_at.is_(None))
        .subquery()
    )
    points = _points(fees.c.base + fees.c.change, rules.percent, rules.point) - _points(
        fees.c.base, rules.percent, rules.point
    )
    rows = select(
        fees.c.account_id,
        literal(entry_id),
        *_when(settling),
        literal("earned"),
        # what is owed is paid off first
        case((points > fees.c.owed, points - fees.c.owed), else_=0),
        fees.c.change,
        literal(reference),
        null(),
    ).where(fees.c.change > 0)
    if not settling.connection.execute(insert(bonus_entries).from_select(_ENTRY, rows)).rowcount:
        return
    entries = bonus_entries.c
    granted = (
        select(
            entries.account_id,
            literal(reference),
            entries.points,
            entries.points,
            literal(settling.day, bonus_grants.c.granted_on.type),
            literal(rules.expires_on(settling.day), bonus_grants.c.expires_on.type),
        )
        .join_from(accounts, bonus_entries, entries.account_id == accounts.c.account_id)
        .where(settling.claimed, entries.entry_id == entry_id, entries.points > 0)
    )
    settling.connection.execute(insert(bonus_grants).from_select(_GRANT, granted))
    _credit(settling, entry_id)


def _credit(settling: Settling, entry_id: str) -> None:
    """Base, owed and points of members and accounts follow the history's rows ``entry_id``."""
    entries, members = bonus_entries.c, bonus_members.c
    rules = settling.operator.bonus
    of_member = and_(entries.account_id == members.account_id, entries.entry_id == entry_id)
    change = select(entries.base).where(of_member).scalar_subquery()
    earned = _points(members.base + change, rules.percent, rules.point) - _points(
        members.base, rules.percent, rules.point
    )
    mine = exists().where(accounts.c.account_id == members.account_id, settling.claimed)
    settling.connection.execute(
        update(bonus_members)
        .where(members.account_id.between(settling.first_id, settling.last_id), mine, exists().where(of_member))
        .values(base=members.base + change, owed=case((members.owed > earned, members.owed - earned), else_=0))
    )
    of_account = and_(entries.account_id == accounts.c.account_id, entries.entry_id == entry_id)
    settling.connection.execute(
        update(accounts)
        .where(settling.claimed, exists().where(of_account, entries.points > 0))
        .values(bonus_points=accounts.c.bonus_points + select(entries.points).where(of_account).scalar_subquery())
    )


def _when(settling: Settling) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """``at`` and ``day`` of the history's rows."""
    columns = bonus_entries.c
    return literal(milliseconds(settling.at), columns.at.type), literal(settling.day, columns.day.type)


def _waiting(settling: Settling) -> Subquery:
    """The discounts that wait; ``before``: what the older ones of the account take first."""
    columns = bonus_exchanges.c
    before = func.sum(columns.amount_left).over(
        partition_by=columns.account_id, order_by=(columns.at, columns.exchange_id)
    )
    return (
        select(
            columns.account_id,
            columns.exchange_id,
            columns.amount_left,
            (cast(before, BigInteger) - columns.amount_left).label("before"),
        )
        .where(
            columns.account_id.between(settling.first_id, settling.last_id),
            columns.state == "waiting",
            columns.amount_left > 0,
        )
        .subquery()
    )


def _fees(settling: Settling) -> ColumnElement[Any]:
    """``domain.earning.base_of`` what this day has booked so far, per account."""
    entries = ledger_entries.c
    back = case((entries.debit.in_((*TV_REVENUE, BONUS)), -entries.amount), else_=0)
    signed = case((entries.credit.in_(TV_REVENUE), entries.amount), else_=back)
    return (
        select(cast(func.coalesce(func.sum(signed), 0), BigInteger))
        .where(
            entries.account_id == accounts.c.account_id,
            entries.month == month_of(settling.day),
            entries.at == milliseconds(settling.at),
        )
        .correlate(accounts)
        .scalar_subquery()
    )


def _points(base: ColumnElement[Any], percent: int, point: int) -> ColumnElement[Any]:
    """``BonusRules.points_for`` in SQL."""
    return (2 * base * percent + 100 * point) // (200 * point)


def _least(first: ColumnElement[Any], second: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((first < second, first), else_=second)
