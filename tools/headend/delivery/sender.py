"""Sends what waits in the outbox (product.md N1, A4): claimed, handed over outside any transaction, then noted.

Killed in between, a message is handed over again under the same id after the claim has run out; gateways and mail
servers know it by that. What fails for a while is tried again later and later, what fails for good is dropped.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Connection

from tools.headend.clock import Clock, milliseconds
from tools.headend.delivery import Delivery, DeliveryFailed, Message
from tools.headend.delivery.letters import letter
from tools.headend.domain import outgoing
from tools.headend.domain.catalogue import Operator
from tools.headend.logs import NAME
from tools.headend.storage import outbox
from tools.headend.storage.database import Database
from tools.headend.storage.outbox import Waiting

logger = logging.getLogger(NAME)

EVERY_S = 1.0
CLAIM = timedelta(minutes=2)
"""How long a message is the sender's that claimed it; more than a delivery takes."""
_BATCH = 50
ATTEMPTS_MOST = 8
_FIRST_PAUSE = timedelta(minutes=1)
"""Before the second try; doubled before each further one, so that the last one comes after some two hours."""


class Sender:
    """Looks into the outbox when it is told to (background.Periodic). Several may share a database. Thread-safe."""

    def __init__(self, database: Database, operator: Operator, delivery: Delivery, clock: Clock) -> None:
        self._database = database
        self._operator = operator
        self._delivery = delivery
        self._clock = clock
        self._turn = threading.Lock()

    def send_due(self) -> int:
        """Hand over what is due now, at most a batch; returns how many messages went out."""
        with self._turn:
            with self._database.read() as connection:
                batch = outbox.due(connection, milliseconds(self._clock.now()), _BATCH)
            return sum(self._send(each) for each in batch)

    def _send(self, waiting: Waiting) -> bool:
        message = self._database.write(lambda connection: self._claimed(connection, waiting))
        if message is None:
            return False
        try:
            self._delivery.send(message)
        except DeliveryFailed as error:
            self._failed(waiting, error)
            return False
        self._database.write(lambda connection: outbox.done(connection, waiting))
        return True

    def _claimed(self, connection: Connection, waiting: Waiting) -> Message | None:
        """The message, claimed; None where somebody else has it, or there is nothing to say or nobody to say it to."""
        now = self._clock.now()
        if not outbox.claim(connection, waiting, milliseconds(now), milliseconds(now + CLAIM)):
            return None
        target = waiting.target or self._direct(connection, waiting)
        words = letter(connection, self._operator, waiting) if target else None
        if target is None or words is None:
            outbox.done(connection, waiting)
            return None
        subject, text = words
        where = outgoing.target(waiting.channel, target, self._operator.phone_pattern)
        return Message(waiting.channel, where, subject, text, id=_id(waiting))

    def _direct(self, connection: Connection, waiting: Waiting) -> str | None:
        targets = outbox.targets_of(connection, waiting.account_id, waiting.channel)
        if not targets:
            return None
        outbox.direct(connection, waiting, targets)
        return targets[0]

    def _failed(self, waiting: Waiting, error: DeliveryFailed) -> None:
        tries = waiting.attempts + 1
        if error.final or tries >= ATTEMPTS_MOST:
            logger.error("a %s by %s is given up: %s", waiting.document, waiting.channel, error.message)
            self._database.write(lambda connection: outbox.done(connection, waiting))
            return
        again = milliseconds(self._clock.now() + _FIRST_PAUSE * 2 ** (tries - 1))
        logger.warning("a %s by %s is sent again later: %s", waiting.document, waiting.channel, error.message)
        self._database.write(lambda connection: outbox.later(connection, waiting, again))


def _id(waiting: Waiting) -> str:
    """The same each time that a row is handed over."""
    row = f"{waiting.account_id}|{waiting.outbox_id}|{waiting.channel}"
    return sha256(row.encode()).hexdigest()[:32]
