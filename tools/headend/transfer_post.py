"""Brings transfers from the outbox to their recipients: at once after the sender's change, and every second whatever
was left over by a process that was killed or a database that was busy (product.md P7)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from tools.headend.clock import Clock
from tools.headend.domain.catalogue import Operator
from tools.headend.logs import NAME
from tools.headend.storage import transfers
from tools.headend.storage.database import Database, DatabaseBusy
from tools.headend.storage.transfers import Outgoing
from tools.headend.use_cases.transfers import QUOTES_KEPT, deliver

logger = logging.getLogger(NAME)

EVERY_S = 1.0
_AT_ONCE = 100


class TransferPost:
    """``tell`` learns whose account was changed. Thread-safe, and of several processes at once."""

    def __init__(self, database: Database, operator: Operator, clock: Clock, tell: Callable[[int], None]) -> None:
        self._database = database
        self._operator = operator
        self._clock = clock
        self._tell = tell

    def deliver(self, sent: Sequence[Outgoing]) -> int:
        """Deliver these now; what cannot be now stays in the outbox. Returns how many arrived."""
        arrived = 0
        for each in sent:
            try:
                deliver(self._database, self._operator, self._clock, each)
            except (DBAPIError, DatabaseBusy) as error:
                logger.warning("a transfer waits to be delivered: %s", type(error).__name__)
                continue
            self._tell(each.recipient_id)
            arrived += 1
        return arrived

    def forget_quotes(self, now: datetime) -> int:
        """Delete quotes that nobody confirmed in time; returns how many."""
        return self._database.write(lambda connection: transfers.forget_quotes(connection, now - QUOTES_KEPT))

    def deliver_waiting(self) -> int:
        """Deliver what lies in the outbox, oldest first; returns how many arrived."""
        with self._database.read() as connection:
            waiting = transfers.outgoing(connection, _AT_ONCE)
        return self.deliver(waiting)
