"""Boxes and cards that come to an account and leave it, and the codes that new boxes show (product.md M1).

Whoever pairs has locked the account first, then locks the box, then the card: sign-in does so in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, insert, select, update

from tools.headend.clock import milliseconds
from tools.headend.identity.records import ACTIVE, PENDING, UNPAIRED
from tools.headend.storage.database import Database
from tools.headend.storage.registry import end_sessions_of
from tools.headend.storage.tables import boxes, cards, pairing_codes

_FREE_BOX = select(boxes.c.model).where(
    boxes.c.chip_id == bindparam("chip_id"), boxes.c.account_id.is_(None), boxes.c.state.in_((UNPAIRED, PENDING))
)
_FREE_CARD = select(cards.c.kind).where(
    cards.c.card_number == bindparam("number"),
    cards.c.account_id.is_(None),
    cards.c.chip_id.is_(None),
    cards.c.state == UNPAIRED,
)


@dataclass(frozen=True, slots=True)
class StoredPairing:
    """A new box that shows a code, or that somebody has found; instants in milliseconds."""

    pairing_id: str
    chip_id: str
    card_number: str
    expires_at: int
    account_id: int | None = None
    polled_at: int | None = None
    paired_at: int | None = None


_COLUMNS = (
    pairing_codes.c.pairing_id,
    pairing_codes.c.chip_id,
    pairing_codes.c.card_number,
    pairing_codes.c.expires_at,
    pairing_codes.c.account_id,
    pairing_codes.c.polled_at,
    pairing_codes.c.paired_at,
)


def free_box(connection: Connection, chip_id: str, card_number: str) -> str | None:
    """The model of a box that is of no account, where the card is of no box either; else None."""
    model = connection.execute(_FREE_BOX, {"chip_id": chip_id}).scalar()
    free = connection.execute(_FREE_CARD, {"number": card_number}).scalar()
    return None if model is None or free is None else str(model)


def take(connection: Connection, account_id: int, chip_id: str, card_number: str, now: datetime) -> bool:
    """Pair box and card with the account; False where another was quicker. A code that the box shows is used up."""
    box = connection.execute(_FREE_BOX.with_for_update(), {"chip_id": chip_id}).first()
    card = connection.execute(_FREE_CARD.with_for_update(), {"number": card_number}).first()
    if box is None or card is None:
        return False
    connection.execute(update(boxes).where(boxes.c.chip_id == chip_id).values(account_id=account_id, state=ACTIVE))
    connection.execute(
        update(cards)
        .where(cards.c.card_number == card_number)
        .values(account_id=account_id, chip_id=chip_id, state=ACTIVE)
    )
    shown = and_(pairing_codes.c.chip_id == chip_id, pairing_codes.c.paired_at.is_(None))
    connection.execute(update(pairing_codes).where(shown).values(paired_at=milliseconds(now)))
    return True


def release(connection: Connection, account_id: int, chip_id: str, card_number: str) -> None:
    """Box and card are of nobody, and the box's sessions are over. What was revoked stays so."""
    box = and_(boxes.c.chip_id == chip_id, boxes.c.account_id == account_id)
    card = and_(cards.c.card_number == card_number, cards.c.account_id == account_id)
    box_state = case((boxes.c.state == ACTIVE, UNPAIRED), else_=boxes.c.state)
    card_state = case((cards.c.state == ACTIVE, UNPAIRED), else_=cards.c.state)
    connection.execute(update(boxes).where(box).values(account_id=None, state=box_state))
    connection.execute(update(cards).where(card).values(account_id=None, chip_id=None, state=card_state))
    end_sessions_of(connection, chip_id)


def put_code(connection: Connection, pairing: StoredPairing, digest: bytes) -> bool:
    """Keep a new code, which voids the box's last one; the box is pending. False where it is of an account by now."""
    box = connection.execute(_FREE_BOX.with_for_update(), {"chip_id": pairing.chip_id}).first()
    if box is None:
        return False
    connection.execute(update(boxes).where(boxes.c.chip_id == pairing.chip_id).values(state=PENDING))
    codes = and_(pairing_codes.c.chip_id == pairing.chip_id, pairing_codes.c.digest.is_not(None))
    connection.execute(delete(pairing_codes).where(codes))
    _insert(connection, pairing, digest)
    return True


def _insert(connection: Connection, pairing: StoredPairing, digest: bytes | None) -> None:
    row: dict[str, Any] = {
        "pairing_id": pairing.pairing_id,
        "digest": digest,
        "chip_id": pairing.chip_id,
        "card_number": pairing.card_number,
        "account_id": pairing.account_id,
        "expires_at": pairing.expires_at,
    }
    connection.execute(insert(pairing_codes), row)


def find_by_code(connection: Connection, digest: bytes, account_id: int, now: datetime) -> StoredPairing | None:
    """The new box that shows this code now, which is used up with that: it is ``account_id`` that has found it."""
    columns = pairing_codes.c
    shown = and_(columns.digest == digest, columns.expires_at > milliseconds(now), columns.account_id.is_(None))
    found = connection.execute(select(*_COLUMNS).where(shown).with_for_update()).all()
    # two boxes with one code, once in 2^34: neither is guessed at
    if len(found) != 1:
        return None
    mine = columns.pairing_id == found[0].pairing_id
    connection.execute(update(pairing_codes).where(mine).values(account_id=account_id))
    return StoredPairing(*found[0])


def put_found(connection: Connection, pairing: StoredPairing) -> StoredPairing:
    """Keep a box that ``pairing.account_id`` has found by its numbers; found again, it is the same row, good anew."""
    columns = pairing_codes.c
    before = and_(
        columns.chip_id == pairing.chip_id,
        columns.card_number == pairing.card_number,
        columns.account_id == pairing.account_id,
        columns.digest.is_(None),
        columns.paired_at.is_(None),
    )
    connection.execute(update(pairing_codes).where(before).values(expires_at=pairing.expires_at))
    row = connection.execute(select(*_COLUMNS).where(before)).first()
    if row is not None:
        return StoredPairing(*row)
    _insert(connection, pairing, None)
    return pairing


def found_by(connection: Connection, pairing_id: str, account_id: int, now: datetime) -> StoredPairing | None:
    """What the account has found and may still take."""
    columns = pairing_codes.c
    query = select(*_COLUMNS).where(
        columns.pairing_id == pairing_id,
        columns.account_id == account_id,
        columns.expires_at > milliseconds(now),
        columns.paired_at.is_(None),
    )
    row = connection.execute(query).first()
    return StoredPairing(*row) if row else None


def polled(connection: Connection, pairing_id: str, now: datetime) -> StoredPairing | None:
    """The pairing as it stood before this poll, which is noted; None: there is none."""
    mine = pairing_codes.c.pairing_id == pairing_id
    row = connection.execute(select(*_COLUMNS).where(mine).with_for_update()).first()
    if row is None:
        return None
    connection.execute(update(pairing_codes).where(mine).values(polled_at=milliseconds(now)))
    return StoredPairing(*row)


def forget_expired(connection: Connection, before: datetime) -> int:
    """Forget codes that expired before ``before``; boxes that show none any more are unpaired again."""
    old = pairing_codes.c.expires_at < milliseconds(before)
    theirs = select(pairing_codes.c.chip_id).where(old)
    pending = and_(boxes.c.chip_id.in_(theirs), boxes.c.state == PENDING)
    connection.execute(update(boxes).where(pending).values(state=UNPAIRED))
    return connection.execute(delete(pairing_codes).where(old)).rowcount


KEPT = timedelta(hours=1)
"""How long a code that has expired is known, so that its box hears that it has."""


def tidy(database: Database, now: datetime) -> int:
    """Forget what nobody asks for any more; returns how many codes went."""
    return database.write(lambda connection: forget_expired(connection, now - KEPT))
