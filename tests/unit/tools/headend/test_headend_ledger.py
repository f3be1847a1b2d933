"""Double entry: sums to zero, the balance is the sum of the entries, one key has one effect; on a real database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from tests.support.account_rows import account_row
from tools.headend.domain import ledger
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.declined import Declined
from tools.headend.domain.ledger import WALLET, Entry, EntryKind, LedgerError, Posting, balances
from tools.headend.identity.records import Once
from tools.headend.storage import accounts
from tools.headend.storage import ledger as stored
from tools.headend.storage.changes import Answer, Change, Changes, KeyReused
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database
from tools.headend.storage.tables import accounts as accounts_table
from tools.headend.storage.tables import idempotency_keys, ledger_entries

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AMOUNTS = st.integers(1, 10_000_000)
POSTINGS = st.one_of(
    st.builds(ledger.fee, st.sampled_from(ItemKind), AMOUNTS),
    st.builds(ledger.payment, st.sampled_from(["sbp", "card"]), AMOUNTS),
    st.builds(ledger.correction, AMOUNTS | AMOUNTS.map(lambda amount: -amount)),
)


class StandingClock:
    def now(self) -> datetime:
        return NOW


@given(st.lists(POSTINGS))
def test_whatever_is_posted_sums_to_zero_and_the_wallet_is_its_changes(postings: list[Posting]) -> None:
    totals = balances(postings)
    assert sum(totals.values()) == 0
    assert totals.get(WALLET, 0) == sum(posting.wallet_change for posting in postings)


@given(st.text(max_size=5), st.text(max_size=5), st.integers(-5, 5))
def test_an_unbalanced_row_cannot_be_made(debit: str, credit: str, amount: int) -> None:
    if amount > 0 and debit != credit:
        assert Posting(debit, credit, amount).amount == amount
    else:
        with pytest.raises(LedgerError):
            Posting(debit, credit, amount)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'x.db'}")
    yield opened
    opened.close()


def file_of(database: Database) -> Path:
    return Path(database.url.database or "")


def new_account(database: Database) -> int:
    def work(connection: Connection) -> int:
        highest = connection.execute(select(func.max(accounts_table.c.account_id))).scalar() or 0
        connection.execute(insert(accounts_table), account_row(highest + 1))
        return int(highest + 1)

    return database.write(work)


def entry(posting: Posting, seconds: int = 0) -> Entry:
    kind = EntryKind.PAYMENT if posting.debit.startswith("clearing") else EntryKind.CORRECTION
    return Entry(NOW + timedelta(seconds=seconds), date(2026, 11, 21), kind, posting)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(POSTINGS, max_size=4), max_size=5))
def test_the_balance_is_the_sum_of_the_entries(database: Database, batches: list[list[Posting]]) -> None:
    account_id = new_account(database)
    for batch in batches:
        rows = [entry(posting, second) for second, posting in enumerate(batch)]
        database.write(partial(stored.post, account_id=account_id, entries=rows))
    expected = sum(posting.wallet_change for batch in batches for posting in batch)
    with database.read() as connection:
        account = accounts.account(connection, account_id)
        found = stored.entries_of_month(connection, account_id, None, 1000, None)
        kept = connection.execute(
            select(ledger_entries.c.debit, ledger_entries.c.credit, ledger_entries.c.amount).where(
                ledger_entries.c.account_id == account_id
            )
        ).all()
    assert account.balance == expected == sum(each.change for each in found)
    assert sum(balances(Posting(debit, credit, amount) for debit, credit, amount in kept).values()) == 0
    assert sorted(each.entry_id for each in found) == list(range(1, account.last_entry + 1))


def test_writers_at_the_same_time_lose_nothing(database: Database) -> None:
    account_id = new_account(database)

    def pay(amount: int) -> None:
        database.write(lambda connection: stored.post(connection, account_id, [entry(ledger.payment("sbp", amount))]))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(pay, range(1, 41)))
    with database.read() as connection:
        account = accounts.account(connection, account_id)
    assert (account.balance, account.last_entry) == (sum(range(1, 41)), 40)


def test_nothing_stays_of_a_transaction_that_fails(database: Database) -> None:
    account_id = new_account(database)

    def work(connection: Connection) -> None:
        stored.post(connection, account_id, [entry(ledger.payment("sbp", 500))])
        raise KeyError("and then it failed")

    with pytest.raises(KeyError, match="then it failed"):
        database.write(work)
    with database.read() as connection:
        assert accounts.account(connection, account_id).balance == 0
        assert stored.entries_of_month(connection, account_id, None, 10, None) == []


@pytest.mark.parametrize("columns", [{"amount": 0}, {"amount": -5}, {"debit": "wallet", "credit": "wallet"}])
def test_the_database_itself_refuses_an_unbalanced_row(database: Database, columns: dict[str, Any]) -> None:
    row = {"account_id": 1, "entry_id": 999, "at": 0, "day": date(2026, 1, 1), "month": "2026-01", "kind": "x"}
    right = {"debit": "a", "credit": "b", "amount": 5}
    with pytest.raises(IntegrityError):
        database.write(lambda connection: connection.execute(insert(ledger_entries), {**row, **right, **columns}))


def once(number: int) -> Once:
    return Once(number.to_bytes(32, "big"), NOW + timedelta(minutes=2), "jti_used")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["k1", "k2"]), st.sampled_from([b"{}", b'{"a":1}']), st.booleans()), max_size=8)
)
def test_one_key_has_one_effect_and_one_answer(database: Database, asked: list[tuple[str, bytes, bool]]) -> None:
    account_id = new_account(database)
    changes = Changes(database, b"k" * 32, StandingClock())
    first: dict[str, tuple[bytes, Answer]] = {}
    for number, (key, body, refused) in enumerate(asked):

        def effect(connection: Connection, refused: bool = refused) -> dict[str, Any]:
            stored.post(connection, account_id, [entry(ledger.payment("sbp", 100))])
            if refused:
                raise Declined("money_lacking", "not now")
            return {"paid": 100}

        change = Change(account_id, "POST /v1/payments", key, body, once(account_id * 1000 + number))
        if key in first and first[key][0] != body:
            with pytest.raises(KeyReused):
                changes.run(change, effect, lambda declined: Answer(declined.kind.status, declined.code))
            continue
        answer = changes.run(change, effect, lambda declined: Answer(declined.kind.status, declined.code))
        assert first.setdefault(key, (body, answer))[1] == answer
    paid = sum(answer.status == 200 for _, answer in first.values())
    with database.read() as connection:
        assert accounts.account(connection, account_id).balance == paid * 100
        keys = select(func.count()).where(idempotency_keys.c.account_id == account_id)
        assert connection.execute(keys).scalar_one() == len(first)


def test_answers_are_kept_for_two_days(database: Database) -> None:
    account_id = new_account(database)
    changes = Changes(database, b"k" * 32, StandingClock())
    change = Change(account_id, "POST /x", "kept", b"", once(2**200 + account_id))
    changes.run(change, lambda _: {}, lambda declined: Answer(declined.kind.status, ""))
    count = "SELECT count(*) FROM idempotency_keys WHERE key = 'kept'"
    for hours, left in ((47, 1), (49, 0)):
        changes.forget_old(NOW + timedelta(hours=hours))
        with closing(sqlite3.connect(file_of(database))) as connection:
            assert connection.execute(count).fetchone() == (left,)
