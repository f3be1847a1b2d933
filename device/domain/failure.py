"""Why there is no session, in the words of product.md S5: a state, a short code, a reason for programs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from device.api.errors import ApiError
from device.ports.account_service import Busy, Refused, Unreachable, Untrusted
from device.ports.card import CardFailure, ReaderFailure


class Remedy(Enum):
    """What the box itself does next."""

    retry_soon = "retry soon"
    """A network may come back any moment."""
    retry_late = "retry late"
    """Somebody else must act first; failures are counted by the service."""
    read_card_again = "read card again"


@dataclass(frozen=True)
class Failure:
    """``code``: C-02 …; ``reason``: the service's code or the failed step; ``retry_after``: seconds, where told."""

    state: str
    code: str
    reason: str
    remedy: Remedy
    retry_after: float | None = None


UNREACHABLE = "N-01"
BUSY = "N-02"
UNTRUSTED = "N-03"

_REFUSALS = {
    "box_unknown": "B-01",
    "box_unpaired": "B-01",
    "box_revoked": "B-02",
    "card_other_box": "C-03",
}


def card_unreadable(reason: str) -> Failure:
    return Failure("refused", "C-02", reason, Remedy.read_card_again)


def reader_failed(reason: str) -> Failure:
    return Failure("refused", "C-05", reason, Remedy.read_card_again)


def failure_of(error: ApiError) -> Failure:
    """The failure that an error of a sign-in, or of a request within a session, amounts to."""
    match error:
        case Unreachable():
            return Failure("offline", UNREACHABLE, error.step, Remedy.retry_soon)
        case Untrusted():
            return Failure("offline", UNTRUSTED, "tls", Remedy.retry_soon)
        case Busy():
            return Failure("offline", BUSY, "http", Remedy.retry_soon, error.retry_after)
        case CardFailure():
            return card_unreadable(error.code)
        case ReaderFailure():
            return reader_failed(error.code)
        case Refused():
            return _refusal(error)
    return Failure("refused", "B-03", error.code, Remedy.retry_late)


def _refusal(error: Refused) -> Failure:
    if error.code in _REFUSALS:
        return Failure("refused", _REFUSALS[error.code], error.code, Remedy.retry_late)
    if error.code.startswith("card_"):
        return Failure("refused", "C-04", error.code, Remedy.retry_late)
    if error.code.startswith("nonce_") or error.code == "jti_used":
        # the exchange went wrong, not the box: a fresh one is due (a lost answer, a restart of the service)
        return Failure("refused", "B-03", error.code, Remedy.retry_soon)
    return Failure("refused", "B-03", error.code, Remedy.retry_late)
