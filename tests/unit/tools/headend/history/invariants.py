"""What is true whatever happened before (quality.md, Correct and safe)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from tools.headend.domain.ledger import WALLET
from tools.headend.domain.periods import shift_months
from tools.headend.storage import tables

FEE_KINDS = ("tariff_fee", "package_fee", "option_fee", "room_fee", "internet_fee")
Check = Callable[[Connection], None]


def balance_is_the_sum_of_its_entries(connection: Connection) -> None:
    sums: dict[int, int] = defaultdict(int)
    last: dict[int, int] = defaultdict(int)
    for row in connection.execute(select(tables.ledger_entries).order_by(*tables.ledger_entries.primary_key)):
        assert row.amount > 0
        assert (row.debit == WALLET) != (row.credit == WALLET)
        sums[row.account_id] += row.amount if row.credit == WALLET else -row.amount
        assert row.entry_id == last[row.account_id] + 1, "entries are numbered without a gap"
        last[row.account_id] = row.entry_id
    for account in connection.execute(select(tables.accounts)):
        assert (account.balance, account.last_entry) == (sums[account.account_id], last[account.account_id])


def points_are_what_is_left_of_grants(connection: Connection) -> None:
    left: dict[int, int] = defaultdict(int)
    for grant in connection.execute(select(tables.bonus_grants)):
        assert 0 <= grant.points_left <= grant.points
        left[grant.account_id] += grant.points_left
    for account in connection.execute(select(tables.accounts)):
        assert account.bonus_points == left[account.account_id] >= 0


def transfers_keep_the_total(connection: Connection) -> None:
    """What left one wallet is in another one or on its way."""
    rows = connection.execute(select(tables.ledger_entries).where(tables.ledger_entries.c.kind == "transfer")).all()
    sent = sum(row.amount for row in rows if row.debit == WALLET)
    received = sum(row.amount for row in rows if row.credit == WALLET)
    waiting = sum(connection.execute(select(tables.transfer_outbox.c.amount)).scalars())
    assert sent == received + waiting


def one_promise_at_a_time(connection: Connection) -> None:
    promises = tables.promises.c
    active = list(connection.execute(select(promises.account_id).where(promises.state == "active")).scalars())
    assert len(active) == len(set(active))


def one_block_in_twelve_months_of_thirty_days(connection: Connection) -> None:
    begun: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(select(tables.suspensions).order_by(tables.suspensions.c.first_day)):
        if row.state in ("charged", "active", "ended"):
            assert timedelta(days=1) <= row.resumes_on - row.first_day <= timedelta(days=30)
            begun[row.account_id].append(row.first_day)
    for starts in begun.values():
        for one, next_one in pairwise(starts):
            assert next_one >= shift_months(one, 12)


def nothing_is_charged_inside_a_block(connection: Connection) -> None:
    entries = tables.ledger_entries.c
    fees = connection.execute(select(entries.account_id, entries.day, entries.kind).where(entries.kind.in_(FEE_KINDS)))
    charged = [(row.account_id, row.day) for row in fees if row.kind != "internet_fee"]
    for row in connection.execute(select(tables.suspensions)):
        if row.state in ("active", "ended"):
            inside = [day for who, day in charged if who == row.account_id and row.first_day < day < row.resumes_on]
            assert inside == []


def a_package_is_held_once(connection: Connection) -> None:
    """On every day: no two rows of one item and room overlap."""
    held: dict[tuple[int, str, str | None], list[Any]] = defaultdict(list)
    for row in connection.execute(select(tables.subscriptions)):
        if row.ends_on is None or row.since <= row.ends_on:
            held[row.account_id, row.item_id, row.room_id].append(row)
    for rows in held.values():
        rows.sort(key=lambda row: row.since)
        for one, next_one in pairwise(rows):
            assert one.ends_on is not None and one.ends_on < next_one.since


def a_payment_is_credited_once(connection: Connection) -> None:
    entries = tables.ledger_entries.c
    named = select(entries.reference).where(entries.kind == "payment", entries.reference.is_not(None))
    references = list(connection.execute(named).scalars())
    assert len(references) == len(set(references))


def no_entry_is_dated_before_the_one_before(connection: Connection) -> None:
    """A settled day is over: nothing comes into it afterwards, whatever the clock says."""
    last: dict[int, Any] = {}
    for row in connection.execute(select(tables.ledger_entries).order_by(*tables.ledger_entries.primary_key)):
        assert row.day >= last.get(row.account_id, row.day)
        last[row.account_id] = row.day
    for account in connection.execute(select(tables.accounts).where(tables.accounts.c.settled_on.is_not(None))):
        assert last[account.account_id] <= account.settled_on < account.due_on


def a_box_and_its_card_are_of_one_account(connection: Connection) -> None:
    """And an account has at most four of them, each with its fee but the first."""
    owner = {row.chip_id: row.account_id for row in connection.execute(select(tables.boxes))}
    owner |= {row.card_number: row.account_id for row in connection.execute(select(tables.cards))}
    rows = connection.execute(select(tables.rooms)).all()
    places: dict[int, list[Any]] = defaultdict(list)
    for room in rows:
        assert owner[room.chip_id] == owner[room.card_number] == room.account_id
        places[room.account_id].append(room)
    assert len({room.chip_id for room in rows}) == len({room.card_number for room in rows}) == len(rows)
    fees: dict[tuple[int, str | None], int] = defaultdict(int)
    for row in connection.execute(select(tables.subscriptions).where(tables.subscriptions.c.ends_on.is_(None))):
        fees[row.account_id, row.room_id] += 1
    for account_id, mine in places.items():
        assert len(mine) <= 4
        assert [room.first for room in mine].count(True) == 1
        for room in mine:
            assert fees[account_id, room.room_id] == (not room.first and room.state == "running")


CHECKS: tuple[Check, ...] = (
    balance_is_the_sum_of_its_entries,
    points_are_what_is_left_of_grants,
    transfers_keep_the_total,
    one_promise_at_a_time,
    one_block_in_twelve_months_of_thirty_days,
    nothing_is_charged_inside_a_block,
    a_package_is_held_once,
    a_payment_is_credited_once,
    no_entry_is_dated_before_the_one_before,
    a_box_and_its_card_are_of_one_account,
)
