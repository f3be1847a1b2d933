"""Checks parameters against the JSON Schemas of a method table: the few keywords that such tables use.

Known: type (one or several), enum, properties, required, additionalProperties, items, minimum, maximum. A schema with
any other keyword is refused when the server is built, so that a rule is never silently not checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from device.api.errors import InvalidParams
from device.api.methods import Method

_KEYWORDS = {
    "type", "enum", "properties", "required", "additionalProperties", "items", "minimum", "maximum",
    "description", "default",
}  # fmt: skip

_NAMES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def refuse_unknown_keywords(schema: dict[str, Any]) -> None:
    """ValueError where ``schema`` says something that `check` would not look at."""
    unknown = set(schema) - _KEYWORDS
    if unknown:
        raise ValueError(f"JSON Schema keywords not known here: {', '.join(sorted(unknown))}")
    for each in schema.get("properties", {}).values():
        refuse_unknown_keywords(each)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            refuse_unknown_keywords(schema[key])


def check_params(method: Method, params: dict[str, Any]) -> None:
    """InvalidParams, naming the parameter, where ``params`` are not what ``method`` takes."""
    known = {param.name: param for param in method.params}
    for name in params:
        if name not in known:
            raise InvalidParams(f"{method.name}: no parameter {name[:64]!r}", remedy=_listed("known", known))
    for param in method.params:
        if param.name in params:
            check(params[param.name], param.schema, f"{method.name}: {param.name}")
        elif param.required:
            raise InvalidParams(f"{method.name}: parameter '{param.name}' is missing")


def check(value: Any, schema: dict[str, Any], where: str) -> None:
    """InvalidParams where ``value`` does not match; ``where`` begins its message."""
    if "enum" in schema and not any(value == each and type(value) is type(each) for each in schema["enum"]):
        raise InvalidParams(f"{where}: {_shown(value)} is not one of {', '.join(map(str, schema['enum']))}")
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not any(_is(value, each) for each in types):
            raise InvalidParams(f"{where}: expected {' or '.join(_NAMES[each] for each in types)}")
    if isinstance(value, dict):
        _check_object(value, schema, where)
    elif isinstance(value, list) and "items" in schema:
        for index, each in enumerate(value):
            check(each, schema["items"], f"{where}[{index}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            raise InvalidParams(f"{where}: at least {schema['minimum']}")
        if value > schema.get("maximum", value):
            raise InvalidParams(f"{where}: at most {schema['maximum']}")


def _check_object(value: dict[str, Any], schema: dict[str, Any], where: str) -> None:
    properties: dict[str, Any] = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            raise InvalidParams(f"{where}: '{name}' is missing")
    for name, each in value.items():
        if name in properties:
            check(each, properties[name], f"{where}.{name}")
        elif others is False:
            raise InvalidParams(f"{where}: no member {name[:64]!r}")
        elif isinstance(others, dict):
            check(each, others, f"{where}.{name[:64]}")


def _is(value: Any, name: str) -> bool:
    match name:
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case _:
            return value is None


def _shown(value: Any) -> str:
    return repr(value)[:64] if isinstance(value, str | int | float | bool) or value is None else "this"


def _listed(what: str, names: Iterable[str]) -> str:
    shown = ", ".join(names)
    return f"{what}: {shown}" if shown else "it takes none"
