"""The method table: what it says of itself is complete, unambiguous and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from device.api.methods import API_VERSION, EVENTS, METHODS, SESSION_STATES, SESSION_STATUS, Method, Role, openrpc

TYPES = {"object", "array", "string", "integer", "number", "boolean", "null"}
KEYWORDS = {"type", "enum", "properties", "required", "additionalProperties", "items", "minimum", "maximum"}


def schemas(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and all that stand in it."""
    yield schema
    for each in schema.get("properties", {}).values():
        yield from schemas(each)
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from schemas(schema[keyword])


def test_names_are_unique_and_dotted() -> None:
    names = [method.name for method in METHODS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", name) for name in names)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_schema_is_one(method: Method) -> None:
    names = [param.name for param in method.params]
    assert len(set(names)) == len(names)
    assert method.summary and isinstance(method.role, Role)
    for schema in [inner for outer in (*(p.schema for p in method.params), method.result) for inner in schemas(outer)]:
        assert set(schema) <= KEYWORDS
        types = schema.get("type", [])
        types = types if isinstance(types, list) else [types]
        assert set(types) <= TYPES
        assert len(set(types)) == len(types)
        if "enum" in schema:
            assert schema["enum"] and len(set(schema["enum"])) == len(schema["enum"])
        assert set(schema.get("required", [])) <= set(schema.get("properties", {}))
        assert ("properties" not in schema and "required" not in schema) or types == ["object"]
        assert "items" not in schema or types == ["array"]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_parameter_says_what_it_takes(method: Method) -> None:
    assert all({"type", "enum"} & set(param.schema) for param in method.params)


def test_the_methods_of_the_contract_are_there() -> None:
    assert {
        "rpc.discover",
        "device.info",
        "smartcard.status",
        "session.status",
        "account.request",
        "account.pending",
        "events.subscribe",
    } <= {method.name for method in METHODS}


def test_session_and_event_names_are_those_of_the_contract() -> None:
    assert set(SESSION_STATES) == {"starting", "signed_in", "offline", "no_card", "refused"}
    assert SESSION_STATUS["properties"]["state"] == {"enum": list(SESSION_STATES)}
    assert {"smartcard.changed", "session.changed", "account.changed"} <= set(EVENTS)
    subscribe = next(method for method in METHODS if method.name == "events.subscribe")
    assert subscribe.params[0].schema["items"]["enum"] == list(EVENTS)


def test_each_role_may_do_what_lower_ones_may() -> None:
    assert Role.viewer < Role.installer < Role.operator


def test_openrpc_is_the_whole_table_in_json() -> None:
    document = json.loads(json.dumps(openrpc()))
    assert re.fullmatch(r"1\.\d+\.\d+", document["openrpc"])
    assert document["info"]["title"] and document["info"]["version"] == API_VERSION
    assert re.fullmatch(r"\d+\.\d+", API_VERSION)
    assert [method["name"] for method in document["methods"]] == [method.name for method in METHODS]
    for described, method in zip(document["methods"], METHODS, strict=True):
        assert described["x-role"] == method.role.name
        assert described["paramStructure"] == "by-name"
        assert described["params"] == [
            {"name": each.name, "required": each.required, "schema": each.schema} for each in method.params
        ]
        assert described["result"] == {"name": "result", "schema": method.result}
