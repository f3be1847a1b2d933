"""Boxes, cards, sessions and what was used up: ``IdentityStore`` over the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_unless

from tools.headend.clock import from_milliseconds, milliseconds
from tools.headend.identity.records import (
    ACTIVE,
    CARD_AND_PIN,
    REVOKED,
    UNPAIRED,
    BoxRecord,
    CardRecord,
    Known,
    Once,
    Session,
)
from tools.headend.identity.refusals import refuse
from tools.headend.storage.database import Database
from tools.headend.storage.prepared import Prepared
from tools.headend.storage.tables import boxes, cards, rooms, sessions, single_use

_CARD_ROW = (
    cards.c.card_number,
    cards.c.account_id,
    cards.c.kind,
    cards.c.public_key,
    cards.c.chip_id,
    cards.c.state,
)
_BOX = Prepared(
    select(boxes.c.chip_id, boxes.c.account_id, boxes.c.public_key, boxes.c.jkt, boxes.c.state).where(
        boxes.c.chip_id == bindparam("chip_id")
    )
)
_CARD = Prepared(select(*_CARD_ROW).where(cards.c.card_number == bindparam("number")))
_SESSION = Prepared(
    select(
        sessions.c.token_hash,
        sessions.c.account_id,
        sessions.c.chip_id,
        sessions.c.card_number,
        sessions.c.jkt,
        sessions.c.acr,
        sessions.c.expires_at,
        sessions.c.end_reason,
    ).where(sessions.c.token_hash == bindparam("token_hash"))
)
_OPEN_SESSION = Prepared(insert(sessions))
_FIRST = select(rooms.c.first).where(
    rooms.c.account_id == bindparam("account_id"), rooms.c.chip_id == bindparam("chip_id")
)
_SESSION_END = select(sessions.c.end_reason).where(sessions.c.token_hash == bindparam("token_hash"))
_SESSION_END = _SESSION_END.with_for_update(read=True)
# the rows are locked against a revocation that runs at the same time (PostgreSQL; SQLite has one writer)
_BOX_AND_CARD = Prepared(
    select(boxes.c.state, boxes.c.account_id, cards.c.state, cards.c.chip_id, cards.c.account_id)
    .where(boxes.c.chip_id == bindparam("chip_id"), cards.c.card_number == bindparam("number"))
    .with_for_update(read=True)
)


def use_up(connection: Connection, once: Sequence[Once]) -> None:
    """Use up values within the caller's transaction; Refusal with the code of the first that was used before."""
    written = {digest for (digest,) in _use_up(len(once)).rows(connection, _rows(once))}
    for each in once:
        if each.digest not in written:
            refuse(each.code)


def _rows(once: Sequence[Once]) -> dict[str, Any]:
    digests = _numbered("digest", [each.digest for each in once])
    return {**digests, **_numbered("expires_at", [milliseconds(each.expires_at) for each in once])}


@cache
def _known(count: int) -> Prepared:
    """A card, and in a row each those of ``count`` digests that were used up; null for what is not there."""
    digests = [bindparam(f"digest_{number}", type_=LargeBinary) for number in range(count)]
    one = select(literal(1).label("one")).subquery()
    source = one.outerjoin(cards, cards.c.card_number == bindparam("number"))
    source = source.outerjoin(single_use, single_use.c.digest.in_(digests))
    return Prepared(select(*_CARD_ROW, single_use.c.digest).select_from(source))


@cache
def _use_up(count: int) -> Prepared:
    """Write ``count`` digests and return those that were not there; whoever writes the same at the same time is waited
    for."""
    rows: list[dict[str, Any]] = [
        {"digest": bindparam(f"digest_{number}"), "expires_at": bindparam(f"expires_at_{number}")}
        for number in range(count)
    ]
    # SQLite takes PostgreSQL's words for this
    return Prepared(insert_unless(single_use).values(rows).on_conflict_do_nothing().returning(single_use.c.digest))


@cache
def _open_at_once(count: int) -> Prepared:
    """`_open` and `use_up` of ``count`` digests in one statement of PostgreSQL's, which writes all of it or nothing.

    The transaction that it is by itself does not wait for the disk, as the other one does not: set_config counts until
    its end.
    """
    chip_id, account_id = bindparam("chip_id", type_=String), bindparam("account_id", type_=BigInteger)
    held = (
        select(func.set_config("synchronous_commit", "off", true()))
        .where(boxes.c.chip_id == chip_id, boxes.c.state == ACTIVE, boxes.c.account_id == account_id)
        .where(cards.c.card_number == bindparam("card_number"), cards.c.state != REVOKED)
        .where(cards.c.chip_id == chip_id, cards.c.account_id == account_id)
        .with_for_update(read=True)
        .cte("held")
    )
    row = [bindparam(column.name, type_=column.type) for column in sessions.c]
    opened = insert(sessions).from_select(sessions.c.keys(), select(*row).select_from(held)).returning(literal(1))
    used = union_all(
        *(
            select(
                bindparam(f"digest_{number}", type_=single_use.c.digest.type),
                bindparam(f"expires_at_{number}", type_=single_use.c.expires_at.type),
            ).select_from(held)
            for number in range(count)
        )
    )
    return Prepared(insert(single_use).from_select(["digest", "expires_at"], used).add_cte(opened.cte("opened")))


def _numbered(name: str, values: Sequence[Any]) -> dict[str, Any]:
    return {f"{name}_{number}": value for number, value in enumerate(values)}


def raise_session(connection: Connection, base: Session, raised: Session) -> None:
    """Open ``raised`` beside ``base``, whose viewer gave the PIN; Refusal where box, card or base ended meanwhile."""
    # whoever ends the base waits for this transaction, and then ends what it has opened
    reason = connection.execute(_SESSION_END, {"token_hash": base.token_hash}).first()
    if reason is None or reason.end_reason is not None:
        refuse("token_invalid" if reason is None else reason.end_reason)
    _open(connection, raised)


def end_raised_sessions(connection: Connection, account_id: int) -> None:
    """Every session that the account's PIN opened is over: that PIN is not the PIN any more."""
    theirs = select(rooms.c.chip_id).where(rooms.c.account_id == account_id)
    raised = and_(sessions.c.chip_id.in_(theirs), sessions.c.account_id == account_id, sessions.c.acr == CARD_AND_PIN)
    ended = update(sessions).where(raised, sessions.c.end_reason.is_(None)).values(end_reason="token_invalid")
    connection.execute(ended)


def _open(connection: Connection, session: Session) -> None:
    found = _BOX_AND_CARD.first(connection, {"chip_id": session.chip_id, "number": session.card_number})
    if found is None:
        # a row of either is never deleted
        refuse("box_unknown")
    box_state, box_account, card_state, card_box, card_account = found
    if box_account != session.account_id:
        refuse("box_unpaired")
    if box_state != ACTIVE:
        refuse("box_revoked")
    if card_state == REVOKED:
        refuse("card_revoked")
    if (card_box, card_account) != (session.chip_id, session.account_id):
        refuse("card_other_box")
    _OPEN_SESSION.run(connection, _row(session))


def _row(session: Session) -> dict[str, Any]:
    return {
        "token_hash": session.token_hash,
        "account_id": session.account_id,
        "chip_id": session.chip_id,
        "card_number": session.card_number,
        "jkt": session.jkt,
        "acr": session.acr,
        "expires_at": milliseconds(session.expires_at),
        "end_reason": None,
    }


class Registry:
    """The look-up tables; every method is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, card_number: str, digests: Sequence[bytes]) -> Known:
        rows = self._database.look(_known(len(digests)), {"number": card_number, **_numbered("digest", digests)})
        card = rows[0][:-1]
        used = frozenset(row[-1] for row in rows if row[-1] is not None)
        return Known(CardRecord(*card) if card[0] is not None else None, used)

    def box(self, chip_id: str) -> BoxRecord | None:
        found = self._database.look(_BOX, {"chip_id": chip_id})
        return BoxRecord(*found[0]) if found else None

    def card(self, number: str) -> CardRecord | None:
        found = self._database.look(_CARD, {"number": number})
        return CardRecord(*found[0]) if found else None

    def session(self, token_hash: bytes) -> Session | None:
        """The session of a token, ended or not; its expiry is the caller's to judge."""
        found = self._database.look(_SESSION, {"token_hash": token_hash})
        if not found:
            return None
        token, account_id, chip_id, card_number, jkt, acr, expires_at, end_reason = found[0]
        expires = from_milliseconds(expires_at)
        return Session(token, account_id, chip_id, card_number, jkt, acr, expires, end_reason)

    def is_extra(self, session: Session) -> bool:
        """Whether the session's box stands in another room than the contract's first one (product.md M3)."""
        with self._database.read() as connection:
            first = connection.execute(_FIRST, {"account_id": session.account_id, "chip_id": session.chip_id}).scalar()
        return first is not True

    def open_session(self, session: Session, once: Sequence[Once]) -> None:
        if self._database.write_at_once(_open_at_once(len(once)), {**_row(session), **_rows(once)}):
            return

        def work(connection: Connection) -> None:
            _open(connection, session)
            use_up(connection, once)

        # what a power failure takes away is a session together with its nonce: the box signs in again
        self._database.write(work, flushed=False)

    def end_session(self, session: Session, once: Once) -> None:
        """The box gives its session back; its token, and every one that a PIN opened with this card in this box, is
        worth nothing from now on."""
        mine = sessions.c.token_hash == session.token_hash
        raised = and_(
            sessions.c.chip_id == session.chip_id,
            sessions.c.card_number == session.card_number,
            sessions.c.acr == CARD_AND_PIN,
        )

        def work(connection: Connection) -> None:
            use_up(connection, [once])
            for which in (mine, raised):
                ended = update(sessions).where(which, sessions.c.end_reason.is_(None))
                connection.execute(ended.values(end_reason="token_invalid"))

        self._database.write(work)

    def set_box_state(self, chip_id: str, state: str) -> bool:
        """Revoke or restore a box; revoking ends its sessions in the same transaction. False: no such box."""

        def work(connection: Connection) -> bool:
            changed = connection.execute(
                update(boxes).where(boxes.c.chip_id == chip_id).values(state=_of(boxes, state))
            )
            if state == REVOKED:
                _end(connection, "box_revoked", chip_id=chip_id)
            return changed.rowcount == 1

        return self._database.write(work)

    def set_card_state(self, number: str, state: str) -> bool:
        """The same for a card."""

        def work(connection: Connection) -> bool:
            changed = connection.execute(
                update(cards).where(cards.c.card_number == number).values(state=_of(cards, state))
            )
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


def _of(table: Table, state: str) -> ColumnElement[str]:
    """``state``; what goes back into service and is of no account is unpaired."""
    if state != ACTIVE:
        return literal(state)
    return case((table.c.account_id.is_(None), UNPAIRED), else_=ACTIVE)


def end_sessions_of(connection: Connection, chip_id: str) -> None:
    """The box left its account: what its tokens were good for is another's business now."""
    _end(connection, "token_invalid", chip_id=chip_id)


def _end(connection: Connection, reason: str, *, chip_id: str | None = None, number: str | None = None) -> None:
    whose = or_(sessions.c.chip_id == chip_id, sessions.c.card_number == number)
    connection.execute(update(sessions).where(whose, sessions.c.end_reason.is_(None)).values(end_reason=reason))
