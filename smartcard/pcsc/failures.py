"""Return codes of PC/SC as this package's errors: the only place that knows both."""

from __future__ import annotations

from smartcard.errors import (
    AccessDenied,
    CardAbsent,
    CardMute,
    CardRemoved,
    CardReset,
    ReaderBusy,
    ReaderError,
    ReaderGone,
    ReaderUnavailable,
    SmartCardError,
)
from smartcard.pcsc.wire import Result

_ERRORS: dict[int, tuple[type[SmartCardError], str]] = {
    Result.INVALID_HANDLE: (ReaderGone, "the PC/SC service was restarted"),
    Result.UNKNOWN_READER: (ReaderGone, "the reader was unplugged"),
    Result.SHARING_VIOLATION: (ReaderBusy, "another program holds the card for itself"),
    Result.NO_SMARTCARD: (CardAbsent, "no card in the slot"),
    Result.COMM_ERROR: (ReaderGone, "the PC/SC service broke off"),
    Result.NOT_TRANSACTED: (CardRemoved, "the card did not take part any more"),
    Result.READER_UNAVAILABLE: (ReaderGone, "the reader was unplugged"),
    Result.NO_SERVICE: (ReaderGone, "the PC/SC service is not running; start pcscd"),
    Result.SERVICE_STOPPED: (ReaderGone, "the PC/SC service was stopped; start pcscd"),
    Result.NO_READERS_AVAILABLE: (ReaderUnavailable, "no reader is plugged in"),
    Result.UNRESPONSIVE_CARD: (CardMute, "no answer to reset"),
    Result.UNPOWERED_CARD: (CardReset, "the card was powered off"),
    Result.RESET_CARD: (CardReset, "another program reset the card"),
    Result.REMOVED_CARD: (CardRemoved, "the card was pulled out"),
    Result.SECURITY_VIOLATION: (AccessDenied, "this user may not use the PC/SC service"),
    Result.NO_LIBRARY: (ReaderUnavailable, "libpcsclite.so.1 is not installed"),
}


def failure(code: int) -> SmartCardError:
    """The error of a return code that is not success; one that is not told apart is the reader's fault."""
    kind, message = _ERRORS.get(code, (ReaderGone, "PC/SC failed"))
    return kind(f"{message} ({code:08X})")


def reader_failure(code: int) -> ReaderError:
    """The same where only the reader was asked about."""
    error = failure(code)
    return error if isinstance(error, ReaderError) else ReaderGone(error.message)
