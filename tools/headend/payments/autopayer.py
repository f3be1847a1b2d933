"""Looks at the autopayments that are due, and has the provider asked for what they begin (product.md P5)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from tools.headend.payments.cashier import Cashier
from tools.headend.storage import autopays
from tools.headend.storage.provider_payments import AskedPayment
from tools.headend.use_cases.autopaying import look
from tools.headend.use_cases.work import Work, begin, finish

EVERY_S = 2.0
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Autopayer:
    """One account a transaction; several processes may do it at once."""

    cashier: Cashier

    def run(self) -> int:
        """Look at all that are due; returns how many payments began."""
        cashier = self.cashier
        if cashier.provider is None:
            return 0
        with cashier.database.read() as connection:
            due = autopays.due(connection, cashier.clock.now(), _BATCH)
        return sum(self._look(account_id) for account_id in due)

    def _look(self, account_id: int) -> bool:
        cashier = self.cashier

        def write(connection: Connection) -> tuple[Work, AskedPayment | None]:
            work = begin(connection, cashier.operator, cashier.clock.now(), account_id)
            asked = look(work)
            finish(work)
            return work, asked

        work, asked = cashier.database.write(write)
        cashier.after(work)
        if asked is None:
            return False
        cashier.ask_soon(account_id, asked.payment_id)
        return True
