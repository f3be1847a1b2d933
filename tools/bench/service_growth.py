"""Rows ``growth_read`` and ``growth_payment``: what one account takes, among few accounts and among many."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection

from tools.bench.rows import Row
from tools.bench.service_client import BenchBox
from tools.bench.service_client import Connection as HttpConnection
from tools.bench.service_load import Measured
from tools.bench.service_world import FIRST_CLONE, OPERATOR, World, clone_accounts, open_sessions
from tools.headend.clock import SystemClock
from tools.headend.operators import load_operator
from tools.headend.storage.database import Database
from tools.headend.use_cases.payments import credit
from tools.headend.use_cases.work import begin, finish

LIMIT = 1.2
FEW, MANY = 1_000, 12_000
FULL_FEW, FULL_MANY = 10_000, 1_000_000
ASKED = 75
ROUNDS = 4


@dataclass
class _Side:
    """A database with so many accounts, the service on it, and what was seen."""

    database: Database
    box: BenchBox
    account_ids: list[int]
    tokens: list[str]
    read: Measured = field(default_factory=Measured)
    paid: Measured = field(default_factory=Measured)


def growth_rows(world: World, *, full: bool) -> list[Row]:
    """Accounts are taken at random, so that no cache of the few that were asked for hides the many."""
    few, many = (FULL_FEW, FULL_MANY) if full else (FEW, MANY)
    sides = [_side(world, count) for count in (few, many)]
    for turn in range(ROUNDS):
        for side in sides if turn % 2 else sides[::-1]:
            _ask(side, slice(turn, None, ROUNDS))
    small, large = sides
    what = f"with {few} accounts, not {many}; p50"
    return [
        Row("growth_read", large.read.percentile(0.5), "ms", what, small.read.percentile(0.5), LIMIT),
        Row("growth_payment", large.paid.percentile(0.5), "ms", what, small.paid.percentile(0.5), LIMIT),
    ]


def _side(world: World, count: int) -> _Side:
    url, database = world.seeded(f"growth{count}")
    clone_accounts(database, count)
    connection = world.stack.enter_context(HttpConnection(world.serve(url)))
    box = world.box(connection)
    account_ids = [FIRST_CLONE + number for number in random.sample(range(count), ASKED * ROUNDS)]
    return _Side(database, box, account_ids, open_sessions(database, box, account_ids))


def _ask(side: _Side, which: slice) -> None:
    for token in side.tokens[which]:
        side.box.use(token)
        side.read.latencies.append(_seconds(partial(side.box.get, "/v1/account")))
    operator, clock = load_operator(OPERATOR), SystemClock()

    def pay(connection: Connection, account_id: int) -> None:
        work = begin(connection, operator, clock.now(), account_id)
        credit(work, "sbp", 10_000, secrets.token_hex(12))
        finish(work)

    for account_id in side.account_ids[which]:
        change = partial(pay, account_id=account_id)
        side.paid.latencies.append(_seconds(partial(side.database.write, change)))


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
