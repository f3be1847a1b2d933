"""The reference head-end's conditional access: it keeps what each card was told last, and every card listens."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, bindparam, insert, select, update

from tools.headend.ca import CardMessage
from tools.headend.clock import Clock, milliseconds
from tools.headend.storage.database import Database
from tools.headend.storage.tables import ca_cards

_KNOWN = select(ca_cards.c.generation).where(ca_cards.c.card_number == bindparam("number")).with_for_update()


class ReferenceHeadEnd:
    """``ConditionalAccess`` over a table: a card has a message as soon as it was sent."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def send(self, message: CardMessage) -> None:
        self._database.write(lambda connection: self._keep(connection, message))

    def taken(self, card_numbers: Collection[str]) -> Mapping[str, int]:
        query = select(ca_cards.c.card_number, ca_cards.c.generation)
        with self._database.read() as connection:
            found = connection.execute(query.where(ca_cards.c.card_number.in_(sorted(card_numbers))))
            return {row.card_number: row.generation for row in found}

    def products(self, card_number: str) -> tuple[str, ...]:
        """What the card opens now; nothing where it was never told."""
        query = select(ca_cards.c.products).where(ca_cards.c.card_number == card_number)
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalar() or ())

    def _keep(self, connection: Connection, message: CardMessage) -> None:
        row = {
            "generation": message.generation,
            "products": list(message.products),
            "sent_at": milliseconds(self._clock.now()),
        }
        known = connection.execute(_KNOWN, {"number": message.card_number}).scalar()
        if known is None:
            connection.execute(insert(ca_cards), {"card_number": message.card_number, **row})
        elif known < message.generation:
            connection.execute(update(ca_cards).where(ca_cards.c.card_number == message.card_number).values(row))
