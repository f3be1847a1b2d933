"""The one method table of the box's local API (contracts.md): names, least roles, parameters, results, errors.

The server dispatches by it, ``rpc.discover`` answers an OpenRPC document made from it, the client's calls are
checked against it in tests. Schemas are JSON Schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

API_VERSION = "1.0"
"""MAJOR.MINOR; app and service exchange it at connect (``api.version``) and say so when majors differ."""


class Role(IntEnum):
    """What a peer may do; each role may do all that the lower ones may."""

    viewer = 0
    installer = 1
    operator = 2


@dataclass(frozen=True)
class Param:
    """A named parameter with its JSON Schema."""

    name: str
    schema: dict[str, Any]
    required: bool = True


@dataclass(frozen=True)
class Method:
    """One method; ``result`` is a JSON Schema."""

    name: str
    role: Role
    summary: str
    params: tuple[Param, ...] = ()
    result: dict[str, Any] = field(default_factory=lambda: {"type": "object"})


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


_TEXT: dict[str, Any] = {"type": "string"}
_OPTIONAL_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_NUMBER: dict[str, Any] = {"type": "number"}

SESSION_STATES = ("starting", "signed_in", "offline", "no_card", "refused")

SESSION_STATUS = _object(
    state={"enum": list(SESSION_STATES)},
    code=_OPTIONAL_TEXT,
    reason=_OPTIONAL_TEXT,
    notices={"type": "array", "items": _TEXT},
    account_number=_OPTIONAL_TEXT,
    acr=_OPTIONAL_TEXT,
    server_time=_OPTIONAL_TEXT,
    clock_offset_s={"type": ["number", "null"]},
    retry_after_s={"type": ["number", "null"]},
)
"""code: the short code of product.md S5; reason: the service's refusal code or the failed step; notices: T-01;
clock_offset_s: the box's clock minus the service's, so subtract it to have the right time."""

SMARTCARD_STATUS = _object(
    status={"enum": ["None", "Running", "Error"]},
    type=_OPTIONAL_TEXT,
    serial_number=_OPTIONAL_TEXT,
    atr=_OPTIONAL_TEXT,
    reader=_OPTIONAL_TEXT,
    generation={"type": "integer"},
)
"""TR-181 2.18 SmartCardReader.{i}.SmartCard; ``generation`` grows with every insertion and removal."""

EVENTS = ("smartcard.changed", "session.changed", "account.changed")

METHODS: tuple[Method, ...] = (
    Method("rpc.discover", Role.viewer, "This API as an OpenRPC document"),
    Method(
        "api.version",
        Role.viewer,
        "Exchange of API versions at connect",
        (Param("client", _TEXT), Param("version", _TEXT)),
        _object(version=_TEXT, compatible={"type": "boolean"}),
    ),
    Method(
        "device.info",
        Role.viewer,
        "What box this is, by the names of TR-181 Device.DeviceInfo.",
        result=_object(
            chip_id=_TEXT,
            model=_TEXT,
            manufacturer=_TEXT,
            serial_number=_TEXT,
            hardware_version=_TEXT,
            software_version=_TEXT,
            uptime_s=_NUMBER,
            path={"type": "object"},
        ),
    ),
    Method("smartcard.status", Role.viewer, "The card in the reader", result=SMARTCARD_STATUS),
    Method("session.status", Role.viewer, "The silent sign-in", result=SESSION_STATUS),
    Method(
        "account.request",
        Role.viewer,
        "A request to the account service, answered from flash when it is out of reach",
        (
            Param("method", {"enum": ["GET", "POST", "DELETE"]}),
            Param("path", _TEXT),
            Param("query", {"type": "object", "additionalProperties": _TEXT}, required=False),
            Param("body", {"type": "object"}, required=False),
            Param("idempotency_key", _TEXT, required=False),
        ),
        _object(status={"type": "integer"}, body={}, as_of=_OPTIONAL_TEXT, stale={"type": "boolean"}),
    ),
    Method(
        "account.pending",
        Role.viewer,
        "Changes sent, or about to be sent, whose answer is not known",
        result={
            "type": "array",
            "items": _object(idempotency_key=_TEXT, method=_TEXT, path=_TEXT, body={}, since=_TEXT),
        },
    ),
    Method(
        "events.subscribe",
        Role.viewer,
        "Notifications on this connection from now on",
        (Param("events", {"type": "array", "items": {"enum": list(EVENTS)}}),),
        {"type": "array", "items": _TEXT},
    ),
)


def openrpc() -> dict[str, Any]:
    """The API as an OpenRPC 1.3 document."""
    return {
        "openrpc": "1.3.2",
        "info": {"title": "stb-device local API", "version": API_VERSION},
        "methods": [
            {
                "name": method.name,
                "summary": method.summary,
                "x-role": method.role.name,
                "paramStructure": "by-name",
                "params": [{"name": p.name, "required": p.required, "schema": p.schema} for p in method.params],
                "result": {"name": "result", "schema": method.result},
            }
            for method in METHODS
        ],
    }
