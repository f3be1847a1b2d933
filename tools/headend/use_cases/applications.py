"""Applications for a service, another TV or a repair: somebody comes, on a day, in a slot (product.md H1)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from device.api.redaction import hide_card_numbers
from tools.headend.clock import milliseconds
from tools.headend.domain.declined import Declined
from tools.headend.domain.help import CHANGEABLE, ApplicationKind, ApplicationState, may_become
from tools.headend.domain.notices import Event
from tools.headend.storage import help as stored
from tools.headend.storage.help import StoredApplication
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import Work


def apply(
    work: Work, kind: ApplicationKind, day: date, slot: str, item_id: str | None, note: str | None
) -> StoredApplication:
    """Ask somebody to come to the contract's address. Declined slot_refused, not_found, applications_full."""
    _check_slot(work, day, slot)
    if item_id is not None and item_id not in work.operator.items:
        raise Declined("not_found", "nothing of this name is sold")
    most = work.operator.help.visits.open_most
    if stored.open_applications(work.connection, work.account_id) >= most:
        raise Declined("applications_full", most=most)
    at = milliseconds(work.now)
    application = StoredApplication(
        application_id=str(uuid4()),
        kind=kind.value,
        state=ApplicationState.SENT.value,
        day=day,
        slot=slot,
        address=work.account.address,
        item_id=item_id,
        # people write all kinds of numbers into a note; no table keeps that of a payment card
        note=None if note is None else hide_card_numbers(note),
        created_at=at,
        changed_at=at,
    )
    stored.add_application(work.connection, work.account_id, application)
    return application


def move(work: Work, application_id: str, day: date, slot: str) -> StoredApplication:
    """Another day or slot, which has to be agreed anew. Declined not_found, application_fixed, slot_refused."""
    application = _changeable(work, application_id)
    _check_slot(work, day, slot)
    return _changed(work, application, ApplicationState.SENT, day=day, slot=slot)


def cancel(work: Work, application_id: str) -> StoredApplication:
    """Nobody need come; cancelling twice is no error. Declined not_found, application_fixed."""
    application = _mine(work, application_id)
    if application.state == ApplicationState.CANCELLED:
        work.touched = False
        return application
    return _changed(work, _changeable(work, application_id), ApplicationState.CANCELLED)


def set_state(
    work: Work, application_id: str, state: ApplicationState, day: date | None = None, slot: str | None = None
) -> StoredApplication:
    """The operator's step, perhaps with another time; the account is told (N1).

    Declined not_found, application_fixed, slot_refused (a slot that is none of the operator's).
    """
    application = _mine(work, application_id)
    current = ApplicationState(application.state)
    if not may_become(current, state):
        raise Declined("application_fixed", f"an application that is {current} does not become {state}")
    if slot is not None and work.operator.help.visits.slot(slot) is None:
        raise Declined("slot_refused", "there is no such slot")
    values = {"day": day or application.day, "slot": slot or application.slot}
    application = _changed(work, application, state, **values)
    title = work.operator.help.states[state]
    tell(work, Event.APPLICATION_CHANGED, {"name": dict(title), "day": application.day})
    return application


def _check_slot(work: Work, day: date, slot: str) -> None:
    visits = work.operator.help.visits
    if visits.slot(slot) is None or day not in visits.days(work.today):
        raise Declined("slot_refused")


def _mine(work: Work, application_id: str) -> StoredApplication:
    application = stored.application(work.connection, work.account_id, application_id)
    if application is None:
        raise Declined("not_found", "this account has no such application")
    return application


def _changeable(work: Work, application_id: str) -> StoredApplication:
    application = _mine(work, application_id)
    if application.state not in CHANGEABLE:
        raise Declined("application_fixed")
    return application


def _changed(
    work: Work, application: StoredApplication, state: ApplicationState, **values: object
) -> StoredApplication:
    at = milliseconds(work.now)
    return stored.change_application(
        work.connection, work.account_id, application, state=state.value, changed_at=at, **values
    )
