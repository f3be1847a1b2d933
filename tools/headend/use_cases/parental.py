"""Parental control (product.md C1): the parents' PIN, age limit, hidden packages, the limit of new orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools.headend.domain.catalogue import Operator
from tools.headend.domain.declined import Declined
from tools.headend.domain.notices import Event
from tools.headend.identity.pins import TypedPin
from tools.headend.storage import identity, parental
from tools.headend.storage.parental import StoredSettings
from tools.headend.use_cases.attempts import forget
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.pins import ACCOUNT, PARENT, Outcome, check_pin, guarded_pin, put_pin
from tools.headend.use_cases.work import Work

Alter = Callable[[StoredSettings], StoredSettings]
"""From what is set to what is wanted."""


@dataclass(frozen=True, slots=True)
class Effective:
    """What holds for an account, with the operator's limit where it has none of its own."""

    age_limit: int | None
    order_limit: int
    hidden_packages: tuple[str, ...]


def effective(operator: Operator, settings: StoredSettings) -> Effective:
    own = settings.order_limit
    limit = operator.parental.order_limit if own is None else own
    return Effective(settings.age_limit, limit, settings.hidden_packages)


def set_up(work: Work, alter: Alter) -> dict[str, Any]:
    """Change the settings with the account's PIN, which may raise the limit up to the operator's most."""
    before = parental.settings_of(work.connection, work.account_id)
    wanted = alter(before)
    most = work.operator.parental.order_limit_max
    if wanted.order_limit is not None and wanted.order_limit > most:
        raise Declined("limit_exceeded", limit_most=work.money(most))
    parental.keep_settings(work.connection, work.account_id, wanted)
    return {"saved": True}


def set_up_by_parents(work: Work, typed: TypedPin, alter: Alter) -> Outcome:
    """The same with the parents' PIN, which does everything but raise the limit."""
    declined = check_pin(work, typed, PARENT)
    if declined is not None:
        return declined
    before = parental.settings_of(work.connection, work.account_id)
    wanted = alter(before)
    if effective(work.operator, wanted).order_limit > effective(work.operator, before).order_limit:
        raise Declined("raise_needs_pin")
    return set_up(work, lambda _before: wanted)


def unlock(work: Work, typed: TypedPin, kind: str) -> Outcome:
    """Whether this is the PIN that opens what is blocked on the TV: the parents' own or the account's."""
    declined = check_pin(work, typed, kind)
    work.touched = False
    return declined if declined is not None else {"opened": True}


def put_parents_pin(work: Work, typed: TypedPin) -> dict[str, Any]:
    """Set or replace the parents' PIN; it must not tell the account's."""
    account_pin = identity.pin_of(work.connection, work.account_id, ACCOUNT)
    if account_pin is not None and typed.matches(account_pin):
        raise Declined("pins_equal")
    put_pin(work, typed, PARENT)
    tell(work, Event.PIN_CHANGED)
    return {"set": True}


def remove_parents_pin(work: Work) -> dict[str, Any]:
    """The account's PIN alone opens again."""
    if identity.remove_pin(work.connection, work.account_id, PARENT):
        forget(work, guarded_pin(work.operator, PARENT).purpose)
        tell(work, Event.PIN_CHANGED)
    else:
        work.touched = False
    return {"set": False}
