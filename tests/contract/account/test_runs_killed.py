"""SIGKILL at any point of a charge run, a payment or a look at the account: everything once, never none or two."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, case, func, insert, select, update

from device.api.waiting import wait_until
from tests.support.account_rows import account_row, subscription_row
from tests.support.headend_process import HeadendProcess
from tools.headend.domain.ledger import WALLET
from tools.headend.domain.periods import first_of_month, last_of_month
from tools.headend.storage import schema
from tools.headend.storage.database import Database
from tools.headend.storage.tables import accounts, ledger_entries, payments, subscriptions

ACCOUNTS, FEES = 600, 3
FAMILY = 102733458021


def this_month() -> date:
    """A first that has begun everywhere, whatever the machine's date and wherever the region is."""
    return first_of_month((datetime.now(UTC) - timedelta(days=1)).date())


def headend(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tools.headend", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def filled(url: str, day: date) -> Database:
    """Accounts that are due on ``day``: a third can pay, a third stops, a third is of another region."""
    database = schema.open_database(url)
    schema.claim_for_operator(database, "mts")

    def work(connection: Connection) -> None:
        numbers = range(1, ACCOUNTS + 1)
        due = {"due_on": day, "charged_through": day - timedelta(days=1)}
        rows = [
            account_row(
                each, **due, balance=50_000 if each % 3 else 100, region_id="moscow" if each % 3 < 2 else "primorye"
            )
            for each in numbers
        ]
        connection.execute(insert(accounts), rows)
        fees = [subscription_row(each, fee) for each in numbers for fee in range(1, FEES + 1)]
        connection.execute(insert(subscriptions), fees)

    database.write(work)
    return database


def test_a_charge_run_that_is_killed_again_and_again_charges_every_account_once(url: str) -> None:
    random.seed(3)
    day = this_month()
    database = filled(url, day)
    arguments = ("charge", "--database", url, "--date", day.isoformat(), "--batch", "20")
    killed = 0
    for part in (0.1, 0.35, 0.6, 0.85):
        run = headend(*arguments)
        wait_until(partial(over_or_settled, run, database, day, part), limit=60, what="some batches")
        # not a wait for anything: the moment of death is what varies
        time.sleep(random.random() * 0.02)
        run.kill()
        run.communicate(timeout=20)
        killed += run.returncode == -9
        check(database, day)
    assert killed, "it was over before it could be killed"
    left = ACCOUNTS - settled(database, day)
    said, log = headend(*arguments).communicate(timeout=60)
    assert json.loads(said)["settled"] == left, log
    assert settled(database, day) == ACCOUNTS
    check(database, day)
    again, _ = headend(*arguments).communicate(timeout=60)
    assert json.loads(again)["settled"] == 0
    database.close()


def test_two_runs_at_once_share_the_work(url: str) -> None:
    day = this_month()
    database = filled(url, day)
    arguments = ("charge", "--database", url, "--date", day.isoformat(), "--batch", "20")
    both = [headend(*arguments) for _ in range(2)]
    said = [run.communicate(timeout=100) for run in both]
    assert sum(json.loads(out)["settled"] for out, _ in said) == ACCOUNTS, said
    check(database, day)
    database.close()


def over_or_settled(run: subprocess.Popen[str], database: Database, day: date, part: float) -> bool:
    return run.poll() is not None or settled(database, day) >= part * ACCOUNTS


def settled(database: Database, day: date) -> int:
    with database.read() as connection:
        query = select(func.count()).where(accounts.c.due_on > day)
        return int(connection.execute(query).scalar_one())


def check(database: Database, day: date) -> None:
    """What is settled is settled wholly, the rest is as it was, and every balance is the sum of its entries."""
    entry = ledger_entries.c
    change = case((entry.credit == WALLET, entry.amount), else_=-entry.amount)
    sums = (
        select(entry.account_id, func.count().label("rows"), func.sum(change).label("change"))
        .group_by(entry.account_id)
        .subquery()
    )
    query = select(
        accounts, func.coalesce(sums.c.rows, 0).label("rows"), func.coalesce(sums.c.change, 0).label("change")
    ).outerjoin(sums, sums.c.account_id == accounts.c.account_id)
    with database.read() as connection:
        found = connection.execute(query).all()
    assert len(found) == ACCOUNTS
    for row in found:
        before = 50_000 if row.account_id % 3 else 100
        assert row.balance == before + row.change
        if row.due_on == day:
            assert (row.rows, row.change, row.service_state) == (0, 0, "active")
        else:
            assert (row.rows, row.change, row.last_entry) == (FEES, -10_000 * FEES, FEES)
            assert row.charged_through == last_of_month(day)
            assert row.service_state == ("active" if row.balance >= 0 else "stopped")


def test_a_payment_whose_report_is_killed_and_repeated_is_credited_once(url: str) -> None:
    random.seed(5)
    database = filled(url, this_month())
    for number in range(2):
        paid = ("--account", f"{number + 1:012d}", "--amount", "700", "--method", "bank", "--reference", f"B-{number}")
        for _ in range(2):
            report = headend("pay", "--database", url, *paid)
            with suppress(subprocess.TimeoutExpired):
                report.wait(0.4 + random.random() * 0.8)
            report.kill()
            report.communicate(timeout=20)
        said, log = headend("pay", "--database", url, *paid).communicate(timeout=60)
        assert json.loads(said)["payment_id"], log
        with database.read() as connection:
            credited = select(func.count()).where(
                ledger_entries.c.account_id == number + 1, ledger_entries.c.kind == "payment"
            )
            assert connection.execute(credited).scalar_one() == 1
            listed = select(func.count()).where(payments.c.account_id == number + 1)
            assert connection.execute(listed).scalar_one() == 1
    database.close()


def test_a_service_that_is_killed_while_it_settles_leaves_all_of_the_day_or_nothing(url: str, tmp_path: Path) -> None:
    random.seed(11)
    port, day = 0, this_month()
    for number in range(4):
        with HeadendProcess(tmp_path, port=port, url=url) as service:
            port = int(service.origin.rpartition(":")[2])
            database = Database(url)
            before = put_back(database, day)
            box = service.box()
            box.sign_in()
            reading = threading.Thread(target=read_account, args=(box,))
            reading.start()
            # not a wait for anything: the moment of death is what varies
            time.sleep(random.random() * 0.05 + (0.2 if number == 3 else 0))
            service.process.kill()
            reading.join(10)
        after = state(database)
        if after["due_on"] == day:
            assert after == before
        else:
            assert (after["rows"], after["balance"]) == (before["rows"] + 5, before["balance"] - 72700)
        assert after["balance"] == after["sum"]
        database.close()


def read_account(box: Any) -> None:
    with suppress(httpx.TransportError):
        box.request("GET", "/v1/account")


def put_back(database: Database, day: date) -> dict[str, Any]:
    """As if this month had not been charged yet, with money for it."""

    def work(connection: Connection) -> None:
        values = {"due_on": day, "charged_through": day - timedelta(days=1), "service_state": "active"}
        connection.execute(update(accounts).where(accounts.c.account_id == FAMILY).values(values))

    database.write(work)
    return state(database)


def state(database: Database) -> dict[str, Any]:
    entry = ledger_entries.c
    change = func.sum(case((entry.credit == WALLET, entry.amount), else_=-entry.amount))
    with database.read() as connection:
        account = connection.execute(select(accounts).where(accounts.c.account_id == FAMILY)).one()
        rows, total = connection.execute(select(func.count(), change).where(entry.account_id == FAMILY)).one()
    return {"due_on": account.due_on, "balance": account.balance, "rows": rows, "sum": total}
