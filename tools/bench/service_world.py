"""What the benchmarks of the account service run against: services as processes, and databases with many accounts."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert, literal, select

from tools.bench.postgres import SERVER, PostgresCluster
from tools.bench.progress import Progress
from tools.bench.rows import CannotMeasure
from tools.bench.service_client import BenchBox
from tools.bench.service_client import Connection as HttpConnection
from tools.headend.bootstrap import Settings, prepare
from tools.headend.clock import SystemClock, milliseconds
from tools.headend.households import load_household
from tools.headend.operators import load_operator
from tools.headend.storage import tables
from tools.headend.storage.database import Database
from tools.provisioning import KeyRing

HOUSEHOLD, OPERATOR = "family", "mts"
FIRST_CLONE = 500_000_000_000
CLONED = (tables.rooms, tables.subscriptions, tables.ledger_entries, tables.messages)
CLONED_AT_ONCE = 10_000
"""In one transaction: its log stays short."""
_SESSION_S = 3600


@dataclass(frozen=True)
class World:
    """A place for databases of one kind, and keys for all of them; everything goes when the benchmark ends."""

    folder: Path
    keys: KeyRing
    cluster: PostgresCluster | None
    stack: ExitStack

    @contextmanager
    def part(self) -> Iterator[World]:
        """The same for a part of the benchmark: what it starts ends with it."""
        with ExitStack() as stack:
            yield replace(self, stack=stack)

    def database(self, name: str) -> str:
        """The URL of a new database."""
        if self.cluster is not None:
            return self.cluster.url(self.cluster.new_database())
        return f"sqlite:///{self.folder / name}.db"

    def seeded(self, name: str) -> tuple[str, Database]:
        """A new database with the schema and one household."""
        url = self.database(name)
        prepared = prepare(Settings(url, OPERATOR, self.keys.folder, (HOUSEHOLD,)), SystemClock())
        self.stack.callback(prepared.database.close)
        return url, prepared.database

    def serve(self, url: str) -> int:
        """Start the account service on a database; its port."""
        keys = str(self.keys.folder)
        return self.start("tools.headend", "--database", url, "--port", "0", "--keys", keys, "--cpu", processor())

    def start(self, module: str, *arguments: str) -> int:
        """Start one of our servers as a process that ends with the benchmark; its port."""
        with (self.folder / "log").open("ab") as log:
            process = self.stack.enter_context(
                subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, stderr=log)
            )
        self.stack.callback(process.terminate)
        line = process.stdout.readline() if process.stdout else b""
        if not line:
            raise CannotMeasure(f"{module} did not start: {(self.folder / 'log').read_text()[-300:]}")
        return int(json.loads(line)["listening"][0].rpartition(":")[2])

    def box(self, connection: HttpConnection) -> BenchBox:
        return BenchBox(connection, self.keys, HOUSEHOLD, OPERATOR)


@contextmanager
def bench_world(kind: str) -> Iterator[World]:
    """``kind``: sqlite or postgresql, which flushes to disk as a real one does; CannotMeasure without it."""
    if kind == "postgresql" and not SERVER.exists():
        raise CannotMeasure("PostgreSQL: needs Debian's postgresql")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        cluster = stack.enter_context(PostgresCluster(durable=True)) if kind == "postgresql" else None
        yield World(folder, KeyRing(folder / "keys"), cluster, stack.enter_context(ExitStack()))


def processor() -> str:
    """The one that servers run on, ours and those that they are held against: as many boxes would be served."""
    return str(min(os.sched_getaffinity(0)))


@cache
def source_account() -> int:
    """The account that all others are copies of."""
    return int(load_household(HOUSEHOLD, load_operator(OPERATOR)).account_number)


def clone_accounts(database: Database, count: int) -> None:
    """Add ``count`` copies of the household's account with all that is its own, numbered from FIRST_CLONE."""
    told = Progress("accounts made", count)
    for start in range(0, count, CLONED_AT_ONCE):
        end = min(count, start + CLONED_AT_ONCE)
        database.write(partial(_clone, numbers=range(start, end)))
        told(end)
    if not database.sqlite:
        _vacuum(database)


def _vacuum(database: Database) -> None:
    """What PostgreSQL does by itself some time after so many rows came: until then who reads one first cleans up."""
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")
    engine.dispose()


def _clone(connection: Connection, numbers: range) -> None:
    each = select(literal(numbers.start).label("number")).cte("numbers", recursive=True)
    each = each.union_all(select(each.c.number + 1).where(each.c.number < numbers[-1]))
    for table in (tables.accounts, *CLONED):
        connection.execute(_copied(table, each))


def _copied(table: Table, numbers: Any) -> Any:
    new = {table.c.account_id: literal(FIRST_CLONE) + numbers.c.number}
    columns = [new.get(column, column) for column in table.c]
    rows = select(*columns).select_from(numbers.join(table, literal(True)))
    return insert(table).from_select(list(table.c), rows.where(table.c.account_id == source_account()))


def open_sessions(database: Database, box: BenchBox, account_ids: Sequence[int]) -> list[str]:
    """Tokens for accounts that have no box of their own; they are bound to ``box``'s key."""
    tokens = [secrets.token_urlsafe(32) for _ in account_ids]
    expires_at = milliseconds(SystemClock().now()) + _SESSION_S * 1000
    rows = [
        {
            "token_hash": sha256(token.encode()).digest(),
            "account_id": account_id,
            "chip_id": box.chip_id,
            "card_number": box.card_number,
            "jkt": box.jkt,
            "acr": "card-proven",
            "expires_at": expires_at,
        }
        for token, account_id in zip(tokens, account_ids, strict=True)
    ]
    database.write(lambda connection: connection.execute(insert(tables.sessions), rows))
    return tokens
