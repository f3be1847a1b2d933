"""Whatever the provider, the network and the power do, each payment that was paid is credited exactly once (P9)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import insert, select

from tests.support.account_rows import account_row
from tools.headend.delivery import Delivery, Message
from tools.headend.delivery.courier import Courier
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.ledger import Posting, balances
from tools.headend.domain.payments import PaymentState
from tools.headend.operators import load_operator
from tools.headend.payments import (
    Confirmation,
    ConfirmationKind,
    PaymentProvider,
    PaymentRequest,
    ProviderPayment,
    ProviderState,
    ProviderUnavailable,
)
from tools.headend.payments.cashier import Cashier
from tools.headend.storage import provider_payments, schema, tables
from tools.headend.storage.database import Database
from tools.headend.use_cases.paying import Wanted, begin_payment
from tools.headend.use_cases.work import begin, finish

T = TypeVar("T")
START = datetime(2026, 11, 21, 16, 41, 7, tzinfo=UTC)


class Killed(BaseException):
    """The process ends here: nothing behind it is done."""


class Nowhere(Delivery):
    def send(self, message: Message) -> None:
        raise AssertionError("payments send no codes")


@dataclass
class Clock:
    at: datetime = START

    def now(self) -> datetime:
        return self.at


@dataclass
class Fake(PaymentProvider):
    """The provider's truth; ``mishap`` says what becomes of the next call: nothing, before, after, killed_before,
    killed_after."""

    clock: Clock
    name: ClassVar[str] = "fake"  # type: ignore[misc]
    made: dict[str, ProviderPayment] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    mishap: str = ""

    def create(self, request: PaymentRequest) -> ProviderPayment:
        def do() -> ProviderPayment:
            if request.key not in self.keys:
                found = ProviderPayment(
                    provider_id=str(uuid4()),
                    state=ProviderState.PENDING,
                    amount=request.amount,
                    currency=request.currency,
                    means=request.means,
                    created_at=self.clock.now(),
                    confirmation=Confirmation(ConfirmationKind.QR, "qr"),
                    metadata=request.metadata,
                )
                self.made[found.provider_id] = found
                self.keys[request.key] = found.provider_id
            return self.made[self.keys[request.key]]

        return self._with_mishap(do)

    def find(self, provider_id: str) -> ProviderPayment | None:
        return self._with_mishap(lambda: self.made.get(provider_id))

    def search(self, payment_id: str, since: datetime, until: datetime) -> ProviderPayment | None:
        def do() -> ProviderPayment | None:
            mine = [each for each in self.made.values() if each.metadata["payment_id"] == payment_id]
            return next((each for each in mine if since <= each.created_at <= until), None)

        return self._with_mishap(do)

    def named_in(self, notification: bytes) -> str | None:
        return notification.decode()

    def _with_mishap(self, do: Callable[[], T]) -> T:
        mishap, self.mishap = self.mishap, ""
        if mishap == "killed_before":
            raise Killed
        if mishap == "before":
            raise ProviderUnavailable("not reached")
        found = do()
        if mishap == "killed_after":
            raise Killed
        if mishap == "after":
            raise ProviderUnavailable("the answer is lost")
        return found


ACCOUNTS = itertools.count(1)
MISHAPS = st.sampled_from(["", "", "before", "after", "killed_before", "killed_after"])


class Payments(RuleBasedStateMachine):
    """Payments begun, asked, confirmed, declined, notified, forgotten, in any order."""

    database: ClassVar[Database]
    operator: ClassVar[Operator]

    def __init__(self) -> None:
        super().__init__()
        self.account_id = next(ACCOUNTS)
        row = account_row(self.account_id)
        self.database.write(lambda connection: connection.execute(insert(tables.accounts), row))
        self.clock = Clock()
        self.provider = Fake(self.clock)
        self.ids: list[str] = []
        self.cashier = Cashier(
            self.database,
            self.operator,
            self.clock,
            self.provider,
            Courier(Nowhere()),
            lambda _account, _version: None,
            "https://headend",
        )

    @precondition(lambda self: len(self.ids) < 4)
    @rule(amount=st.integers(100, 1000), mishap=MISHAPS)
    def pay(self, amount: int, mishap: str) -> None:
        def write(connection: Any) -> str:
            work = begin(connection, self.operator, self.clock.now(), self.account_id)
            asked = begin_payment(work, Wanted(amount, "sbp"))
            finish(work)
            return asked.payment_id

        self.ids.append(self.database.write(write))
        self.ask(self.ids[-1], mishap)

    @precondition(lambda self: self.ids)
    @rule(which=st.integers(0, 3), mishap=MISHAPS)
    def look(self, which: int, mishap: str) -> None:
        self.ask(self.ids[which % len(self.ids)], mishap)

    @precondition(lambda self: self.provider.made)
    @rule(which=st.integers(0, 3), times=st.integers(1, 3), mishap=MISHAPS)
    def webhook(self, which: int, times: int, mishap: str) -> None:
        names = list(self.provider.made)
        self.provider.mishap = mishap
        for _ in range(times):
            try:
                self.cashier.notified(names[which % len(names)].encode())
            except (Killed, ProviderUnavailable):
                continue
        self.provider.mishap = ""

    @precondition(lambda self: self.provider.made)
    @rule(which=st.integers(0, 3), succeeds=st.booleans())
    def decide(self, which: int, succeeds: bool) -> None:
        """The payer agrees or declines; what is final stays."""
        name = list(self.provider.made)[which % len(self.provider.made)]
        found = self.provider.made[name]
        if not found.state.final:
            state = ProviderState.SUCCEEDED if succeeds else ProviderState.CANCELED
            self.provider.made[name] = replace(found, state=state)

    @rule(seconds=st.sampled_from([1, 3, 61, 600, 3599, 3601, 90_000]))
    def wait(self, seconds: int) -> None:
        self.clock.at += timedelta(seconds=seconds)

    @invariant()
    def nothing_twice_and_nothing_from_nothing(self) -> None:
        paid = sorted(each.amount for each in self.provider.made.values() if each.state is ProviderState.SUCCEEDED)
        credited = self.credited()
        assert len(credited) <= len(paid)
        assert sum(credited) == self.balance()
        for amount in credited:
            paid.remove(amount)

    @invariant()
    def what_was_paid_never_reads_as_failed_for_good(self) -> None:
        for payment_id in self.ids:
            asked = self.asked(payment_id)
            mine = [each for each in self.provider.made.values() if each.metadata["payment_id"] == payment_id]
            if asked.state == PaymentState.CANCELED.value:
                assert mine and mine[0].state is ProviderState.CANCELED
            if asked.state == PaymentState.SUCCEEDED.value:
                assert mine[0].state is ProviderState.SUCCEEDED

    def teardown(self) -> None:
        """Everybody is back: in the end each payment that was paid is there once, and each has an end."""
        for name, found in self.provider.made.items():
            if not found.state.final:
                self.provider.made[name] = replace(
                    found, state=ProviderState.CANCELED, reason="expired_on_confirmation"
                )
        for _ in range(3):
            self.clock.at += timedelta(hours=2)
            for payment_id in self.ids:
                self.ask(payment_id, "")
        paid = [each.amount for each in self.provider.made.values() if each.state is ProviderState.SUCCEEDED]
        assert sorted(self.credited()) == sorted(paid)
        for payment_id in self.ids:
            assert PaymentState(self.asked(payment_id).state).ended

    def ask(self, payment_id: str, mishap: str) -> None:
        self.provider.mishap = mishap
        try:
            self.cashier.ask(self.account_id, payment_id)
        except Killed:
            pass
        finally:
            self.provider.mishap = ""

    def asked(self, payment_id: str) -> provider_payments.AskedPayment:
        with self.database.read() as connection:
            found = provider_payments.asked_payment(connection, self.account_id, payment_id)
        assert found is not None
        return found

    def credited(self) -> list[int]:
        entry = tables.ledger_entries.c
        with self.database.read() as connection:
            rows = connection.execute(select(entry.amount).where(entry.account_id == self.account_id))
            return [row.amount for row in rows]

    def balance(self) -> int:
        account, entry = tables.accounts.c, tables.ledger_entries.c
        postings = select(entry.debit, entry.credit, entry.amount).where(entry.account_id == self.account_id)
        with self.database.read() as connection:
            kept = connection.execute(select(account.balance).where(account.account_id == self.account_id)).scalar_one()
            sums: Mapping[str, int] = balances(Posting(*row) for row in connection.execute(postings))
        assert sum(sums.values()) == 0
        assert kept == sums.get("wallet", 0)
        return int(kept)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = schema.open_database(f"sqlite:///{tmp_path / 'payments.db'}")
    yield found
    found.close()


def test_any_order_of_webhooks_looks_losses_and_kills_credits_exactly_once(database: Database) -> None:
    Payments.database, Payments.operator = database, load_operator("mts")
    limits = settings(
        max_examples=60,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(Payments, settings=limits)
