"""JSON-RPC 2.0 as bytes: one message a line in, one answer a line out; pure, so that hostile lines are easy to try.

A batch is refused: the local API carries one message a line (contracts.md, "The box's local API").
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from device.api.errors import ApiError, InvalidParams

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
APPLICATION_ERROR = -32000

MAX_DEPTH = 32
"""Nesting of a message; real ones need five. Whatever walks a message later may recurse safely."""

MAX_ID_LENGTH = 128

Id = str | int | None


class RpcError(Exception):
    """A refusal below the methods: what is wrong with the line itself, and the id it can be answered with."""

    def __init__(self, number: int, code: str, message: str, request_id: Id = None) -> None:
        super().__init__(message)
        self.number = number
        self.code = code
        self.message = message
        self.request_id = request_id


@dataclass(slots=True)
class Request:
    """A call; ``answered`` is False for a JSON-RPC notification (no id), which gets no answer."""

    id: Id
    method: str
    params: dict[str, Any]
    answered: bool


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


def _shallow(value: Any, left: int = MAX_DEPTH) -> bool:
    if isinstance(value, dict):
        return left > 0 and all(_shallow(each, left - 1) for each in value.values())
    if isinstance(value, list):
        return left > 0 and all(_shallow(each, left - 1) for each in value)
    return True


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def decode(line: bytes) -> Any:
    """A line's JSON value; RpcError for what is not UTF-8, not JSON (RFC 8259), too deep, or a half surrogate."""
    try:
        value = _DECODER.decode(line.decode("utf-8"))
        if b"\\u" in line:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise RpcError(PARSE_ERROR, "parse_error", "the line is not JSON in UTF-8") from None
    if line.count(b"{") + line.count(b"[") > MAX_DEPTH and not _shallow(value):
        raise RpcError(PARSE_ERROR, "parse_error", f"the message is nested deeper than {MAX_DEPTH}")
    return value


def parse_request(line: bytes) -> Request:
    """A line as a request; RpcError (with the id where one can be read) for anything else."""
    document = decode(line)
    if isinstance(document, list):
        raise RpcError(INVALID_REQUEST, "invalid_request", "one message a line: batches are not taken")
    if not isinstance(document, dict):
        raise RpcError(INVALID_REQUEST, "invalid_request", "a request is a JSON object")
    request_id = document.get("id")
    if not _is_id(request_id) or ("id" in document and request_id is None):
        raise RpcError(INVALID_REQUEST, "invalid_request", f"id is a text up to {MAX_ID_LENGTH} or a whole number")
    if document.get("jsonrpc") != "2.0":
        raise RpcError(INVALID_REQUEST, "invalid_request", 'jsonrpc must be "2.0"', request_id)
    method = document.get("method")
    if not isinstance(method, str):
        raise RpcError(INVALID_REQUEST, "invalid_request", "method must be a text", request_id)
    params = document.get("params", {})
    if params == []:
        params = {}
    if not isinstance(params, dict):
        raise RpcError(INVALID_PARAMS, InvalidParams.code, "params are given by name, in an object", request_id)
    return Request(request_id, method, params, "id" in document)


def _is_id(value: Any) -> bool:
    if value is None:
        return True
    if isinstance(value, str):
        return len(value) <= MAX_ID_LENGTH
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63


def encode(message: dict[str, Any]) -> bytes:
    """A message as its line, the line feed included."""
    return _ENCODER.encode(message).encode("utf-8") + b"\n"


def result_line(request_id: Id, result: Any) -> bytes:
    return encode({"jsonrpc": "2.0", "id": request_id, "result": result})


def error_line(request_id: Id, number: int, data: dict[str, Any]) -> bytes:
    """``data`` is ``{code, message, remedy}``, the shape of device.api.errors."""
    error = {"code": number, "message": data["message"], "data": data}
    return encode({"jsonrpc": "2.0", "id": request_id, "error": error})


def api_error_line(request_id: Id, error: ApiError) -> bytes:
    number = INVALID_PARAMS if isinstance(error, InvalidParams) else APPLICATION_ERROR
    return error_line(request_id, number, error.to_json())


def rpc_error_line(error: RpcError) -> bytes:
    data = ApiError(error.message, code=error.code).to_json()
    return error_line(error.request_id, error.number, data)


def notification_line(method: str, params: dict[str, Any]) -> bytes:
    return encode({"jsonrpc": "2.0", "method": method, "params": params})
