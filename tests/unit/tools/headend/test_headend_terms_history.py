"""Promises, credit, transfers and blocks in any order over many days: what must hold after each step (quality.md,
Correct and safe), and the same history on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, func, insert, select

from tests.support.account_rows import account_row, subscription_row
from tests.support.postgres import POSTGRES_PEER, Postgres
from tools.headend.domain.declined import Declined
from tools.headend.domain.ledger import FEES, TRANSFER_CLEARING, Posting, balances
from tools.headend.domain.suspensions import days_of
from tools.headend.operators import load_operator
from tools.headend.storage import accounts, tables
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database
from tools.headend.transfer_post import TransferPost
from tools.headend.use_cases import credit, promises, suspensions, transfers
from tools.headend.use_cases.fees import monthly_fee
from tools.headend.use_cases.payments import credit as pay
from tools.headend.use_cases.work import Work, begin, finish

OPERATOR = load_operator("mts")
START = datetime(2026, 11, 21, 9, tzinfo=UTC)
FEE_KINDS = {kind.value for kind in FEES.values()}
ACCOUNTS = (1, 2)


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


class Histories(RuleBasedStateMachine):
    """The same commands at one or two databases."""

    databases: tuple[Callable[[], Database], ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.opened = [make() for make in self.databases]
        self.payments = 0

    def teardown(self) -> None:
        for database in self.opened:
            database.close()

    @initialize()
    def two_accounts(self) -> None:
        for database in self.opened:

            def fill(connection: Connection) -> None:
                for account_id in ACCOUNTS:
                    connection.execute(insert(tables.accounts), account_row(account_id, START.date()))
                    fees = [
                        subscription_row(account_id, 1, price=25000),
                        subscription_row(account_id, 2, price=9901),
                        subscription_row(account_id, 3, price=10000, kind="internet", item_id="net-20"),
                    ]
                    connection.execute(insert(tables.subscriptions), fees)

            database.write(fill)
        for account_id in ACCOUNTS:
            self.money_comes_in(account_id, 300000)

    def do(self, account_id: int, use_case: Callable[[Work], Any]) -> None:
        """At every database; what is declined changes nothing, and is declined by all."""
        outcomes = set()
        # what waits for delivery is delivered by its instant, and then by an id that is random
        self.clock.at += timedelta(milliseconds=1)
        for database in self.opened:

            def change(connection: Connection) -> str:
                work = begin(connection, OPERATOR, self.clock.now(), account_id)
                result = use_case(work)
                finish(work)
                return result.code if isinstance(result, Declined) else "done"

            try:
                outcomes.add(database.write(change))
            except Declined as declined:
                outcomes.add(declined.code)
        assert len(outcomes) == 1, outcomes

    @rule(days=st.sampled_from([1, 1, 2, 3, 4, 9, 10, 31]))
    def time_passes(self, days: int) -> None:
        self.clock.at += timedelta(days=days)
        for account_id in ACCOUNTS:
            self.do(account_id, lambda _work: None)

    @rule(account_id=st.sampled_from(ACCOUNTS), amount=st.sampled_from([1, 1000, 9901, 44901, 60000, 200000]))
    def money_comes_in(self, account_id: int, amount: int) -> None:
        self.payments += 1
        reference = f"p{self.payments}"
        self.do(account_id, lambda work: pay(work, "sbp", amount, reference))

    @rule(account_id=st.sampled_from(ACCOUNTS), amount=st.sampled_from([99, 100, 20000, 44901, 44902]))
    def promise(self, account_id: int, amount: int) -> None:
        self.do(account_id, lambda work: promises.grant(work, amount))

    @rule(account_id=st.sampled_from(ACCOUNTS), on=st.booleans())
    def switch_mode(self, account_id: int, on: bool) -> None:
        def use_case(work: Work) -> None:
            if on:
                credit.switch_on(work, monthly_fee(work.connection, work.account_id, work.today))
            else:
                credit.switch_off(work)

        self.do(account_id, use_case)

    @rule(sender=st.sampled_from(ACCOUNTS), amount=st.sampled_from([999, 1000, 20000, 100000]), lost=st.booleans())
    def transfer(self, sender: int, amount: int, lost: bool) -> None:
        """``lost``: whoever was to deliver it is killed, and the next one finds it."""

        def use_case(work: Work) -> Any:
            quote = transfers.quote(work, f"{3 - sender:012d}", amount)
            if isinstance(quote, Declined):
                return quote
            work.touched = True
            return transfers.confirm(work, quote.transfer_id)

        self.do(sender, use_case)
        if not lost:
            self.deliver()

    @rule()
    def deliver(self) -> None:
        for database in self.opened:
            TransferPost(database, OPERATOR, self.clock, lambda _account_id: None).deliver_waiting()

    @rule(account_id=st.sampled_from(ACCOUNTS), ahead=st.sampled_from([0, 1, 10]), days=st.sampled_from([1, 30]))
    def block(self, account_id: int, ahead: int, days: int) -> None:
        self.do(account_id, lambda work: suspensions.order(work, days_of(work.today + timedelta(days=ahead), days)))

    @rule(account_id=st.sampled_from(ACCOUNTS))
    def end_block(self, account_id: int) -> None:
        def use_case(work: Work) -> None:
            query = select(tables.suspensions.c.suspension_id).where(
                tables.suspensions.c.account_id == work.account_id,
                tables.suspensions.c.state.in_(("requested", "active")),
            )
            found = work.connection.execute(query).scalar()
            if found is not None:
                suspensions.end(work, found)

        self.do(account_id, use_case)

    @invariant()
    def the_balance_is_the_sum_of_its_entries_and_own_money_of_all_but_promises(self) -> None:
        for database in self.opened:
            for account_id in ACCOUNTS:
                entries = rows(database, tables.ledger_entries, account_id)
                sums = balances(Posting(each.debit, each.credit, each.amount) for each in entries)
                assert sum(sums.values()) == 0
                with database.read() as connection:
                    account = accounts.account(connection, account_id)
                assert account.balance == sums.get("wallet", 0)
                active = [each for each in rows(database, tables.promises, account_id) if each.state == "active"]
                assert [each.amount for each in active] == ([account.promised] if account.promised else [])
                assert sums.get("promises", 0) == -account.promised
                assert account.credit_limit in (0, 44901) and (account.credit_mode or account.credit_limit == 0)
                assert not (account.promised and account.credit_mode)

    @invariant()
    def transfers_keep_the_total(self) -> None:
        for database in self.opened:
            moved = [each for account_id in ACCOUNTS for each in rows(database, tables.ledger_entries, account_id)]
            sums = balances(Posting(each.debit, each.credit, each.amount) for each in moved)
            with database.read() as connection:
                on_the_way = connection.execute(select(func.sum(tables.transfer_outbox.c.amount))).scalar() or 0
            assert sums.get(TRANSFER_CLEARING, 0) == on_the_way

    @invariant()
    def at_most_one_block_of_30_days_a_year_and_nothing_is_charged_inside(self) -> None:
        for database in self.opened:
            for account_id in ACCOUNTS:
                began = [
                    each for each in rows(database, tables.suspensions, account_id) if each.state in ("active", "ended")
                ]
                starts = sorted(each.first_day for each in began)
                assert all(later >= date(day.year + 1, day.month, day.day) for day, later in pairwise(starts))
                charged = [each for each in rows(database, tables.ledger_entries, account_id) if each.kind in FEE_KINDS]
                for each in began:
                    assert (each.last_day - each.first_day).days < 30
                    inside = [one for one in charged if each.first_day <= one.period_first < each.resumes_on]
                    assert all(one.entry_id < self.fee_of(database, each).entry_id for one in inside)

    def fee_of(self, database: Database, block: Any) -> Any:
        """The ledger's row of a block's fee: what was charged on its first day before it began is no charge inside."""
        reference = f"suspension:{block.suspension_id}"
        entries = rows(database, tables.ledger_entries, block.account_id)
        return next(each for each in entries if each.reference == reference)

    @invariant()
    @precondition(lambda self: len(self.opened) > 1)
    def both_databases_tell_the_same_history(self) -> None:
        told = [[history(database, account_id) for account_id in ACCOUNTS] for database in self.opened]
        assert told[0] == told[1]


def rows(database: Database, table: Any, account_id: int) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(select(table).where(table.c.account_id == account_id)))


def history(database: Database, account_id: int) -> Any:
    """Everything but the ids that were made."""
    entry, block, promise = tables.ledger_entries.c, tables.suspensions.c, tables.promises.c
    told = (
        select(entry.entry_id, entry.at, entry.day, entry.kind, entry.debit, entry.credit, entry.amount)
        .where(entry.account_id == account_id)
        .order_by(entry.entry_id),
        select(block.state, block.first_day, block.last_day, block.ended_at)
        .where(block.account_id == account_id)
        .order_by(block.requested_at, block.first_day, block.ended_at),
        select(promise.state, promise.amount, promise.due_on, promise.ended_at, promise.cleared_at)
        .where(promise.account_id == account_id)
        .order_by(promise.entry_id),
    )
    with database.read() as connection:
        account = accounts.account(connection, account_id)
        return account, [connection.execute(query).all() for query in told]


def explore(examples: int, *databases: Callable[[], Database]) -> None:
    machine = type("Machine", (Histories,), {"databases": databases})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def sqlite(folder: Path) -> Callable[[], Database]:
    def make() -> Database:
        handle, name = tempfile.mkstemp(suffix=".db", dir=folder)
        os.close(handle)
        return open_database(f"sqlite:///{name}")

    return make


def test_what_must_hold_holds_whatever_comes(tmp_path: Path) -> None:
    explore(12, sqlite(tmp_path))


@pytest.mark.needs_peer(POSTGRES_PEER)
def test_both_databases_tell_the_same_history(tmp_path: Path, postgres: Postgres) -> None:
    with ExitStack() as stack:
        explore(5, sqlite(tmp_path), lambda: open_database(stack.enter_context(postgres.database())))
