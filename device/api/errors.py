"""The one error shape: code, message, remedy. Every border of the product speaks it.

``code`` is stable and for programs, ``message`` says what happened and where, ``remedy`` how to mend it.
A caller's further needs travel as data (``retry_after``), never inside the text.
"""

from __future__ import annotations

from typing import Any, Self


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
        retry_after = data.get("retry_after")
        return cls(
            str(data.get("message", "")),
            code=str(data.get("code", "internal")),
            remedy=str(data.get("remedy", "")),
            retry_after=float(retry_after) if isinstance(retry_after, int | float) else None,
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
