"""A household in front of its TV, for tests that live through days: signs in whenever a token is over, types the PIN,
pays at a terminal, and looks into its ledger."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import httpx
from sqlalchemy import Connection, delete, select, update

from tests.support.headend_server import START, RunningHeadend
from tests.support.households import household as known_household
from tests.support.signin_box import SignInBox
from tools.headend.domain.ledger import Entry, EntryKind, Posting, balances, correction
from tools.headend.seed import seed
from tools.headend.storage import tables
from tools.headend.use_cases.payments import credit
from tools.headend.use_cases.work import Work, begin, finish

_NUMBERS = itertools.count(1)
_TOKEN_KEPT = timedelta(seconds=60)


class Viewer:
    """A household's box. Every request may sign in anew first, so that tests move the clock as they like."""

    @classmethod
    def afresh(cls, headend: RunningHeadend, household: str = "family") -> Viewer:
        """The household as on the day it was seeded, 21 November at 19:41 of Moscow; it keeps its PIN. A service for
        each test would take longer than all the tests."""
        headend.clock.at = START
        viewer = cls(headend, household)

        def forget(connection: Connection) -> None:
            for table in tables.metadata.sorted_tables:
                if "account_id" in table.c and table is not tables.account_pins:
                    connection.execute(delete(table).where(table.c.account_id == viewer.account_id))
            for box in (*viewer.household.boxes, *viewer.household.spares):
                connection.execute(delete(tables.boxes).where(tables.boxes.c.chip_id == box.chip_id))
                connection.execute(delete(tables.cards).where(tables.cards.c.card_number == box.card_number))

        # they would stumble over an account that is not there for a moment
        for worker in headend.service.workers:
            worker.stop()
        headend.prepared.database.write(forget)
        seed(headend.prepared.database, viewer.household, headend.keys, headend.service.services.pins, START)
        return viewer

    def __init__(self, headend: RunningHeadend, household: str = "family") -> None:
        self.headend = headend
        self.household = known_household(household, headend.operator)
        self.account_id = int(self.household.account_number)
        self.box: SignInBox = headend.box(household)
        self.pin = "407153"[: headend.prepared.operator.identity.pin_digits]
        self._signed_in: datetime | None = None

    def get(self, path: str) -> dict[str, Any]:
        self._sign_in()
        return _ok(self.box.request("GET", path))

    def ask(self, method: str, path: str, body: Any = None, key: str = "") -> httpx.Response:
        """A change with the PIN, under a key of its own unless one is given."""
        self._sign_in()
        return self.box.request(method, path, body=body, key=key or f"viewer-{next(_NUMBERS)}")

    def post(self, path: str, body: Any) -> dict[str, Any]:
        return _ok(self.ask("POST", path, body))

    def delete(self, path: str) -> dict[str, Any]:
        return _ok(self.ask("DELETE", path))

    def money(self, amount: int) -> dict[str, Any]:
        return {"amount": amount, "currency": self.household.operator.currency}

    def go_to(self, day: date, at: time = time(12)) -> None:
        """Move the clock to a day of the account's region."""
        self.headend.clock.at = datetime.combine(day, at, self.household.region.time_zone).astimezone(UTC)

    def pay(self, amount: int) -> None:
        """Money comes in by a terminal, minor units."""
        self._work(lambda work: credit(work, "terminal", amount, f"viewer-{next(_NUMBERS)}"))

    def spend_to(self, balance: int) -> None:
        """The balance becomes ``balance`` by a correction, as an operator would book it."""
        change = balance - self.balance()
        if change:
            self._work(lambda work: work.post([Entry(work.now, work.today, EntryKind.CORRECTION, correction(change))]))
        assert self.balance() == balance

    def set_account(self, **columns: Any) -> None:
        """The test's own start: columns of the account's row."""
        self.write(update(tables.accounts).where(tables.accounts.c.account_id == self.account_id).values(columns))

    def balance(self) -> int:
        return int(self.get("/v1/account")["balance"]["amount"])

    def service(self) -> str:
        return str(self.get("/v1/account")["service"]["state"])

    def kinds(self, count: int) -> list[tuple[str, int]]:
        """Kind and signed sum of the newest ledger entries, newest first."""
        items = self.get(f"/v1/ledger/entries?limit={count}")["items"]
        return [(each["kind"], each["amount"]["amount"]) for each in items]

    def rows(self, query: Any) -> list[Any]:
        with self.headend.prepared.database.read() as connection:
            return list(connection.execute(query))

    def write(self, statement: Any) -> None:
        self.headend.prepared.database.write(lambda connection: connection.execute(statement))

    def check_ledger(self) -> None:
        """Postings sum to zero, and the balance is the sum of the wallet's."""
        entry = tables.ledger_entries.c
        query = select(entry.debit, entry.credit, entry.amount).where(entry.account_id == self.account_id)
        sums = balances(Posting(*row) for row in self.rows(query))
        assert sum(sums.values()) == 0
        mine = select(tables.accounts.c.balance).where(tables.accounts.c.account_id == self.account_id)
        assert [row.balance for row in self.rows(mine)] == [sums.get("wallet", 0)]

    def _sign_in(self) -> None:
        now = self.headend.clock.now()
        if self._signed_in is not None and timedelta() <= now - self._signed_in < _TOKEN_KEPT:
            return
        self.box.sign_in()
        if not self.box.request("GET", "/v1/pin").json()["set"]:
            first, _, last = self.household.holder.name.partition(" ")
            self.box.set_pin(self.pin, first_name=first, last_name=last)
        self.box.step_up(self.pin)
        self._signed_in = now

    def _work(self, use_case: Any) -> None:
        def work(connection: Connection) -> None:
            found: Work = begin(connection, self.headend.prepared.operator, self.headend.clock.now(), self.account_id)
            use_case(found)
            finish(found)

        self.headend.prepared.database.write(work)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem; the answer must be one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, str(answer.json()["code"])


def _ok(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
