"""A whole example for every body of the document, put together from the examples of its members.

So an example cannot drift from its schema: there is one for each member, beside it, and a test holds the whole ones
against the schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_JSON = ("application/json", "application/x-www-form-urlencoded")


def add_examples(document: dict[str, Any]) -> None:
    """Give every JSON or form body of ``document``, asked and answered, its ``example``."""
    models = document["components"]["schemas"]
    for content in _contents(document):
        if "example" not in content and "examples" not in content:
            content["example"] = example_of(content["schema"], models)


def example_of(schema: Mapping[str, Any], models: Mapping[str, Any], name: str = "the body") -> Any:
    """What ``schema`` may look like; LookupError names the member that has no example and needs one."""
    if "$ref" in schema:
        reference = str(schema["$ref"]).rpartition("/")[2]
        return example_of(models[reference], models, reference)
    for key in ("examples", "enum"):
        if key in schema:
            return schema[key][0]
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if "anyOf" in schema or "oneOf" in schema:
        return _of_choice(schema.get("anyOf") or schema["oneOf"], models, name)
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            return {key: example_of(each, models, f"{name}.{key}") for key, each in properties.items()}
        case "array":
            return [example_of(schema["items"], models, name)]
        case "boolean":
            return True
        case "null":
            return None
    raise LookupError(f"{name} has no example")


def _of_choice(choices: list[dict[str, Any]], models: Mapping[str, Any], name: str) -> Any:
    """The first that has one; nothing, where that is a choice and says enough."""
    for choice in choices:
        if choice.get("type") != "null":
            try:
                return example_of(choice, models, name)
            except LookupError:
                continue
    if any(choice.get("type") == "null" for choice in choices):
        return None
    raise LookupError(f"{name} has no example")


def _contents(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in document["paths"].values():
        for operation in operations.values():
            for body in (operation.get("requestBody", {}), *operation["responses"].values()):
                for media_type in _JSON:
                    if "schema" in body.get("content", {}).get(media_type, {}):
                        yield body["content"][media_type]
