"""The one error shape: code, message, remedy. Every border of the product speaks it.

``code`` is stable and for programs, ``message`` says what happened and where, ``remedy`` how to mend it.
A caller's further needs travel as data (``retry_after``), never inside the text.
"""

from __future__ import annotations

from typing import Any, Self

MAX_RETRY_AFTER_S = 86400.0
"""A peer that asks for more than a day, or for no time that there is (NaN), is not asking for anything."""


class ApiError(Exception):
    """An error that a caller can act on; the ``data`` of a JSON-RPC error (contracts.md, "The box's local API")."""

    code = "internal"

    def __init__(
        self, message: str, *, code: str | None = None, remedy: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.message = message
        self.remedy = remedy
        self.retry_after = retry_after
        """Seconds after which the same call may succeed; None where nobody said."""

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"code": self.code, "message": self.message, "remedy": self.remedy}
        if self.retry_after is not None:
            data["retry_after"] = self.retry_after
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The reverse of `to_json`; members of another type than they should be are left out."""
        message, code, remedy = (data.get(name) for name in ("message", "code", "remedy"))
        retry_after = data.get("retry_after")
        if not isinstance(retry_after, int | float) or not 0 <= retry_after <= MAX_RETRY_AFTER_S:
            retry_after = None
        return cls(
            message if isinstance(message, str) else "",
            code=code if isinstance(code, str) and code else "internal",
            remedy=remedy if isinstance(remedy, str) else "",
            retry_after=None if retry_after is None else float(retry_after),
        )

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message


class Offline(ApiError):
    """The account service cannot be reached, and nothing kept on the box answers instead."""

    code = "offline"


class InvalidParams(ApiError):
    """The caller's parameters are off; the message names the parameter."""

    code = "invalid_params"


class Forbidden(ApiError):
    """The peer's role is below what the method needs."""

    code = "forbidden"


class ConfigError(ApiError):
    """A file that a person wrote cannot be used; the message begins with FILE:LINE where there is a line."""

    code = "config"
