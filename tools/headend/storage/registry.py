"""Boxes, cards, sessions and what was used up: ``IdentityStore`` over the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from tools.headend.clock import from_milliseconds, milliseconds
from tools.headend.identity.records import ACTIVE, REVOKED, BoxRecord, CardRecord, Once, Session
from tools.headend.identity.refusals import refuse
from tools.headend.storage.database import Database
from tools.headend.storage.tables import boxes, cards, sessions, single_use

_BOX = select(boxes.c.chip_id, boxes.c.account_id, boxes.c.public_key, boxes.c.jkt, boxes.c.state).where(
    boxes.c.chip_id == bindparam("chip_id")
)
_CARD = select(
    cards.c.card_number, cards.c.account_id, cards.c.kind, cards.c.public_key, cards.c.chip_id, cards.c.state
).where(cards.c.card_number == bindparam("number"))
_USED = select(single_use.c.digest).where(single_use.c.digest.in_(bindparam("digests", expanding=True)))
_SESSION = select(
    sessions.c.token_hash,
    sessions.c.account_id,
    sessions.c.chip_id,
    sessions.c.card_number,
    sessions.c.jkt,
    sessions.c.acr,
    sessions.c.expires_at,
    sessions.c.end_reason,
).where(sessions.c.token_hash == bindparam("token_hash"))
# the row is locked against a revocation that runs at the same time (PostgreSQL; SQLite has one writer)
_BOX_STATE = select(boxes.c.state).where(boxes.c.chip_id == bindparam("chip_id")).with_for_update(read=True)
_CARD_STATE = (
    select(cards.c.state, cards.c.chip_id).where(cards.c.card_number == bindparam("number")).with_for_update(read=True)
)


def use_up(connection: Connection, once: Collection[Once]) -> None:
    """Use up values within the caller's transaction; Refusal with the code of the first that was used before."""
    found = set(connection.execute(_USED, {"digests": [each.digest for each in once]}).scalars())
    for each in once:
        if each.digest in found:
            refuse(each.code)
    rows = [{"digest": each.digest, "expires_at": milliseconds(each.expires_at)} for each in once]
    connection.execute(insert(single_use), rows)


class Registry:
    """The look-up tables; every method is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def box(self, chip_id: str) -> BoxRecord | None:
        with self._database.read() as connection:
            row = connection.execute(_BOX, {"chip_id": chip_id}).first()
        return BoxRecord(*row) if row else None

    def card(self, number: str) -> CardRecord | None:
        with self._database.read() as connection:
            row = connection.execute(_CARD, {"number": number}).first()
        return CardRecord(*row) if row else None

    def used(self, digests: Collection[bytes]) -> set[bytes]:
        with self._database.read() as connection:
            return set(connection.execute(_USED, {"digests": list(digests)}).scalars())

    def session(self, token_hash: bytes) -> Session | None:
        """The session of a token, ended or not; its expiry is the caller's to judge."""
        with self._database.read() as connection:
            row = connection.execute(_SESSION, {"token_hash": token_hash}).first()
        if row is None:
            return None
        return Session(*row[:6], from_milliseconds(row.expires_at), row.end_reason)

    def open_session(self, session: Session, once: Collection[Once]) -> None:
        def work(connection: Connection) -> None:
            if connection.execute(_BOX_STATE, {"chip_id": session.chip_id}).scalar() != ACTIVE:
                refuse("box_revoked")
            card = connection.execute(_CARD_STATE, {"number": session.card_number}).first()
            if card is None or card.state != ACTIVE:
                refuse("card_revoked")
            if card.chip_id != session.chip_id:
                refuse("card_other_box")
            use_up(connection, once)
            connection.execute(
                insert(sessions),
                {
                    "token_hash": session.token_hash,
                    "account_id": session.account_id,
                    "chip_id": session.chip_id,
                    "card_number": session.card_number,
                    "jkt": session.jkt,
                    "acr": session.acr,
                    "expires_at": milliseconds(session.expires_at),
                    "end_reason": None,
                },
            )

        self._database.write(work)

    def end_session(self, token_hash: bytes, once: Once) -> None:
        """The box gives its session back; its token is worth nothing from now on."""

        def work(connection: Connection) -> None:
            use_up(connection, [once])
            ended = update(sessions).where(sessions.c.token_hash == token_hash).values(end_reason="token_invalid")
            connection.execute(ended)

        self._database.write(work)

    def set_box_state(self, chip_id: str, state: str) -> bool:
        """Revoke or restore a box; revoking ends its sessions in the same transaction. False: no such box."""

        def work(connection: Connection) -> bool:
            changed = connection.execute(update(boxes).where(boxes.c.chip_id == chip_id).values(state=state))
            if state == REVOKED:
                _end(connection, "box_revoked", chip_id=chip_id)
            return changed.rowcount == 1

        return self._database.write(work)

    def set_card_state(self, number: str, state: str) -> bool:
        """The same for a card."""

        def work(connection: Connection) -> bool:
            changed = connection.execute(update(cards).where(cards.c.card_number == number).values(state=state))
            if state == REVOKED:
                _end(connection, "card_revoked", number=number)
            return changed.rowcount == 1

        return self._database.write(work)

    def forget_expired(self, now: datetime) -> int:
        """Delete sessions and used-up values that expired; returns how many rows went."""

        def work(connection: Connection) -> int:
            limit = milliseconds(now)
            gone = connection.execute(single_use.delete().where(single_use.c.expires_at < limit)).rowcount
            return gone + connection.execute(sessions.delete().where(sessions.c.expires_at < limit)).rowcount

        return self._database.write(work)


def _end(connection: Connection, reason: str, *, chip_id: str | None = None, number: str | None = None) -> None:
    whose = or_(sessions.c.chip_id == chip_id, sessions.c.card_number == number)
    connection.execute(update(sessions).where(whose, sessions.c.end_reason.is_(None)).values(end_reason=reason))
