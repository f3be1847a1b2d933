"""Why a change is not made: one list of codes, each with its HTTP status and a title (contracts.md, Account API).

A code is stable, boxes act on it. What a program needs beside it travels as data and becomes members of the problem
document (RFC 9457 section 3.2): ``attempts_remaining``, ``retry_after`` in seconds, ``lacking`` as a sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from device.api.errors import ApiError


@dataclass(frozen=True, slots=True)
class Kind:
    """``title`` is the same for all of one code; it names no account's data."""

    status: int
    title: str


KINDS: Mapping[str, Kind] = {
    "not_found": Kind(404, "There is nothing here"),
    "item_not_sold": Kind(409, "This is not sold where the account is"),
    "already_connected": Kind(409, "This is connected already"),
    "already_included": Kind(409, "This is part of what the account has"),
    "item_required": Kind(409, "This needs something beside it"),
    "item_excluded": Kind(409, "This cannot be held together with something else"),
    "nothing_to_change": Kind(409, "Everything is so already"),
    "change_unsuitable": Kind(409, "This is changed in another way"),
    "quote_expired": Kind(409, "The price is no longer good"),
    "quote_outdated": Kind(409, "Another order came between"),
    "quote_used": Kind(409, "This was confirmed already"),
    "undo_expired": Kind(409, "It is too late to undo this"),
    "undo_used": Kind(409, "This was undone already"),
    "undo_superseded": Kind(409, "A later order builds on this one"),
    "order_limit_reached": Kind(409, "The limit for orders of this month does not suffice"),
    "money_lacking": Kind(409, "The account's money does not suffice"),
    "payment_mismatch": Kind(409, "This payment is known with another account or sum"),
    "account_stopped": Kind(409, "The service is stopped for debt"),
    "account_suspended": Kind(409, "The service is suspended"),
    "pin_not_set": Kind(409, "This account has no PIN yet"),
    "pin_already_set": Kind(409, "This account has a PIN already"),
    "pin_wrong": Kind(403, "This is not the PIN"),
    "pin_locked": Kind(403, "Too many wrong PINs"),
    "names_wrong": Kind(403, "The names are not those of the contract"),
    "names_locked": Kind(403, "The names were wrong too often"),
    "code_wrong": Kind(403, "This is not the code, or it is no longer good"),
    "code_locked": Kind(403, "Too many wrong codes"),
    "code_too_soon": Kind(409, "A code was sent a moment ago"),
    "contact_missing": Kind(409, "There is no such contact to write to"),
    "contact_known": Kind(409, "This contact is there already"),
    "contact_limit": Kind(409, "No further contact can be added"),
    "amount_refused": Kind(409, "Not with this sum"),
    "promise_open": Kind(409, "A promised payment is open"),
    "promise_refused": Kind(409, "There is no promised payment for this account now"),
    "credit_refused": Kind(409, "There is no credit mode for this account now"),
    "recipient_unknown": Kind(404, "There is no such account"),
    "recipient_self": Kind(409, "This is the account itself"),
    "recipients_exhausted": Kind(429, "Too many recipients were asked for"),
    "suspension_refused": Kind(409, "No temporary block can be ordered for this account here and now"),
    "suspension_too_soon": Kind(409, "The last temporary block was too short a time ago"),
    "points_lacking": Kind(409, "The bonus points do not suffice"),
    "service_held": Kind(409, "The account has this service already"),
    "limit_exceeded": Kind(409, "The limit cannot be raised so far"),
    "raise_needs_pin": Kind(403, "Only the account's PIN raises the limit"),
    "pins_equal": Kind(409, "The parents' PIN must differ from the account's"),
    "number_known": Kind(409, "This number is linked or being checked already"),
    "number_other_owner": Kind(409, "This number is linked to another subscriber's account"),
    "numbers_exhausted": Kind(429, "Too many numbers of other subscribers were asked for"),
    "number_limit": Kind(409, "No further number can be linked"),
    "lookup_refused": Kind(403, "The numbers do not belong together, or are not known"),
    "box_paired": Kind(409, "The box belongs to an account already"),
    "pairing_refused": Kind(403, "The code or the numbers are not those of a new box with its card"),
    "pairing_locked": Kind(403, "Too many codes or numbers that were not right"),
    "slow_down": Kind(429, "Asked too soon again"),
    "rooms_full": Kind(409, "The account has as many TVs as it can have"),
    "room_first": Kind(409, "The first TV of the contract cannot be stopped or removed"),
    "room_state": Kind(409, "The TV is not in the state for this"),
    "room_name_taken": Kind(409, "Another TV of the account has this name"),
    "tickets_full": Kind(409, "Too many requests are open"),
    "ticket_full": Kind(409, "The request has as many messages as it can have"),
    "ticket_closed": Kind(409, "The request is closed"),
    "charge_undisputable": Kind(409, "This is no charge of the account for a service"),
    "charge_disputed": Kind(409, "A request about this charge is open"),
    "phone_refused": Kind(409, "This is no telephone number that can be called"),
    "applications_full": Kind(409, "Too many applications are open"),
    "slot_refused": Kind(409, "Nobody can come at that time"),
    "application_fixed": Kind(409, "The application can no longer be changed"),
    "notice_required": Kind(409, "What protects the account cannot be switched off"),
    "payments_unavailable": Kind(409, "No payments can be made here"),
    "method_refused": Kind(409, "This way to pay is not offered, or is not the account's"),
    "payment_running": Kind(409, "A payment that takes the money by itself is being checked"),
    "payments_open": Kind(409, "Too many payments wait to be confirmed"),
    "extra_box_refused": Kind(403, "The operator lets only the first TV do this"),
}


class Declined(ApiError):
    """A change that may not be; ``data`` are further members of the answer, JSON-like."""

    def __init__(self, code: str, message: str = "", *, retry_after: float | None = None, **data: Any) -> None:
        super().__init__(message or KINDS[code].title, code=code, retry_after=retry_after)
        self.data: Mapping[str, Any] = data if retry_after is None else {"retry_after": retry_after, **data}

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]
