"""PINs, wrong tries, codes and contacts in the database; a Connection of the caller's transaction does all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from tools.headend.clock import from_milliseconds, milliseconds
from tools.headend.storage.tables import account_pins, accounts, attempts, codes, contacts

_PIN = select(account_pins.c.encoded).where(
    account_pins.c.account_id == bindparam("account_id"), account_pins.c.kind == bindparam("kind")
)
_ATTEMPTS = select(attempts.c.failures, attempts.c.locked_until).where(
    attempts.c.account_id == bindparam("account_id"), attempts.c.purpose == bindparam("purpose")
)
_CODE = select(codes.c.digest, codes.c.state, codes.c.sent_at, codes.c.expires_at).where(
    codes.c.account_id == bindparam("account_id"), codes.c.purpose == bindparam("purpose")
)
_CONTACTS = (
    select(contacts.c.contact_id, contacts.c.use, contacts.c.channel, contacts.c.value, contacts.c.state)
    .where(contacts.c.account_id == bindparam("account_id"))
    .order_by(contacts.c.created_at, contacts.c.contact_id)
)


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong tries in a row."""

    failures: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class StoredCode:
    """A code that was sent; ``state``: sent, verified, locked."""

    digest: bytes
    state: str
    sent_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StoredContact:
    """``use``: notifications or contract; ``channel``: sms or email; ``state``: pending or confirmed."""

    contact_id: str
    use: str
    channel: str
    value: str
    state: str


def pin_of(connection: Connection, account_id: int, kind: str) -> str | None:
    """The encoded PIN; None where none is set."""
    return connection.execute(_PIN, {"account_id": account_id, "kind": kind}).scalar()


def put_pin(connection: Connection, account_id: int, kind: str, encoded: str, now: datetime) -> None:
    """Set or change a PIN. The caller has locked the account."""
    mine = and_(account_pins.c.account_id == account_id, account_pins.c.kind == kind)
    values = {"encoded": encoded, "set_at": milliseconds(now)}
    if not connection.execute(update(account_pins).where(mine).values(values)).rowcount:
        connection.execute(insert(account_pins), {"account_id": account_id, "kind": kind, **values})


def remove_pin(connection: Connection, account_id: int, kind: str) -> bool:
    """False where none was set."""
    mine = and_(account_pins.c.account_id == account_id, account_pins.c.kind == kind)
    return connection.execute(delete(account_pins).where(mine)).rowcount == 1


def attempts_of(connection: Connection, account_id: int, purpose: str) -> Attempts:
    row = connection.execute(_ATTEMPTS, {"account_id": account_id, "purpose": purpose}).first()
    if row is None:
        return Attempts(0, None)
    return Attempts(row.failures, None if row.locked_until is None else from_milliseconds(row.locked_until))


def put_attempts(connection: Connection, account_id: int, purpose: str, now: Attempts) -> None:
    """Write how often it failed; none leaves no row. The caller has locked the account."""
    mine = and_(attempts.c.account_id == account_id, attempts.c.purpose == purpose)
    if not now.failures:
        connection.execute(delete(attempts).where(mine))
        return
    until = None if now.locked_until is None else milliseconds(now.locked_until)
    values = {"failures": now.failures, "locked_until": until}
    if not connection.execute(update(attempts).where(mine).values(values)).rowcount:
        connection.execute(insert(attempts), {"account_id": account_id, "purpose": purpose, **values})


def code_of(connection: Connection, account_id: int, purpose: str) -> StoredCode | None:
    row = connection.execute(_CODE, {"account_id": account_id, "purpose": purpose}).first()
    if row is None:
        return None
    return StoredCode(row.digest, row.state, from_milliseconds(row.sent_at), from_milliseconds(row.expires_at))


def put_code(connection: Connection, account_id: int, purpose: str, code: StoredCode) -> None:
    """Keep a new code in the place of the one before. The caller has locked the account."""
    mine = and_(codes.c.account_id == account_id, codes.c.purpose == purpose)
    values = {
        "digest": code.digest,
        "state": code.state,
        "sent_at": milliseconds(code.sent_at),
        "expires_at": milliseconds(code.expires_at),
    }
    if not connection.execute(update(codes).where(mine).values(values)).rowcount:
        connection.execute(insert(codes), {"account_id": account_id, "purpose": purpose, **values})


def set_code_state(connection: Connection, account_id: int, purpose: str, state: str) -> None:
    mine = and_(codes.c.account_id == account_id, codes.c.purpose == purpose)
    connection.execute(update(codes).where(mine).values(state=state))


def contacts_of(connection: Connection, account_id: int) -> list[StoredContact]:
    """All but the contract's own, oldest first."""
    return [StoredContact(*row) for row in connection.execute(_CONTACTS, {"account_id": account_id})]


def add_contact(connection: Connection, account_id: int, contact: StoredContact, now: datetime) -> None:
    row = {
        "account_id": account_id,
        "contact_id": contact.contact_id,
        "use": contact.use,
        "channel": contact.channel,
        "value": contact.value,
        "state": contact.state,
        "created_at": milliseconds(now),
    }
    connection.execute(insert(contacts), row)


def confirm_contact(connection: Connection, account_id: int, contact_id: str) -> None:
    mine = and_(contacts.c.account_id == account_id, contacts.c.contact_id == contact_id)
    connection.execute(update(contacts).where(mine).values(state="confirmed"))


def remove_contact(connection: Connection, account_id: int, contact_id: str) -> bool:
    """False where there is none."""
    mine = and_(contacts.c.account_id == account_id, contacts.c.contact_id == contact_id)
    return connection.execute(delete(contacts).where(mine)).rowcount == 1


def set_contract_contact(connection: Connection, account_id: int, channel: str, value: str) -> None:
    """Change the telephone (sms) or e-mail of the contract."""
    column = accounts.c.phone if channel == "sms" else accounts.c.email
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values({column: value}))
