"""The monthly charge, the stop and the days they fall on, set-based, on both databases (product.md T5, M2, P10)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, select, text

from device.api.waiting import wait_until
from tests.support.account_rows import account_row, subscription_row
from tests.support.postgres import POSTGRES_PEER, Postgres
from tools.headend.domain.account import Subscription
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.periods import last_of_month
from tools.headend.operators import load_operator
from tools.headend.runs.daily import settle_account, settle_day
from tools.headend.runs.due import next_due_day
from tools.headend.runs.run import run
from tools.headend.runs.settling import Settling
from tools.headend.storage import accounts
from tools.headend.storage import ledger as stored
from tools.headend.storage.accounts import StoredAccount
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database
from tools.headend.storage.tables import accounts as accounts_table
from tools.headend.storage.tables import bonus_grants, ledger_entries, subscriptions
from tools.headend.use_cases.payments import credit
from tools.headend.use_cases.work import begin, finish

OPERATOR = load_operator("mts")
NOV, DEC, JAN = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_peer(POSTGRES_PEER))]
)
def database(
    request: pytest.FixtureRequest, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path_factory.mktemp('charge') / 'x.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(postgres.database())
        opened = open_database(url)
        yield opened
        opened.close()


def add(database: Database, fees: list[dict[str, Any]], **account: Any) -> int:
    """A new account on 21 November 2026 with these subscriptions; its number."""

    def work(connection: Connection) -> int:
        account_id = int(connection.execute(select(func.max(accounts_table.c.account_id))).scalar() or 0) + 1
        connection.execute(insert(accounts_table), account_row(account_id, **account))
        rows = [subscription_row(account_id, number, **fee) for number, fee in enumerate(fees, 1)]
        if rows:
            connection.execute(insert(subscriptions), rows)
        return account_id

    return database.write(work)


def settle(database: Database, account_id: int, today: date) -> StoredAccount:
    return database.write(
        lambda connection: settle_account(connection, OPERATOR, accounts.account(connection, account_id), today)
    )


def settle_all(database: Database, day: date, first: int, last: int) -> int:
    region = OPERATOR.regions["moscow"]
    return database.write(lambda connection: settle_day(Settling(connection, OPERATOR, region, day, first, last)))


def entries(database: Database, account_id: int) -> list[Any]:
    query = select(ledger_entries).where(ledger_entries.c.account_id == account_id).order_by(ledger_entries.c.entry_id)
    with database.read() as connection:
        return list(connection.execute(query))


def test_a_month_is_charged_on_its_first_in_advance(database: Database) -> None:
    account_id = add(database, [{"price": 25000}, {"price": 19900}], balance=50000)
    before = settle(database, account_id, date(2026, 11, 30))
    assert (before.balance, before.due_on) == (50000, DEC)
    after = settle(database, account_id, DEC)
    assert (after.balance, after.last_entry, after.charged_through) == (5100, 2, date(2026, 12, 31))
    assert (after.due_on, after.service_state) == (JAN, "active")
    tariff, package = entries(database, account_id)
    assert (tariff.kind, tariff.debit, tariff.credit, tariff.amount) == (
        "tariff_fee",
        "wallet",
        "revenue:tariff",
        25000,
    )
    assert (package.kind, package.credit, package.item_id) == ("package_fee", "revenue:package", "sport")
    assert (tariff.period_first, tariff.period_last, tariff.month) == (DEC, date(2026, 12, 31), "2026-12")
    moscow_midnight = datetime(2026, 11, 30, 21, tzinfo=UTC)
    assert (tariff.at, tariff.day) == (int(moscow_midnight.timestamp() * 1000), DEC)
    assert (tariff.reference, tariff.order_channel, tariff.order_since) == (
        "subscription:s1",
        "salon",
        date(2025, 1, 1),
    )
    assert settle(database, account_id, DEC) == after, "once"


def test_what_is_charged_is_what_goes_on_that_day(database: Database) -> None:
    fees: list[dict[str, Any]] = [
        {"price": 100},
        {"price": 200, "since": DEC},
        {"price": 400, "since": date(2026, 12, 2)},
        {"price": 800, "ends_on": date(2026, 11, 30)},
        {"price": 0},
    ]
    account_id = add(database, fees, balance=100_000)
    assert settle(database, account_id, DEC).balance == 100_000 - 300
    assert settle(database, account_id, JAN).balance == 100_000 - 300 - 700


@pytest.mark.parametrize(("balance", "state"), [(10000, "active"), (9999, "stopped")])
def test_the_service_stops_when_a_kopeck_lacks(database: Database, balance: int, state: str) -> None:
    account_id = add(database, [{}], balance=balance)
    after = settle(database, account_id, DEC)
    assert (after.balance, after.service_state) == (balance - 10000, state)
    assert after.service_since == (DEC if state == "stopped" else None)


@pytest.mark.parametrize(("limit", "state"), [(3000, "active"), (2999, "stopped")])
def test_credit_covers_a_charge_down_to_its_limit(database: Database, limit: int, state: str) -> None:
    account_id = add(database, [{}], balance=7000, credit_limit=limit, credit_mode=True)
    assert settle(database, account_id, DEC).service_state == state


def test_no_further_month_is_charged_while_stopped(database: Database) -> None:
    account_id = add(database, [{}], balance=0)
    stopped = settle(database, account_id, DEC)
    later = settle(database, account_id, date(2027, 4, 2))
    assert (later.balance, later.service_since, later.charged_through) == (-10000, DEC, stopped.charged_through)
    assert later.due_on == date(2027, 5, 1)


def test_a_debt_alone_stops_nothing_what_is_paid_runs_on(database: Database) -> None:
    """A correction took more than there was; nothing is charged at the date that comes."""
    account_id = add(database, [{"price": 0}], balance=-500)
    assert settle(database, account_id, DEC).service_state == "active"


@pytest.mark.parametrize("state", ["stopped", "suspended"])
def test_neither_a_stopped_nor_a_suspended_account_is_charged(database: Database, state: str) -> None:
    account_id = add(database, [{}], balance=50_000, service_state=state, service_since=NOV)
    after = settle(database, account_id, DEC)
    assert (after.balance, after.charged_through) == (50_000, date(2026, 11, 30))


def test_only_due_accounts_of_the_region_and_range_are_settled(database: Database) -> None:
    first = add(database, [{}], balance=50_000)
    other_region = add(database, [{}], balance=50_000, region_id="ural")
    settled_already = add(database, [{}], balance=50_000, due_on=JAN)
    last = add(database, [{}], balance=50_000)
    outside = add(database, [{}], balance=50_000)
    assert settle_all(database, DEC, first, last) == 2
    assert settle_all(database, DEC, first, last) == 0
    with database.read() as connection:
        found = [
            accounts.account(connection, each).balance for each in (first, other_region, settled_already, last, outside)
        ]
    assert found == [40_000, 50_000, 50_000, 40_000, 50_000]


@settings(max_examples=25)
@given(
    households=st.lists(
        st.tuples(
            st.integers(-5_000, 60_000),
            st.sampled_from([0, 0, 10_000]),
            st.lists(
                st.fixed_dictionaries(
                    {
                        "price": st.integers(0, 30_000),
                        "since": st.dates(date(2026, 10, 1), date(2027, 2, 1)),
                        "ends_on": st.none() | st.sampled_from([date(2026, 11, 30), date(2026, 12, 31)]),
                    }
                ),
                max_size=4,
            ),
        ),
        min_size=1,
        max_size=5,
    ),
    months=st.integers(1, 3),
)
def test_together_or_one_by_one_every_account_is_charged_the_same_and_once(
    database: Database, households: list[tuple[int, int, list[dict[str, Any]]]], months: int
) -> None:
    """The run's way and the way of a single look give what an account's own arithmetic says."""
    together = [add(database, fees, balance=sum_, credit_limit=limit) for sum_, limit, fees in households]
    alone = [add(database, fees, balance=sum_, credit_limit=limit) for sum_, limit, fees in households]
    days = [DEC, JAN, date(2027, 2, 1)][:months]
    for day in days:
        settle_all(database, day, together[0], together[-1])
    for (balance, limit, fees), one, other in zip(households, together, alone, strict=True):
        stopped = False
        for day in days:
            if stopped:
                break
            taken = sum(
                fee["price"]
                for fee in fees
                if fee["since"] <= day and (fee["ends_on"] is None or fee["ends_on"] >= day)
            )
            balance -= taken
            stopped = taken > 0 and balance + limit < 0
        by_itself = settle(database, other, days[-1])
        with database.read() as connection:
            with_others = accounts.account(connection, one)
        assert with_others.balance == by_itself.balance == balance
        assert with_others.service_state == by_itself.service_state == ("stopped" if stopped else "active")
        assert with_others.due_on == by_itself.due_on > days[-1]
        rows = entries(database, one)
        assert [row.entry_id for row in rows] == list(range(1, with_others.last_entry + 1))
        assert sum(row.amount for row in rows) == households[together.index(one)][0] - balance
        assert [row[2:] for row in rows] == [row[2:] for row in entries(database, other)]


def test_the_days_are_those_of_the_region(database: Database) -> None:
    account_id = add(database, [{}], balance=50_000, region_id="primorye")
    settle(database, account_id, DEC)
    vladivostok_midnight = datetime(2026, 11, 30, 14, tzinfo=UTC)
    assert entries(database, account_id)[0].at == int(vladivostok_midnight.timestamp() * 1000)


def test_a_posting_step_sees_the_balance_before_it_and_numbers_behind_it(database: Database) -> None:
    account_id = add(database, [{}], balance=50_000)
    database.write(lambda connection: stored.post(connection, account_id, []))
    assert settle(database, account_id, JAN + timedelta(days=30)).last_entry == 2


@settings(max_examples=40)
@given(
    day=st.dates(date(2027, 12, 30), date(2028, 3, 3)) | st.dates(date(2026, 12, 2), date(2027, 3, 2)),
    prices=st.lists(st.integers(0, 99_999), min_size=1, max_size=4),
    length=st.none() | st.integers(0, 40),
)
def test_the_rest_of_a_month_is_charged_by_t5_and_the_rule_and_sql_agree(
    database: Database, day: date, prices: list[int], length: int | None
) -> None:
    """An account whose block has ended: active, its month not charged."""
    ends_on = None if length is None else day + timedelta(days=length)
    fees = [{"price": price, "ends_on": ends_on} for price in prices]
    account_id = add(database, fees, balance=10**7, due_on=day, charged_through=day - timedelta(days=1))
    after = settle(database, account_id, day)
    name = dict.fromkeys(OPERATOR.title, "x")
    expected = [Subscription("s", "x", ItemKind.TARIFF, name, price, None, ends_on).fee_from(day) for price in prices]
    rows = [row for row in entries(database, account_id) if row.debit == "wallet"]
    assert [row.amount for row in rows] == [amount for amount in expected if amount]
    last = last_of_month(day) if ends_on is None else min(ends_on, last_of_month(day))
    assert {(row.period_first, row.period_last) for row in rows} <= {(day, last)}
    assert (after.balance, after.charged_through) == (10**7 - sum(expected), last_of_month(day))


@pytest.mark.parametrize(
    ("day", "price", "amount"),
    [
        (date(2028, 2, 29), 29, 1),
        (date(2028, 2, 29), 14, 0),
        (date(2028, 2, 29), 15, 1),
        (date(2027, 2, 28), 28, 1),
        (date(2026, 12, 31), 46, 1),
        (date(2026, 12, 31), 47, 2),
        (date(2026, 12, 17), 25000, 12097),
    ],
)
def test_a_part_is_rounded_half_up_to_the_kopeck(database: Database, day: date, price: int, amount: int) -> None:
    account_id = add(database, [{"price": price}], balance=10**6, due_on=day, charged_through=day - timedelta(days=1))
    assert settle(database, account_id, day).balance == 10**6 - amount


def test_what_was_missed_comes_on_the_day_after_and_never_on_the_same_again(database: Database) -> None:
    """Whatever a source says, the next due day lies behind the settled one: no look at an account goes on for ever."""
    account_id = add(database, [{}], balance=50_000)
    late = {"account_id": account_id, "grant_id": "g", "points": 1, "points_left": 1}
    late |= {"granted_on": date(2025, 1, 1), "expires_on": date(2026, 1, 1)}
    database.write(lambda connection: connection.execute(insert(bonus_grants), late))
    with database.read() as connection:
        due = connection.execute(
            select(next_due_day(date(2026, 11, 21))).where(accounts_table.c.account_id == account_id)
        ).scalar_one()
    assert due == date(2026, 11, 22)


def test_payments_and_a_run_at_the_same_time_lose_and_double_nothing(database: Database) -> None:
    """Whoever comes first settles the account; the other finds it settled."""
    day, noon = date(2027, 3, 1), datetime(2027, 3, 1, 9, tzinfo=UTC)
    numbers = [
        add(database, [{}, {}], balance=30_000, due_on=day, charged_through=day - timedelta(days=1)) for _ in range(40)
    ]

    def pay(account_id: int) -> None:
        def work(connection: Connection) -> None:
            found = begin(connection, OPERATOR, noon, account_id)
            credit(found, "salon", 100, f"at-once-{account_id}")
            finish(found)

        database.write(work)

    with ThreadPoolExecutor(5) as pool:
        running = pool.submit(run, database, OPERATOR, day, lambda *_: None, batch=3)
        paying = [pool.submit(pay, account_id) for account_id in [*numbers, *numbers]]
        assert running.result()
        for each in paying:
            each.result()
    for account_id in numbers:
        with database.read() as connection:
            account = accounts.account(connection, account_id)
        assert (account.balance, account.last_entry) == (10_100, 3)
        assert account.due_on == date(2027, 4, 1)
        assert sorted(row.kind for row in entries(database, account_id)) == ["package_fee", "payment", "tariff_fee"]


def test_a_month_is_charged_through_its_last_day_and_that_day_takes_nothing_more(database: Database) -> None:
    last = date(2026, 11, 30)
    account_id = add(database, [{}], balance=50_000, due_on=last, charged_through=last)
    assert settle(database, account_id, last).balance == 50_000


@pytest.fixture
def postgresql(postgres: Postgres) -> Iterator[Database]:
    with postgres.database() as url:
        opened = open_database(url)
        yield opened
        opened.close()


@pytest.mark.needs_peer(POSTGRES_PEER)
def test_the_claim_waits_for_a_change_that_holds_the_account_and_looks_again(postgresql: Database) -> None:
    """SQLite has one writer at a time: there nothing holds a row while another writes."""
    database = postgresql
    account_id = add(database, [{}], balance=50_000)
    held, go_on = threading.Event(), threading.Event()
    tries: list[int] = []

    def hold(connection: Connection) -> None:
        settle_account(connection, OPERATOR, accounts.locked(connection, account_id), DEC)
        held.set()
        assert go_on.wait(20)

    def claim(connection: Connection) -> int:
        tries.append(1)
        return settle_day(Settling(connection, OPERATOR, OPERATOR.regions["moscow"], DEC, account_id, account_id))

    def somebody_waits() -> bool:
        with database.read() as connection:
            return bool(connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())

    with ThreadPoolExecutor(2) as pool:
        holding = pool.submit(database.write, hold)
        assert held.wait(20)
        claiming = pool.submit(database.write, claim)
        try:
            wait_until(somebody_waits, limit=20, what="the claim to wait")
        finally:
            go_on.set()
        holding.result()
        assert claiming.result() == 0
    assert len(tries) == 1, "it was not the ledger's key that kept the account from being charged twice"
    assert [row.amount for row in entries(database, account_id)] == [10_000]


def test_a_run_has_the_planner_count_first(postgresql: Database) -> None:
    """Of a database that was just filled PostgreSQL knows nothing, and would join it row by row."""
    add(postgresql, [{}], balance=30_000, due_on=DEC)
    known = "SELECT count(*) FROM pg_stats WHERE schemaname = 'public' AND tablename = 'subscriptions'"
    with postgresql.read() as connection:
        assert connection.exec_driver_sql(known).scalar_one() == 0
    run(postgresql, OPERATOR, DEC, lambda *_: None)
    with postgresql.read() as connection:
        assert connection.exec_driver_sql(known).scalar_one() > 0
