"""Bonus points in the database: whatever is charged, returned, undone, spent or expired, the sums hold (B1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, select

from tests.support.account_rows import account_row
from tools.headend.clock import milliseconds
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.declined import Declined
from tools.headend.domain.ledger import FEES, Entry, EntryKind, fee, fee_returned
from tools.headend.operators import load_operator
from tools.headend.storage import bonus as stored
from tools.headend.storage import tables
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database
from tools.headend.use_cases import bonus
from tools.headend.use_cases.rewards import exchange
from tools.headend.use_cases.work import Work, begin, finish

OPERATOR = load_operator("mts")
RULES = OPERATOR.bonus
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
_IDS = count(102733400001)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('bonus') / 'headend.db'}")
    yield opened
    opened.close()


class Account:
    """One account of a test; time goes on with every step."""

    def __init__(self, database: Database, *, member: bool = True) -> None:
        self.database = database
        self.account_id = next(_IDS)
        self.now = NOW
        self.orders: dict[str, int] = {}
        self._numbers = count(1)
        database.write(lambda c: c.execute(insert(tables.accounts), account_row(self.account_id, balance=0)))
        if member:
            self.run(bonus.join)

    def run(self, use_case: Any) -> Any:
        def work(connection: Connection) -> Any:
            made = begin(connection, OPERATOR, self.now, self.account_id)
            outcome = use_case(made)
            finish(made)
            return outcome

        return self.database.write(work)

    def order(self, amount: int) -> str:
        """An order that charges, or returns where it is below 0; it can be undone for 5 min."""
        order_id = f"o{next(self._numbers)}"

        def work(made: Work) -> None:
            values: dict[str, Any] = {key: [] for key in ("changes", "plan", "lines")}
            values |= {"state": "confirmed", "total": amount, "spending": max(0, amount), "basis": 0}
            at = milliseconds(made.now)
            values |= {"created_at": at, "expires_at": at, "confirmed_at": at, "undo_until": at + 300_000}
            made.connection.execute(
                insert(tables.orders).values(account_id=self.account_id, order_id=order_id, **values)
            )
            bonus.earn(made, self._post(made, amount, f"order:{order_id}"))

        self.run(work)
        self.orders[order_id] = amount
        return order_id

    def undo(self, order_id: str) -> None:
        amount = self.orders.pop(order_id)

        def work(made: Work) -> None:
            self._post(made, -amount, f"undo:{order_id}")
            row = tables.orders.c
            mine = (row.account_id == self.account_id) & (row.order_id == order_id)
            made.connection.execute(tables.orders.update().where(mine).values(undone_at=milliseconds(made.now)))
            bonus.take_back(made, order_id)

        self.run(work)

    def spend(self, reward: str) -> str | None:
        """Why not; None where the reward was had."""
        try:
            self.run(lambda made: exchange(made, reward))
        except Declined as declined:
            return declined.code
        return None

    def look(self) -> None:
        """Somebody looks at the account: what time has brought is settled."""
        self.run(lambda made: made)

    @staticmethod
    def _post(made: Work, amount: int, reference: str) -> list[int]:
        kind = ItemKind.PACKAGE
        posting = fee(kind, amount) if amount > 0 else fee_returned(kind, -amount)
        what = FEES[kind] if amount > 0 else EntryKind.REFUND
        return made.post([Entry(made.now, made.today, what, posting, reference=reference)])

    @property
    def points(self) -> int:
        with self.database.read() as connection:
            row = tables.accounts.c
            return int(
                connection.execute(select(row.bonus_points).where(row.account_id == self.account_id)).scalar_one()
            )

    @property
    def member(self) -> stored.StoredMember:
        with self.database.read() as connection:
            found = stored.member(connection, self.account_id)
        assert found is not None
        return found

    def check(self) -> None:
        """What must hold at every time."""
        with self.database.read() as connection:
            grants, entries = tables.bonus_grants.c, tables.bonus_entries.c
            left = connection.execute(
                select(func.coalesce(func.sum(grants.points_left), 0)).where(grants.account_id == self.account_id)
            ).scalar_one()
            told = connection.execute(
                select(func.coalesce(func.sum(entries.points), 0)).where(entries.account_id == self.account_id)
            ).scalar_one()
            expired = connection.execute(
                select(func.count()).where(
                    grants.account_id == self.account_id, grants.points_left > 0, grants.expires_on <= self.today
                )
            ).scalar_one()
        assert self.points == left == told >= 0
        assert expired == 0
        assert self.member.owed >= 0

    @property
    def today(self) -> date:
        return self.now.astimezone(OPERATOR.regions["moscow"].time_zone).date()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("order"), st.integers(1, 90_000)),
        st.tuples(st.just("return"), st.integers(1, 90_000)),
        st.tuples(st.just("undo"), st.integers(0, 20)),
        st.tuples(st.just("spend"), st.sampled_from(sorted(RULES.rewards))),
        st.tuples(st.just("wait"), st.sampled_from([60, 301, 86_400, 40 * 86_400, 400 * 86_400])),
        st.tuples(st.just("join"), st.just(0)),
        st.tuples(st.just("leave"), st.just(0)),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_points_are_never_below_zero_and_history_grants_and_account_agree(
    database: Database, steps: list[tuple[str, Any]]
) -> None:
    account = Account(database)
    for step, value in steps:
        match step:
            case "order":
                account.order(value)
            case "return":
                account.order(-value)
            case "undo" if account.orders:
                account.undo(sorted(account.orders)[value % len(account.orders)])
            case "spend":
                before = account.points
                refused = account.spend(value)
                assert refused in (None, "points_lacking", "service_held")
                assert refused is None or account.points == before
            case "wait":
                account.now += timedelta(seconds=value)
                account.look()
            case "join":
                account.run(bonus.join)
            case "leave":
                account.run(bonus.leave)
        account.check()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-60_000, 60_000).filter(bool), min_size=1, max_size=6), st.randoms())
def test_orders_that_are_all_undone_leave_the_points_as_they_were(
    database: Database, amounts: list[int], random: Any
) -> None:
    account = Account(database)
    account.order(300_000)
    before = (account.points, account.member.base, account.member.owed)
    made = [account.order(amount) for amount in amounts]
    random.shuffle(made)
    for order_id in made:
        account.undo(order_id)
    assert (account.points, account.member.base, account.member.owed) == before


def test_points_of_an_order_are_spent_only_when_it_cannot_be_undone_any_more(database: Database) -> None:
    account = Account(database)
    account.order(50_000)
    assert account.points == 100
    account.now += timedelta(seconds=300)
    with pytest.raises(Declined) as caught:
        account.run(lambda made: exchange(made, "discount-100"))
    assert (caught.value.code, caught.value.data) == ("points_lacking", {"points_lacking": 100})
    account.now += timedelta(seconds=1)
    account.run(lambda made: exchange(made, "discount-100"))
    assert account.points == 0


def test_points_that_were_spent_before_a_return_are_owed_and_paid_off_first(database: Database) -> None:
    account = Account(database)
    account.order(50_000)
    account.now += timedelta(seconds=301)
    account.run(lambda made: exchange(made, "discount-100"))
    account.order(-30_000)
    assert (account.points, account.member.owed) == (0, 60)
    account.order(50_000)
    assert (account.points, account.member.owed) == (40, 0)


def test_returning_fees_that_earned_nothing_takes_nothing(database: Database) -> None:
    account = Account(database, member=False)
    account.order(50_000)
    account.run(bonus.join)
    account.order(-30_000)
    assert (account.points, account.member.owed, account.member.base) == (0, 0, 0)


def test_leaving_for_the_time_of_a_return_is_worth_nothing(database: Database) -> None:
    account = Account(database)
    account.order(35_000)
    for _ in range(3):
        account.run(bonus.leave)
        account.order(-35_000)
        account.run(bonus.join)
        account.order(35_000)
    assert account.points == 70


def test_an_undo_gives_points_back_into_the_grants_that_they_came_from(database: Database) -> None:
    account = Account(database)
    account.order(50_000)
    account.now += timedelta(days=100)
    returned = account.order(-20_000)
    assert account.points == 60
    account.undo(returned)
    with database.read() as connection:
        grants = stored.grants_of(connection, account.account_id, milliseconds(account.now))
    assert [(grant.id, grant.left, grant.expires_on) for grant in grants] == [("order:o1", 100, date(2027, 11, 21))]


def test_points_are_gone_on_the_day_on_which_they_expire(database: Database) -> None:
    account = Account(database)
    account.order(50_000)
    zone = OPERATOR.regions["moscow"].time_zone
    account.now = datetime(2027, 11, 20, 23, 59, 59, tzinfo=zone)
    account.look()
    assert account.points == 100
    account.now += timedelta(seconds=1)
    account.look()
    assert account.points == 0
    account.check()
