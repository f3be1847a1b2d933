"""Linking telephone numbers to an account (product.md A7): asked for by the viewer, decided by the operator."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tools.headend.clock import milliseconds
from tools.headend.domain.declined import Declined
from tools.headend.domain.numbers import NumberState, Reason
from tools.headend.storage import numbers
from tools.headend.storage.numbers import StoredNumber
from tools.headend.use_cases import attempts
from tools.headend.use_cases.attempts import Guarded
from tools.headend.use_cases.work import Work


def request_number(work: Work, number: str) -> dict[str, Any] | Declined:
    """Ask for ``number`` (digits only) to be linked; one that was refused may be asked for again.

    Returns number_other_owner, since it is counted: it tells that somebody has the number. One's own numbers do not
    make up for it.
    """
    rules = work.operator.numbers
    guarded = Guarded("numbers", "number_other_owner", "numbers_exhausted", rules.guesses)
    mine = numbers.numbers_of(work.connection, work.account_id)
    if any(each.number == number and each.state != NumberState.REFUSED for each in mine):
        raise Declined("number_known")
    owner = numbers.owner_of(work.connection, number)
    locked = attempts.locked(work, guarded)
    if locked is not None:
        raise locked
    if owner is not None and owner != work.account_id:
        attempts.attempt(work, guarded, lambda: False)
        return Declined("number_other_owner", salon=dict(rules.refused[Reason.OTHER_OWNER]))
    for each in mine:
        if each.number == number:
            numbers.remove_number(work.connection, work.account_id, each.number_id)
    if sum(each.number != number for each in mine) >= rules.most:
        raise Declined("number_limit", most=rules.most)
    asked = StoredNumber(
        number_id=str(uuid4()),
        number=number,
        state=NumberState.REQUESTED.value,
        reason=None,
        requested_at=milliseconds(work.now),
        next_on=rules.taken_up_on(work.today),
        late_on=rules.late_on(work.today),
        decided_at=None,
    )
    numbers.add_number(work.connection, work.account_id, asked)
    return {"id": asked.number_id, "state": asked.state}


def remove_number(work: Work, number_id: str) -> dict[str, Any]:
    """Take a number off the account, whatever its state."""
    found = _found(work, number_id)
    numbers.remove_number(work.connection, work.account_id, number_id)
    numbers.disown(work.connection, work.account_id, found.number)
    return {"id": number_id, "removed": True}


def decide_number(work: Work, number: str, state: NumberState, reason: Reason | None = None) -> NumberState:
    """The operator's side: ``number`` is being checked, linked or refused; what is linked or refused stays so.

    Returns what it has become: refused, where it is linked to another account already.
    """
    mine = numbers.numbers_of(work.connection, work.account_id)
    found = next((each for each in mine if each.number == number), None)
    if found is None:
        raise Declined("not_found", "this number was not asked for on this account")
    if NumberState(found.state).decided:
        raise Declined("number_known", f"it is {found.state} already")
    owner = numbers.owner_of(work.connection, number)
    if state is NumberState.LINKED and owner is not None:
        # two accounts asked for it, and the other one has it
        state, reason = NumberState.REFUSED, Reason.OTHER_OWNER
    if state is NumberState.LINKED:
        numbers.own(work.connection, work.account_id, number)
    numbers.change_number(
        work.connection,
        work.account_id,
        found.number_id,
        state=state.value,
        reason=reason.value if reason else None,
        next_on=None if state.decided else found.late_on,
        decided_at=milliseconds(work.now) if state.decided else None,
    )
    return state


def _found(work: Work, number_id: str) -> StoredNumber:
    for each in numbers.numbers_of(work.connection, work.account_id):
        if each.number_id == number_id:
            return each
    raise Declined("not_found", "this account has no such number")
