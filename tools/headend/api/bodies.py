"""What a request may say: one way to read a body, and the types of what comes from outside.

    class Rename(RequestBody):
        name: str = text(80)
        note: Annotated[str, text(200, lines=True)] | None = None

    @router.post("/rooms/{room_id}", openapi_extra=takes(Rename), …)
    def rename(request: Request, room_id: PathId, body: Body) -> Response:
        wanted = parsed(Rename, body)

Every text is bounded and holds no control character: PostgreSQL cannot store NUL, a TV cannot show the others. Every
number is bounded to what both databases keep. Nothing of a refused value is echoed or logged.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from fastapi import Path
from pydantic import ConfigDict, Field, ValidationError

from tools.headend.api.openapi import IDEMPOTENCY_KEY, json_body
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.schemas import AN_ID, Document

ID_PATTERN = r"^[A-Za-z0-9._~-]{1,40}$"
"""Ids that we give out: RFC 3986 unreserved characters, as long as their columns."""
MAX_WHOLE = 2**53 - 1
"""The largest number that JSON carries exactly (RFC 8259 section 6), well within 64 bits."""
_SHOWN_FIELD, _SHOWN_MESSAGE = 80, 200

_LINE = r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0][^\x00-\x1f\x7f-\x9f]*$"
_LINES = r"^(?:[^\x00-\x1f\x7f-\x9f]|\n)*[^\x00-\x20\x7f-\xa0](?:[^\x00-\x1f\x7f-\x9f]|\n)*$"

PathId = Annotated[str, Path(pattern=ID_PATTERN, examples=[AN_ID])]
"""An id in a path; 400 for what cannot be one (document ``request_invalid``)."""


class RequestBody(Document):
    """Exactly these members, of exactly these types: ``"1"`` is no number and ``1`` no truth."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


def text(max_length: int, *, lines: bool = False, **field: Any) -> Any:
    """A text of 1 to ``max_length`` characters that shows something; ``lines``: may have several lines."""
    return Field(min_length=1, max_length=max_length, pattern=_LINES if lines else _LINE, **field)


def identifier(**field: Any) -> Any:
    """An id that we gave out."""
    return Field(pattern=ID_PATTERN, **field)


def whole(low: int = 0, high: int = MAX_WHOLE, **field: Any) -> Any:
    """A whole number from ``low`` to ``high``, both included; sums are minor units."""
    return Field(ge=low, le=high, **field)


Model = TypeVar("Model", bound=RequestBody)


def parsed(model: type[Model], body: bytes) -> Model:
    """The body as ``model``; RequestInvalid that names the first field that is off."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(each) for each in first["loc"])[:_SHOWN_FIELD] or "body"
    message = "has not the form that it must have" if first["type"] == "string_pattern_mismatch" else first["msg"]
    raise RequestInvalid(field, message[:_SHOWN_MESSAGE])


def takes(model: type[RequestBody], *, keyed: bool = True) -> dict[str, Any]:
    """``openapi_extra`` of a route with such a body; ``keyed``: and an Idempotency-Key."""
    return {**(IDEMPOTENCY_KEY if keyed else {}), **json_body(model)}
