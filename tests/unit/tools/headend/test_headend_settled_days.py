"""Nothing is dated before a settled day: a clock that was set back, a run for a day that is over (contracts.md, Ledger:
append only)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from tests.support.account_rows import account_row, subscription_row
from tools.headend.operators import load_operator
from tools.headend.runs.run import run
from tools.headend.storage import accounts
from tools.headend.storage.accounts import StoredAccount
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database
from tools.headend.storage.tables import accounts as accounts_table
from tools.headend.storage.tables import ledger_entries, subscriptions
from tools.headend.use_cases.payments import credit
from tools.headend.use_cases.work import begin, finish

OPERATOR = load_operator("mts")
DEC, JAN = date(2026, 12, 1), date(2027, 1, 1)
MIDNIGHT = datetime(2026, 11, 30, 21, tzinfo=UTC)
"""Where 1 December begins in Moscow."""
SECOND = timedelta(seconds=1)
ACCOUNT = 7


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'x.db'}")

    def fill(connection: Connection) -> None:
        connection.execute(insert(accounts_table), account_row(ACCOUNT, balance=50_000))
        connection.execute(insert(subscriptions), subscription_row(ACCOUNT, 1, price=10_000))

    opened.write(fill)
    yield opened
    opened.close()


def pay(database: Database, now: datetime, reference: str) -> StoredAccount:
    def work(connection: Connection) -> StoredAccount:
        found = begin(connection, OPERATOR, now, ACCOUNT)
        credit(found, "bank", 100, reference)
        finish(found)
        found.reread()
        return found.account

    return database.write(work)


def charge(database: Database, day: date) -> int:
    return sum(run(database, OPERATOR, day, lambda *_told: None).values())


def stored(database: Database) -> tuple[StoredAccount, list[Any]]:
    with database.read() as connection:
        rows = connection.execute(select(ledger_entries).order_by(ledger_entries.c.entry_id)).all()
        return accounts.account(connection, ACCOUNT), list(rows)


@pytest.mark.parametrize(
    ("now", "day", "at"),
    [
        (MIDNIGHT - timedelta(days=400), DEC, MIDNIGHT),
        (MIDNIGHT - SECOND, DEC, MIDNIGHT),
        (MIDNIGHT, DEC, MIDNIGHT),
        (MIDNIGHT + SECOND, DEC, MIDNIGHT + SECOND),
        (MIDNIGHT + timedelta(days=1), date(2026, 12, 2), MIDNIGHT + timedelta(days=1)),
    ],
)
def test_a_payment_is_dated_at_the_settled_day_where_the_clock_is_behind_it(
    database: Database, now: datetime, day: date, at: datetime
) -> None:
    assert charge(database, DEC) == 1
    account = pay(database, now, "b1")
    _, rows = stored(database)
    assert (rows[-1].kind, rows[-1].day, rows[-1].at) == ("payment", day, int(at.timestamp() * 1000))
    assert (account.balance, account.due_on, account.settled_on) == (50_000 - 10_000 + 100, JAN, day)


def test_a_clock_that_was_set_back_charges_no_day_again(database: Database) -> None:
    assert charge(database, DEC) == 1
    pay(database, MIDNIGHT - timedelta(days=40), "b1")
    assert charge(database, DEC) == 0
    account, rows = stored(database)
    assert [row.kind for row in rows] == ["tariff_fee", "payment"]
    assert account.due_on == JAN


def test_a_payment_before_the_charge_stays_on_its_day(database: Database) -> None:
    account = pay(database, MIDNIGHT - SECOND, "b1")
    assert (account.due_on, account.settled_on) == (DEC, date(2026, 11, 30))
    assert charge(database, DEC) == 1
    _, rows = stored(database)
    assert [(row.kind, row.day) for row in rows] == [("payment", date(2026, 11, 30)), ("tariff_fee", DEC)]


def test_a_run_for_a_day_that_is_over_changes_nothing(database: Database) -> None:
    assert charge(database, JAN) == 2
    before = stored(database)
    for day in (date(2026, 11, 1), DEC, date(2026, 12, 31), JAN):
        assert charge(database, day) == 0
    assert stored(database) == before
