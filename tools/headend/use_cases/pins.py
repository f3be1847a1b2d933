"""The account's PIN (product.md S3, S4), and by the same means the parents' (C1): set, checked, changed, reset."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools.headend.domain.catalogue import Operator
from tools.headend.domain.declined import Declined
from tools.headend.domain.identity import same_name
from tools.headend.domain.notices import Event
from tools.headend.identity.pins import TypedPin
from tools.headend.identity.records import CARD_AND_PIN, Session
from tools.headend.identity.sign_in import token_hash
from tools.headend.storage import identity
from tools.headend.storage.registry import end_raised_sessions, raise_session
from tools.headend.use_cases.attempts import Guarded, attempt, forget
from tools.headend.use_cases.codes import RESET, CodeMaker, Recipient, send_code, take_code
from tools.headend.use_cases.contacts import contract_contacts
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import Work

ACCOUNT, PARENT = "account", "parent"
Outcome = dict[str, Any] | Declined


def guarded_pin(operator: Operator, kind: str = ACCOUNT) -> Guarded:
    """The lock of a PIN; each kind has a count of its own."""
    return Guarded(f"pin-{kind}", "pin_wrong", "pin_locked", operator.identity.pin_wrong)


def guarded_names(operator: Operator) -> Guarded:
    return Guarded("names", "names_wrong", "names_locked", operator.identity.names_wrong)


def check_pin(work: Work, typed: TypedPin, kind: str = ACCOUNT) -> Declined | None:
    """None where it is the PIN; a wrong one counts. Return what comes, raising it would undo the count."""
    encoded = identity.pin_of(work.connection, work.account_id, kind)
    if encoded is None:
        raise Declined("pin_not_set")
    return attempt(work, guarded_pin(work.operator, kind), lambda: typed.matches(encoded))


def put_pin(work: Work, typed: TypedPin, kind: str = ACCOUNT) -> None:
    """Set or change a PIN; what the one before has opened is over, and what was tried wrongly is forgotten."""
    identity.put_pin(work.connection, work.account_id, kind, typed.encoded(), work.now)
    forget(work, guarded_pin(work.operator, kind).purpose)
    if kind == ACCOUNT:
        end_raised_sessions(work.connection, work.account_id)


def set_first_pin(work: Work, first_name: str, last_name: str, typed: TypedPin) -> Outcome:
    """The account's first PIN, by the names of the contract (S3); which of the two was wrong is never told."""
    if identity.pin_of(work.connection, work.account_id, ACCOUNT) is not None:
        raise Declined("pin_already_set")
    holder = work.account.holder_name
    declined = attempt(work, guarded_names(work.operator), lambda: same_name(first_name, last_name, holder))
    if declined is not None:
        return declined
    put_pin(work, typed)
    tell(work, Event.PIN_CHANGED)
    return {"set": True}


def change_pin(work: Work, old: TypedPin, new: TypedPin) -> Outcome:
    """Another PIN by the one before (S4); a wrong one counts as it does everywhere."""
    declined = check_pin(work, old)
    if declined is not None:
        return declined
    _refuse_the_parents(work, new)
    put_pin(work, new)
    tell(work, Event.PIN_CHANGED)
    return {"set": True}


def _refuse_the_parents(work: Work, typed: TypedPin) -> None:
    """Declined pins_equal: who knows the parents' PIN would have the account's (C1: it opens nothing else)."""
    parents = identity.pin_of(work.connection, work.account_id, PARENT)
    if parents is not None and typed.matches(parents):
        raise Declined("pins_equal")


def step_up(work: Work, session: Session, typed: TypedPin, token: str) -> Outcome:
    """A session that may spend, beside the one that asks and bound to the same key (contracts.md). ``token``: fresh."""
    declined = check_pin(work, typed)
    if declined is not None:
        return declined
    life = work.operator.identity.step_up_life
    raised = replace(session, token_hash=token_hash(token), acr=CARD_AND_PIN, expires_at=work.now + life)
    raise_session(work.connection, session, raised)
    work.touched = False
    return {
        "access_token": token,
        "token_type": "DPoP",
        "expires_in": int(life.total_seconds()),
        "acr": CARD_AND_PIN,
    }


def send_reset_code(work: Work, maker: CodeMaker, channel: str, language: str | None) -> dict[str, Any]:
    """A code to the contract's telephone or e-mail, never to the contacts of notifications (S4)."""
    if identity.pin_of(work.connection, work.account_id, ACCOUNT) is None:
        raise Declined("pin_not_set")
    value = contract_contacts(work.account).get(channel)
    if value is None:
        raise Declined("contact_missing")
    work.touched = False
    return send_code(work, maker, RESET, Recipient(channel, value), text="pin_code", language=language)


def reset_pin(work: Work, maker: CodeMaker, code: str, typed: TypedPin) -> Outcome:
    """Another PIN by the code that was sent; it also ends the lock that wrong PINs have brought."""
    if identity.pin_of(work.connection, work.account_id, ACCOUNT) is None:
        raise Declined("pin_not_set")
    declined = take_code(work, maker, RESET, code)
    if declined is not None:
        return declined
    _refuse_the_parents(work, typed)
    put_pin(work, typed)
    tell(work, Event.PIN_CHANGED)
    return {"set": True}
