"""The operator's account service as the box sees it, and everything that can come between."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from device.api.errors import ApiError


class Unreachable(ApiError):
    """No answer came; ``step`` is where it ended: ``dns``, ``tcp``, ``tls`` or ``http``."""

    code = "unreachable"

    def __init__(self, step: str, message: str) -> None:
        super().__init__(message)
        self.step = step


class Untrusted(ApiError):
    """Somebody answered whose certificate is not that of our service: other CA, other host, not valid by its dates."""

    code = "untrusted"


class Busy(ApiError):
    """503 or 429: the service says to come again, ``retry_after`` seconds later where it says when."""

    code = "busy"


class Refused(ApiError):
    """The service decided against it; ``code`` is the problem document's, ``status`` the HTTP status."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message, code=code)
        self.status = status


@dataclass(frozen=True)
class Challenge:
    """``server_time``: seconds since the epoch; ``received``: boottime at which the answer came."""

    nonce: str = field(repr=False)
    server_time: float
    received: float


@dataclass(frozen=True)
class Grant:
    """A session at the service. ``issued``: boottime; ``expires_in``: seconds from then."""

    token: str = field(repr=False)
    account_number: str = field(repr=False)
    acr: str
    expires_in: float
    issued: float


@dataclass(frozen=True)
class AccountRequest:
    """A request below the service's origin; ``query`` and ``body`` not yet encoded. A change without a key is one that
    must not be kept or sent a second time. ``private``: the answer is not kept."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = field(default=None, repr=False)
    idempotency_key: str | None = field(default=None, repr=False)
    request_id: str | None = None
    private: bool = False

    @property
    def reads(self) -> bool:
        return self.method == "GET"


@dataclass(frozen=True)
class AccountAnswer:
    """``body`` is the JSON value, None for an empty answer."""

    status: int
    body: Any = field(repr=False)

    @property
    def problem_code(self) -> str:
        """``code`` (else OAuth's ``error``) of an RFC 9457 problem; empty where there is none."""
        if isinstance(self.body, dict):
            return str(self.body.get("code") or self.body.get("error") or "")
        return ""


class EventStream(ABC):
    """Server-sent events of one session; iterated on one thread, closed from any."""

    @abstractmethod
    def __iter__(self) -> Iterator[str]:
        """The names of events as they come; ends when the service ends the stream; Unreachable when it is lost."""

    @abstractmethod
    def close(self) -> None:
        """Ends the iteration, also one that waits."""


class AccountService(ABC):
    """Every method blocks: for worker threads. Raises Unreachable, Untrusted, Busy; Refused where said."""

    @property
    @abstractmethod
    def audience(self) -> str:
        """The service's origin from the box's own config, never from an answer."""

    @abstractmethod
    def challenge(self, chip_id: str) -> Challenge:
        """A nonce and the service's time (contracts.md, "Silent sign-in", 1). Refused."""

    @abstractmethod
    def token(self, make_assertion: Callable[[], str]) -> Grant:
        """Exchange an assertion for a session (3); asked for a second one where the DPoP nonce was old. Refused."""

    @abstractmethod
    def request(self, token: str, request: AccountRequest) -> AccountAnswer:
        """Any answer of the service but 503, refusals included."""

    @abstractmethod
    def events(self, token: str) -> EventStream:
        """GET /v1/events. Refused."""

    @abstractmethod
    def end_session(self, token: str) -> None:
        """DELETE /v1/device/session; an ended one is as good."""
