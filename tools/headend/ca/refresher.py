"""Sends what is queued for the cards to the conditional access, and waits until they have it (product.md T6).

Queued, then sent with a new generation, then acknowledged. Each step is a transaction of one account; between them
the conditional access is asked, outside any transaction. Killed anywhere, the row is found again: what was not
acknowledged in time is worked out and sent anew. Several processes may do this at once: who comes second finds the
row changed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from tools.headend.ca import CardMessage, CaUnavailable, ConditionalAccess
from tools.headend.clock import Clock, from_milliseconds, milliseconds
from tools.headend.domain.catalogue import Operator
from tools.headend.logs import NAME
from tools.headend.storage import accounts, entitlements
from tools.headend.storage.database import Database
from tools.headend.storage.entitlements import QUEUED, SENT, StoredRefresh
from tools.headend.use_cases.entitlements import products_by_card
from tools.headend.use_cases.work import begin

logger = logging.getLogger(NAME)

EVERY_S = 1.0
LOOK_AGAIN = timedelta(seconds=2)
"""How soon a card that has not acknowledged is looked at again."""
SEND_AGAIN = timedelta(seconds=20)
"""How long a card may take before it is told anew; twice within the minute that product.md T6 gives."""
PAUSE = timedelta(seconds=5)
"""How long the conditional access is left alone after it took nothing."""
_BATCH = 200


class Refresher:
    """``changed`` is told the account whose card has just got its message."""

    def __init__(
        self,
        database: Database,
        operator: Operator,
        access: ConditionalAccess,
        clock: Clock,
        changed: Callable[[int], None] = lambda _account_id: None,
    ) -> None:
        self._database = database
        self._operator = operator
        self._access = access
        self._clock = clock
        self._changed = changed

    def run(self) -> int:
        """Everything that is due now; returns how many cards have acknowledged."""
        done = 0
        while True:
            with self._database.read() as connection:
                batch = entitlements.due(connection, self._clock.now(), _BATCH)
            for each in batch:
                done += self._look(each) if each.state == SENT else self._send(each)
            if len(batch) < _BATCH:
                return done

    def _send(self, refresh: StoredRefresh) -> bool:
        prepared = self._database.write(lambda connection: self._message(connection, refresh))
        if prepared is None:
            return False
        sent, message = prepared
        try:
            self._access.send(message)
        except CaUnavailable as error:
            logger.warning("conditional access took no message: %s", error.message)
            self._put_off(sent, PAUSE, queued=True)
            return False
        return self._look(sent)

    def _message(self, connection: Connection, refresh: StoredRefresh) -> tuple[StoredRefresh, CardMessage] | None:
        """The row as it is marked now, and its message; None where there is nothing to send any more."""
        now = self._clock.now()
        work = begin(connection, self._operator, now, refresh.account_id)
        number = refresh.card_number
        current = entitlements.refresh_of(connection, refresh.account_id, number)
        if current is None or current.state != QUEUED:
            return None
        owner = entitlements.card_owner(connection, number)
        if owner not in (None, refresh.account_id):
            # another account tells this card now
            entitlements.forget(connection, refresh.account_id, [number])
            return None
        products = products_by_card(connection, work.account, work.today).get(number, ()) if owner is not None else ()
        generation = entitlements.next_generation(connection, number)
        entitlements.mark_sent(connection, current, generation, now, LOOK_AGAIN)
        sent = replace(current, state=SENT, generation=generation, sent_at=milliseconds(now))
        return sent, CardMessage(number, generation, products)

    def _look(self, refresh: StoredRefresh) -> bool:
        """Whether the card has what it was sent; it is told anew where that takes too long."""
        taken: Mapping[str, int] = {}
        try:
            taken = self._access.taken([refresh.card_number])
        except CaUnavailable as error:
            logger.warning("conditional access tells nothing: %s", error.message)
        if taken.get(refresh.card_number, 0) < refresh.generation:
            late = self._clock.now() >= from_milliseconds(refresh.sent_at or 0) + SEND_AGAIN
            self._put_off(refresh, timedelta() if late else LOOK_AGAIN, queued=late)
            return False
        done = self._database.write(lambda connection: self._acknowledge(connection, refresh))
        if done:
            self._changed(refresh.account_id)
        return done

    def _acknowledge(self, connection: Connection, refresh: StoredRefresh) -> bool:
        now = self._clock.now()
        accounts.locked(connection, refresh.account_id)
        if not entitlements.mark_acknowledged(connection, refresh, now):
            return False
        if entitlements.card_owner(connection, refresh.card_number) != refresh.account_id:
            entitlements.forget(connection, refresh.account_id, [refresh.card_number])
        entitlements.announce(connection, refresh.account_id)
        return True

    def _put_off(self, refresh: StoredRefresh, pause: timedelta, *, queued: bool) -> None:
        due_at = self._clock.now() + pause
        self._database.write(lambda connection: entitlements.put_off(connection, refresh, due_at, queued=queued))
