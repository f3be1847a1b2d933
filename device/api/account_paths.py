"""What `account.request` lets through to the account service: method and path template, as in its OpenAPI document.

Everything else is refused before a connection is made: hosts, `..`, `//`, percent signs, and the box's own
`/v1/device/`, which only the service on the box may speak to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from device.api.errors import InvalidParams

MAX_PATH = 256

_PATH = re.compile(r"/v1(?:/[A-Za-z0-9._~-]+)+")
"""RFC 3986 unreserved characters only, so that a path means the same to every server between here and there."""


@dataclass(frozen=True)
class AccountPath:
    """``template`` as in OpenAPI, a name in braces for one segment; ``changes``: needs an idempotency key, unless it is
    ``keyless``: its body holds a PIN or a code, so it is never written down and never sent a second time.
    ``private``: what it answers is for the viewer who gave the PIN, and is not kept for later."""

    method: str
    template: str
    keyless: bool = False
    private: bool = False

    @property
    def changes(self) -> bool:
        return self.method != "GET"


ACCOUNT_PATHS: tuple[AccountPath, ...] = (
    AccountPath("GET", "/v1/account"),
    AccountPath("GET", "/v1/ledger/months"),
    AccountPath("GET", "/v1/ledger/entries"),
    AccountPath("GET", "/v1/receipts"),
    AccountPath("GET", "/v1/receipts/{receipt_id}"),
    AccountPath("GET", "/v1/payments"),
    AccountPath("POST", "/v1/payments"),
    AccountPath("GET", "/v1/payments/{payment_id}"),
    AccountPath("GET", "/v1/payment-methods"),
    AccountPath("DELETE", "/v1/payment-methods/{method_id}"),
    AccountPath("GET", "/v1/autopay"),
    AccountPath("POST", "/v1/autopay"),
    AccountPath("DELETE", "/v1/autopay"),
    AccountPath("GET", "/v1/messages"),
    AccountPath("POST", "/v1/messages/{message_id}/read"),
    AccountPath("POST", "/v1/receipts/{receipt_id}/email"),
    AccountPath("GET", "/v1/statements"),
    AccountPath("POST", "/v1/statements/email"),
    AccountPath("GET", "/v1/notifications"),
    AccountPath("POST", "/v1/notifications"),
    AccountPath("GET", "/v1/notifications/tv"),
    AccountPath("POST", "/v1/notifications/tv/{notice_id}/shown"),
    AccountPath("GET", "/v1/news"),
    AccountPath("POST", "/v1/news/settings"),
    AccountPath("GET", "/v1/help"),
    AccountPath("GET", "/v1/tickets"),
    AccountPath("GET", "/v1/tickets/{ticket_id}"),
    AccountPath("POST", "/v1/tickets"),
    AccountPath("POST", "/v1/tickets/disputes"),
    AccountPath("POST", "/v1/tickets/chats"),
    AccountPath("POST", "/v1/tickets/call-backs"),
    AccountPath("POST", "/v1/tickets/{ticket_id}/messages"),
    AccountPath("POST", "/v1/tickets/{ticket_id}/questions"),
    AccountPath("POST", "/v1/tickets/{ticket_id}/read"),
    AccountPath("POST", "/v1/tickets/{ticket_id}/close"),
    AccountPath("GET", "/v1/applications"),
    AccountPath("GET", "/v1/applications/slots"),
    AccountPath("POST", "/v1/applications"),
    AccountPath("POST", "/v1/applications/{application_id}/move"),
    AccountPath("POST", "/v1/applications/{application_id}/cancel"),
    AccountPath("GET", "/v1/pin"),
    AccountPath("POST", "/v1/pin", keyless=True),
    AccountPath("POST", "/v1/pin/codes", keyless=True),
    AccountPath("POST", "/v1/pin/reset", keyless=True),
    AccountPath("GET", "/v1/personal", private=True),
    AccountPath("GET", "/v1/contacts"),
    AccountPath("POST", "/v1/contacts", keyless=True),
    AccountPath("POST", "/v1/contacts/{contact_id}/confirm", keyless=True),
    AccountPath("DELETE", "/v1/contacts/{contact_id}"),
    AccountPath("POST", "/v1/pin/change", keyless=True),
    AccountPath("POST", "/v1/step-up", keyless=True),
    AccountPath("GET", "/v1/promised-payments"),
    AccountPath("POST", "/v1/promised-payments"),
    AccountPath("GET", "/v1/credit"),
    AccountPath("POST", "/v1/credit"),
    AccountPath("GET", "/v1/transfers"),
    AccountPath("POST", "/v1/transfers"),
    AccountPath("POST", "/v1/transfers/quotes"),
    AccountPath("GET", "/v1/suspensions"),
    AccountPath("POST", "/v1/suspensions"),
    AccountPath("GET", "/v1/suspensions/quote"),
    AccountPath("DELETE", "/v1/suspensions/{suspension_id}"),
    AccountPath("GET", "/v1/bonus"),
    AccountPath("GET", "/v1/bonus/entries"),
    AccountPath("POST", "/v1/bonus/join"),
    AccountPath("POST", "/v1/bonus/leave"),
    AccountPath("POST", "/v1/bonus/exchanges"),
    AccountPath("GET", "/v1/parental"),
    AccountPath("POST", "/v1/parental"),
    AccountPath("POST", "/v1/parental/with-pin", keyless=True),
    AccountPath("POST", "/v1/parental/unlock", keyless=True),
    AccountPath("POST", "/v1/parental/pin", keyless=True),
    AccountPath("DELETE", "/v1/parental/pin"),
    AccountPath("GET", "/v1/linked-numbers"),
    AccountPath("POST", "/v1/linked-numbers"),
    AccountPath("DELETE", "/v1/linked-numbers/{number_id}"),
    AccountPath("GET", "/v1/internet"),
    AccountPath("GET", "/v1/tariffs"),
    AccountPath("GET", "/v1/tariffs/history"),
    AccountPath("GET", "/v1/packages"),
    AccountPath("GET", "/v1/channels"),
    AccountPath("GET", "/v1/subscriptions"),
    AccountPath("POST", "/v1/subscriptions"),
    AccountPath("POST", "/v1/subscriptions/quotes"),
    AccountPath("POST", "/v1/subscriptions/undo"),
    AccountPath("GET", "/v1/subscriptions/orders"),
    AccountPath("GET", "/v1/rooms"),
    AccountPath("POST", "/v1/rooms/{room_id}"),
    AccountPath("POST", "/v1/rooms/{room_id}/move"),
    AccountPath("POST", "/v1/pairing-codes/claim", keyless=True),
    AccountPath("POST", "/v1/pairing-codes/claim-by-numbers", keyless=True),
    AccountPath("GET", "/v1/equipment"),
    AccountPath("GET", "/v1/entitlements"),
    AccountPath("POST", "/v1/entitlements/refresh"),
)


def account_path(method: str, path: str) -> AccountPath:
    """The entry that ``method`` and ``path`` belong to; InvalidParams (``path_refused``) where there is none."""
    if len(path) > MAX_PATH or not _PATH.fullmatch(path):
        raise _refused("the path is not a plain one below /v1/")
    segments = path.split("/")
    if "." in segments or ".." in segments:
        raise _refused("the path has a segment that means another place")
    for entry in ACCOUNT_PATHS:
        if entry.method == method and _fits(entry.template.split("/"), segments):
            return entry
    raise _refused("the account service has no such method and path, or not for this")


def _fits(template: list[str], segments: list[str]) -> bool:
    return len(template) == len(segments) and all(
        known.startswith("{") or known == segment for known, segment in zip(template, segments, strict=True)
    )


def _refused(message: str) -> InvalidParams:
    return InvalidParams(f"account.request: {message}", code="path_refused")
