"""Two databases that live through the same: every command runs on both, at the same instant, with the same ids."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from tests.support.headend_server import START, ManualClock
from tests.unit.tools.headend.history.commands import Choice, Command
from tools.headend.domain.declined import Declined
from tools.headend.domain.periods import local_date
from tools.headend.households import load_household
from tools.headend.identity.pins import PinHasher
from tools.headend.operators import load_operator
from tools.headend.runs.run import run
from tools.headend.seed import seed
from tools.headend.storage import tables, transfers
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database
from tools.headend.use_cases.transfers import deliver
from tools.headend.use_cases.work import begin, finish
from tools.provisioning import KeyRing

HOUSEHOLDS = ("family", "together", "ending")
OPERATOR = load_operator("mts")
LEFT_OUT = {"settings", "sessions", "single_use", "alembic_version"}
"""Not part of an account's history."""

Rows = dict[str, list[tuple[Any, ...]]]


class World:
    """One database and what was said to it."""

    def __init__(self, url: str, keys: KeyRing, clock: ManualClock) -> None:
        self.clock = clock
        self.database: Database = open_database(url)
        for name in HOUSEHOLDS:
            seed(self.database, load_household(name, OPERATOR), keys, PinHasher(bytes(32)), START)

    def close(self) -> None:
        self.database.close()

    def do(self, account_id: int, command: Command, choice: Choice) -> str:
        """What came of it: ``done``, or the refusal's code."""

        def work(connection: Any) -> None:
            found = begin(connection, OPERATOR, self.clock.now(), account_id)
            command(found, choice)
            finish(found)

        try:
            self.database.write(work)
        except Declined as declined:
            return declined.code
        return "done"

    def deliver(self) -> int:
        """Every transfer that is on its way arrives."""
        with self.database.read() as connection:
            waiting = transfers.outgoing(connection, 100)
        for each in sorted(waiting, key=lambda sent: sent.transfer_id):
            deliver(self.database, OPERATOR, self.clock, each)
        return len(waiting)

    def run(self, through: date) -> dict[str, int]:
        """The nightly run."""
        return dict(run(self.database, OPERATOR, through, lambda *_told: None))

    def rows(self) -> Rows:
        """Everything, by table, in the order of the keys."""
        found: Rows = {}
        with self.database.read() as connection:
            for table in tables.metadata.sorted_tables:
                if table.name not in LEFT_OUT:
                    ordered = select(table).order_by(*table.primary_key.columns)
                    found[table.name] = sorted((tuple(row) for row in connection.execute(ordered)), key=repr)
        return found


class Worlds:
    """SQLite and PostgreSQL side by side."""

    def __init__(self, folder: Path, postgresql_url: str) -> None:
        self.clock = ManualClock()
        keys = KeyRing(folder / "keys")
        self.all = [World(url, keys, self.clock) for url in (f"sqlite:///{folder / 'x.db'}", postgresql_url)]
        self.accounts = [int(load_household(name, OPERATOR).account_number) for name in HOUSEHOLDS]
        self._step = 0

    @property
    def first(self) -> World:
        return self.all[0]

    @property
    def today(self) -> date:
        return local_date(self.clock.now(), OPERATOR.regions["moscow"].time_zone)

    def close(self) -> None:
        for world in self.all:
            world.close()

    def same(self, call: Any) -> Any:
        """The answer of every world to ``call``, which must be one."""
        self._step += 1
        answers = []
        for world in self.all:
            with same_ids(self._step):
                answers.append(call(world))
        assert answers[0] == answers[1], f"SQLite answers {answers[0]}, PostgreSQL {answers[1]}"
        return answers[0]

    def compare(self) -> Rows:
        """All rows, which must be the same in every world."""
        sqlite, postgresql = (world.rows() for world in self.all)
        for name, rows in sqlite.items():
            assert rows == postgresql[name], f"{name} differs"
        return sqlite


@contextmanager
def same_ids(step: int) -> Iterator[None]:
    """uuid4 gives the same ids for the same step: it asks for bytes of ``os.urandom``, and here gets these."""
    source = random.Random(step)
    real = uuid.os  # type: ignore[attr-defined]
    uuid.os = SimpleNamespace(urandom=source.randbytes)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        uuid.os = real  # type: ignore[attr-defined]
