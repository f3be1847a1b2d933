"""The day's bonus steps for many accounts at once do what the rules say of each alone (product.md B1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from tests.support.account_rows import account_row
from tools.headend.operators import load_operator
from tools.headend.runs.daily import settle_day
from tools.headend.runs.settling import Settling
from tools.headend.storage import tables
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database

OPERATOR = load_operator("mts")
RULES = OPERATOR.bonus
DAY = date(2026, 12, 1)
_RUNS = count(1)


@dataclass(frozen=True, slots=True)
class Case:
    """An account before the run. ``member``: None never joined, False left. ``fees``: of TV; ``net``: of Internet."""

    member: bool | None
    base: int
    owed: int
    fees: tuple[int, ...]
    net: int
    discounts: tuple[int, ...]
    expiring: int
    kept: int

    @property
    def discounted(self) -> int:
        return min(sum(self.fees), sum(self.discounts))

    @property
    def earned(self) -> int:
        """Points by the rules, before what is owed is paid off."""
        if not self.member:
            return 0
        return RULES.points_for(self.base + sum(self.fees) - self.discounted) - RULES.points_for(self.base)


CASES = st.builds(
    Case,
    member=st.sampled_from([None, False, True, True]),
    base=st.integers(0, 500_000),
    owed=st.sampled_from([0, 0, 3, 500]),
    fees=st.lists(st.integers(0, 40_000), max_size=3).map(tuple),
    net=st.sampled_from([0, 30_000]),
    discounts=st.lists(st.integers(1, 40_000), max_size=3).map(tuple),
    expiring=st.sampled_from([0, 7]),
    kept=st.sampled_from([0, 40]),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('run') / 'headend.db'}")
    yield opened
    opened.close()


@settings(max_examples=25, deadline=None)
@given(st.lists(CASES, min_size=1, max_size=12))
def test_a_run_over_many_accounts_is_the_rule_applied_to_each(database: Database, cases: list[Case]) -> None:
    first = 102733500000 + next(_RUNS) * 100
    everyone = list(enumerate(cases, first))

    def work(connection: Connection) -> None:
        for account_id, case in everyone:
            _write(connection, account_id, case)
        region = OPERATOR.regions["moscow"]
        assert settle_day(Settling(connection, OPERATOR, region, DAY, first, first + 99)) == len(cases)

    database.write(work)
    with database.read() as connection:
        for account_id, case in everyone:
            _check(connection, account_id, case)


def _write(connection: Connection, account_id: int, case: Case) -> None:
    row = account_row(account_id, balance=1_000_000, bonus_points=case.expiring + case.kept, due_on=DAY)
    connection.execute(insert(tables.accounts), row)
    items = [("sport", "package", price) for price in case.fees] + [("net-20", "internet", case.net)] * bool(case.net)
    for position, (item, kind, price) in enumerate(items):
        subscription = {"subscription_id": f"s{position}", "position": position, "item_id": item, "kind": kind}
        subscription |= {"price": price, "since": date(2026, 1, 1), "order_channel": "salon"}
        connection.execute(insert(tables.subscriptions).values(account_id=account_id, **subscription))
    if case.member is not None:
        member = {"joined_at": 1, "left_at": None if case.member else 2, "base": case.base, "owed": case.owed}
        connection.execute(insert(tables.bonus_members).values(account_id=account_id, **member))
    for name, points, expires in (("old", case.expiring, DAY), ("new", case.kept, date(2026, 12, 2))):
        if points:
            grant = {"grant_id": name, "points": points, "points_left": points, "expires_on": expires}
            connection.execute(
                insert(tables.bonus_grants).values(account_id=account_id, granted_on=date(2025, 12, 1), **grant)
            )
    for number, amount in enumerate(case.discounts):
        exchange = {"exchange_id": f"x{number}", "reward_id": "discount-100", "kind": "discount", "points": 100}
        exchange |= {"amount": amount, "amount_left": amount, "state": "waiting", "at": number}
        connection.execute(insert(tables.bonus_exchanges).values(account_id=account_id, **exchange))


def _check(connection: Connection, account_id: int, case: Case) -> None:
    account = connection.execute(select(tables.accounts).where(tables.accounts.c.account_id == account_id)).one()
    assert account.balance == 1_000_000 - sum(case.fees) - case.net + case.discounted
    owed = case.owed if case.member is not None else 0
    paid_off = min(owed, case.earned)
    assert account.bonus_points == case.kept + case.earned - paid_off
    left = _rows(connection, tables.bonus_grants, account_id)
    assert sum(each.points_left for each in left) == account.bonus_points
    assert all(each.points_left == 0 for each in left if each.expires_on <= DAY)
    for member in _rows(connection, tables.bonus_members, account_id):
        counted = sum(case.fees) - case.discounted if case.member else 0
        assert (member.base, member.owed) == (case.base + counted, owed - paid_off)
    exchanges = _rows(connection, tables.bonus_exchanges, account_id)
    taken = case.discounted
    for each in sorted(exchanges, key=lambda one: one.exchange_id):
        part = min(taken, each.amount)
        taken -= part
        assert (each.amount_left, each.state) == (each.amount - part, "used" if part == each.amount else "waiting")


def _rows(connection: Connection, table: Any, account_id: int) -> list[Any]:
    return list(connection.execute(select(table).where(table.c.account_id == account_id)))
