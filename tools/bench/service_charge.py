"""Rows ``charge_run`` and ``charge_run_linear``: the monthly charge of many accounts."""

from __future__ import annotations

import time

from sqlalchemy import MetaData, func, insert, quoted_name, select, update

from tools.bench.rows import CannotMeasure, Row
from tools.bench.service_world import OPERATOR, World, clone_accounts
from tools.headend.clock import SystemClock
from tools.headend.domain.periods import local_date, next_first
from tools.headend.operators import load_operator
from tools.headend.runs.run import run
from tools.headend.storage.database import Database
from tools.headend.storage.tables import accounts, ledger_entries

RUN_LIMIT, LINEAR_LIMIT = 0.40, 0.80
ACCOUNTS, TIMES = 4_000, 4
FULL_ACCOUNTS = 50_000
RICH = 100_000_000
"""What every account has: nobody stops, so the run charges and nothing else happens."""


def charge_rows(world: World, *, full: bool) -> list[Row]:
    """A small and a four times larger database; the larger one's rate is held against a plain INSERT ... SELECT."""
    small = FULL_ACCOUNTS if full else ACCOUNTS
    slow, _, _ = _charged(world, small)
    rate, plain, count = _charged(world, small * TIMES)
    what = f"one INSERT ... SELECT of {count} rows"
    return [
        Row("charge_run", rate, "1/s", what, plain, RUN_LIMIT, at_least=True),
        Row("charge_run_linear", rate, "1/s", f"with a {TIMES}th of the accounts", slow, LINEAR_LIMIT, at_least=True),
    ]


def _charged(world: World, count: int) -> tuple[float, float, int]:
    """Ledger rows a second of a run over ``count`` accounts, of the plain INSERT, and how many rows it wrote."""
    operator = load_operator(OPERATOR)
    _, database = world.seeded(f"charge{count}")
    database.write(lambda connection: connection.execute(update(accounts).values(balance=RICH)))
    clone_accounts(database, count)
    region = next(iter(operator.regions.values()))
    first = next_first(local_date(SystemClock().now(), region.time_zone))
    before = _ledger_rows(database)
    began = time.perf_counter()
    run(database, operator, first, lambda *_told: None)
    taken = time.perf_counter() - began
    written = _ledger_rows(database) - before
    if written < count:
        raise CannotMeasure(f"the run of {count} accounts wrote {written} rows")
    return written / taken, written / _plain(database, written), written


def _plain(database: Database, count: int) -> float:
    """Seconds of the reference: as many rows, in one statement, into a table of the same shape."""
    copy = ledger_entries.to_metadata(MetaData(), name="plain_entries")
    # PostgreSQL names these within the schema, SQLite the indexes
    copy.primary_key.name = "pk_plain_entries"
    for index in copy.indexes:
        index.name = quoted_name(f"plain_{index.name}", None)
    database.write(copy.create)
    newest = ledger_entries.c.entry_id
    rows = select(ledger_entries).order_by(newest.desc(), ledger_entries.c.account_id).limit(count).subquery()
    ordered = select(rows).order_by(rows.c.account_id, rows.c.entry_id)
    began = time.perf_counter()
    database.write(lambda connection: connection.execute(insert(copy).from_select(list(copy.c), ordered)))
    return time.perf_counter() - began


def _ledger_rows(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(ledger_entries)).scalar_one())
