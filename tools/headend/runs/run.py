"""A run: settles every due day of all accounts up to a day, region by region, in batches that are a transaction each.

Killed at any point it has settled some batches wholly and the others not at all; started again it goes on with the
rest, since an account that was settled is no longer due. The service may serve meanwhile: an account that somebody
looks at first is settled by that, and is no longer due either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from tools.headend.domain.catalogue import Operator, Region
from tools.headend.runs.daily import settle_day
from tools.headend.runs.settling import Settling
from tools.headend.storage.database import Database, DatabaseBusy
from tools.headend.storage.tables import accounts

BATCH = 5000
"""Accounts of a transaction on PostgreSQL, where only these wait for it."""
SQLITE_BATCH = 1000
"""The same on SQLite, where everybody who writes waits for it."""
BUSY_ATTEMPTS = 5
"""How often a batch is tried that a busy database does not take; each try waits as long as a change of the service."""

Progress = Callable[[Region, date, int], None]
"""Told after every batch: how many accounts it settled."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The accounts of one transaction: those of a region, between two numbers, that are due on ``day``."""

    day: date
    first_id: int
    last_id: int


def due_accounts(connection: Connection, region_id: str, through: date) -> int:
    """How many accounts of the region have something to be settled up to ``through``."""
    query = select(func.count()).where(accounts.c.region_id == region_id, accounts.c.due_on <= through)
    return int(connection.execute(query).scalar_one())


def run(
    database: Database, operator: Operator, through: date, progress: Progress, *, batch: int = 0
) -> Mapping[str, int]:
    """Settle everything due up to ``through``, which has begun in every region; how many account days, by region."""
    database.gather_statistics()
    size = batch or (SQLITE_BATCH if database.sqlite else BATCH)
    settled: dict[str, int] = {}
    for region in operator.regions.values():
        settled[region.id] = 0
        for each in _batches(database, region.id, through, size):
            count = _settle(database, operator, region, each)
            settled[region.id] += count
            progress(region, each.day, count)
    return settled


def _batches(database: Database, region_id: str, through: date, size: int) -> Iterator[Batch]:
    """What is due, the oldest day first, each day in the order of the accounts' numbers."""
    in_region = accounts.c.region_id == region_id
    while True:
        with database.read() as connection:
            oldest = select(func.min(accounts.c.due_on)).where(in_region, accounts.c.due_on <= through)
            day = connection.execute(oldest).scalar()
        if day is None:
            return
        behind = -1
        while True:
            due = (
                select(accounts.c.account_id)
                .where(in_region, accounts.c.due_on == day, accounts.c.account_id > behind)
                .order_by(accounts.c.account_id)
                .limit(size)
                .subquery()
            )
            with database.read() as connection:
                first, last = connection.execute(select(func.min(due.c.account_id), func.max(due.c.account_id))).one()
            if first is None:
                break
            yield Batch(day, first, last)
            behind = last


def _settle(database: Database, operator: Operator, region: Region, batch: Batch) -> int:
    def work(connection: Connection) -> int:
        return settle_day(Settling(connection, operator, region, batch.day, batch.first_id, batch.last_id))

    for attempt in range(1, BUSY_ATTEMPTS + 1):
        try:
            return database.write(work)
        except DatabaseBusy:
            if attempt == BUSY_ATTEMPTS:
                raise
    raise AssertionError("unreachable")
