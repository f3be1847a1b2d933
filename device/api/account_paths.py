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
    """``template`` as in OpenAPI, a name in braces for one segment; ``changes``: needs an idempotency key."""

    method: str
    template: str

    @property
    def changes(self) -> bool:
        return self.method != "GET"


ACCOUNT_PATHS: tuple[AccountPath, ...] = (
    AccountPath("GET", "/v1/account"),
    AccountPath("GET", "/v1/ledger/months"),
    AccountPath("GET", "/v1/ledger/entries"),
    AccountPath("GET", "/v1/receipts"),
    AccountPath("GET", "/v1/receipts/{receipt_id}"),
    AccountPath("GET", "/v1/messages"),
    AccountPath("POST", "/v1/messages/{message_id}/read"),
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
