"""Telephones and e-mail addresses of an account (product.md A2, N1): the contract's, and others for notifications.

A new one is good once the code that was sent to it has come back; until then the one before stays.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tools.headend.domain.declined import Declined
from tools.headend.domain.identity import EMAIL, SMS
from tools.headend.domain.notices import Event
from tools.headend.domain.outgoing import usable
from tools.headend.storage import identity
from tools.headend.storage.accounts import StoredAccount
from tools.headend.storage.identity import StoredContact
from tools.headend.use_cases.codes import RESET, CodeMaker, Recipient, send_code, take_code, void_code
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import Work

CONTRACT, NOTIFICATIONS = "contract", "notifications"
PENDING, CONFIRMED = "pending", "confirmed"
Outcome = dict[str, Any] | Declined


def contract_contacts(account: StoredAccount) -> dict[str, str]:
    """The contract's contacts that can be written to, by channel."""
    return usable({SMS: account.phone, EMAIL: account.email})


def request_contact(work: Work, maker: CodeMaker, use: str, to: Recipient, language: str | None) -> dict[str, Any]:
    """Send a code to a new contact. One that waits for its code in the same place is given up for it."""
    if contract_contacts(work.account).get(to.channel) == to.value and use == CONTRACT:
        raise Declined("contact_known")
    for each in identity.contacts_of(work.connection, work.account_id):
        if (each.use, each.channel) != (use, to.channel):
            continue
        if each.state == PENDING:
            identity.remove_contact(work.connection, work.account_id, each.contact_id)
        elif each.value == to.value:
            raise Declined("contact_known")
    kept = [each for each in identity.contacts_of(work.connection, work.account_id) if each.use == NOTIFICATIONS]
    if use == NOTIFICATIONS and len(kept) >= work.operator.identity.contacts_max:
        raise Declined("contact_limit")
    sent = send_code(work, maker, _purpose(use, to.channel), to, text="contact_code", language=language)
    contact = StoredContact(str(uuid4()), use, to.channel, to.value, PENDING)
    identity.add_contact(work.connection, work.account_id, contact, work.now)
    return {"id": contact.contact_id, **sent}


def confirm(work: Work, maker: CodeMaker, contact_id: str, code: str) -> Outcome:
    """The code came back: the contact is good, and the contract's old one is told that it is no longer the one."""
    contact = _found(work, contact_id)
    if contact.state == CONFIRMED:
        return {"id": contact_id, "state": CONFIRMED}
    declined = take_code(work, maker, _purpose(contact.use, contact.channel), code)
    if declined is not None:
        return declined
    if contact.use == NOTIFICATIONS:
        identity.confirm_contact(work.connection, work.account_id, contact_id)
        return {"id": contact_id, "state": CONFIRMED}
    before = contract_contacts(work.account)
    identity.remove_contact(work.connection, work.account_id, contact_id)
    identity.set_contract_contact(work.connection, work.account_id, contact.channel, contact.value)
    # a code that went to the old one must not open the account of whoever has just changed it
    void_code(work, RESET)
    work.reread()
    # whoever holds the old one learns of it there, whatever was chosen for notifications
    tell(work, Event.CONTACT_CHANGED, also_to=before)
    return {"id": contact_id, "state": CONFIRMED}


def remove(work: Work, contact_id: str) -> dict[str, Any]:
    """Forget a contact for notifications, or one that waits for its code; the contract's own stay."""
    _found(work, contact_id)
    identity.remove_contact(work.connection, work.account_id, contact_id)
    return {"id": contact_id, "removed": True}


def _found(work: Work, contact_id: str) -> StoredContact:
    for each in identity.contacts_of(work.connection, work.account_id):
        if each.contact_id == contact_id:
            return each
    raise Declined("not_found", "this account has no such contact")


def _purpose(use: str, channel: str) -> str:
    return f"{use}-{channel}"
