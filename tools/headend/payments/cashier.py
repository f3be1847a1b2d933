"""Asks the provider about payments: at once after they were committed, again until they are final, and when a webhook
says that something happened (product.md P9).

The provider is asked in no transaction. Before it the asking is claimed, after it what it said is written: killed
anywhere, the row is due again after the claim's time, and the provider finds the payment by its Idempotence-Key.
Several processes may do this at once: whatever is said twice is credited once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection

from tools.headend.background import Crew
from tools.headend.clock import Clock, from_milliseconds
from tools.headend.delivery.courier import Courier
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.declined import Declined
from tools.headend.logs import NAME
from tools.headend.payments import (
    ConfirmationKind,
    Means,
    PaymentProvider,
    PaymentRequest,
    ProviderPayment,
    ProviderRefused,
    ProviderUnavailable,
)
from tools.headend.storage import provider_payments
from tools.headend.storage.database import Database
from tools.headend.storage.provider_payments import AskedPayment
from tools.headend.use_cases import paying
from tools.headend.use_cases.work import Work, begin, finish

logger = logging.getLogger(NAME)

EVERY_S = 1.0
CLAIMED = timedelta(seconds=40)
"""How long nobody else asks: longer than the provider's time-outs, so that two hardly ever ask at once."""
AROUND = timedelta(minutes=10)
"""How far the provider's clock may be from ours."""
_THREADS = 8
_BATCH = 64
_METADATA = ("account", "payment_id")
"""By what a payment that the provider tells of is known as ours."""


class Cashier:
    """``provider`` None: no payments can be made here. ``saw`` learns whose account has which version now; ``origin``:
    where the phone comes back to. Thread-safe."""

    def __init__(
        self,
        database: Database,
        operator: Operator,
        clock: Clock,
        provider: PaymentProvider | None,
        courier: Courier,
        saw: Callable[[int, int], None],
        origin: str,
    ) -> None:
        self.database = database
        self.operator = operator
        self.clock = clock
        self.provider = provider
        self._courier = courier
        self._saw = saw
        self._origin = origin
        self._crew: Crew[tuple[int, str]] = Crew("asking the payment provider", _THREADS, lambda each: self.ask(*each))

    def close(self) -> None:
        """What is being asked is asked again by whoever comes next."""
        self._crew.stop()
        if self.provider is not None:
            self.provider.close()

    def wait_idle(self) -> None:
        """Until everything that was to be asked now is answered."""
        self._crew.wait_idle()

    def ask_soon(self, account_id: int, payment_id: str) -> None:
        """Ask about a payment that was just committed, in another thread: no request waits for a provider."""
        self._crew.give((account_id, payment_id))

    def ask_due(self) -> int:
        """Have everything asked about that is due; returns how many payments that are."""
        if self.provider is None:
            return 0
        with self.database.read() as connection:
            due = provider_payments.due(connection, self.clock.now(), _BATCH)
        for each in due:
            self._crew.give(each)
        return len(due)

    def ask(self, account_id: int, payment_id: str) -> None:
        """Ask the provider about one payment that is due, and write what it says."""
        provider, now = self.provider, self.clock.now()
        if provider is None:
            return

        def claim(connection: Connection) -> AskedPayment | None:
            if not provider_payments.claim(connection, account_id, payment_id, now, now + CLAIMED):
                return None
            return provider_payments.asked_payment(connection, account_id, payment_id)

        asked = self.database.write(claim)
        if asked is None:
            return
        try:
            found = self._told(provider, asked)
        except ProviderUnavailable as error:
            logger.warning("payment %s is not known yet: %s", payment_id, error.message)
            self._write(account_id, lambda work: paying.unanswered(work, payment_id))
        except ProviderRefused as error:
            reason = error.code
            logger.warning("payment %s was refused: %s", payment_id, reason)
            self._write(account_id, lambda work: paying.refused(work, payment_id, reason))
        else:
            if found is None:
                self._write(account_id, lambda work: paying.never_made(work, payment_id))
            else:
                self._settle(account_id, payment_id, found)

    def notified(self, notification: bytes) -> bool:
        """Look up what a webhook names, and write what the provider says of it; False where it is nothing of ours.

        ProviderUnavailable, DatabaseBusy: let it come again.
        """
        provider = self.provider
        name = provider.named_in(notification) if provider is not None else None
        if provider is None or name is None:
            return False
        found = provider.find(name)
        account, payment_id = (found.metadata.get(each, "") for each in _METADATA) if found else ("", "")
        if found is None or not payment_id or not (account.isdecimal() and account.isascii() and len(account) <= 12):
            return False
        return self._settle(int(account), payment_id, found)

    def _told(self, provider: PaymentProvider, asked: AskedPayment) -> ProviderPayment | None:
        """What the provider says of it; None where it was never made and can no longer be."""
        if asked.provider_id is not None:
            found = provider.find(asked.provider_id)
            if found is None:
                raise ProviderUnavailable("the payment provider does not know a payment that it made")
            return found
        if self.clock.now() < from_milliseconds(asked.expires_at):
            try:
                return provider.create(self._request(asked))
            except ProviderRefused:
                # no proof that none was made: a key that was used with another body (a new origin) is refused too
                found = self._search(provider, asked)
                if found is None:
                    raise
                return found
        # a key is good for a day alone, and nobody waits for a new payment any more: only look for the old one
        return self._search(provider, asked)

    def _search(self, provider: PaymentProvider, asked: AskedPayment) -> ProviderPayment | None:
        since, until = from_milliseconds(asked.created_at) - AROUND, from_milliseconds(asked.expires_at) + AROUND
        return provider.search(asked.payment_id, since, until)

    def _request(self, asked: AskedPayment) -> PaymentRequest:
        return PaymentRequest(
            key=asked.provider_key,
            amount=asked.amount,
            currency=self.operator.currency,
            means=Means(asked.method),
            description=f"{self.operator.title['ru']}: …{asked.account_id % 10_000:04d}",
            return_url=f"{self._origin}/pay/{asked.payment_id}",
            confirmation=ConfirmationKind(asked.confirmation) if asked.confirmation else None,
            saved_id=asked.saved_id,
            phone=asked.phone,
            save=asked.save,
            metadata=dict(zip(_METADATA, (f"{asked.account_id:012d}", asked.payment_id), strict=True)),
        )

    def _settle(self, account_id: int, payment_id: str, found: ProviderPayment) -> bool:
        return self._write(account_id, lambda work: paying.settle(work, payment_id, found))

    def _write(self, account_id: int, use_case: Callable[[Work], None]) -> bool:
        """One transaction of the account; False where there is no such account, or what came contradicts it."""

        def write(connection: Connection) -> Work:
            work = begin(connection, self.operator, self.clock.now(), account_id)
            use_case(work)
            finish(work)
            return work

        try:
            work = self.database.write(write)
        except (KeyError, Declined) as error:
            logger.error("a payment cannot be credited here: %s", type(error).__name__)
            return False
        self.after(work)
        return True

    def after(self, work: Work) -> None:
        """What follows the commit of ``work``."""
        if work.touched:
            self._saw(work.account_id, work.version)
        self._courier.send(work.messages)
