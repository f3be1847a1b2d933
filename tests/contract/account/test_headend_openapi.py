"""``/openapi.json``: every route of the service, every refusal with its code and an example that is a Problem."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from device.api.account_paths import ACCOUNT_PATHS
from tests.support.headend_server import RunningHeadend
from tools.headend.api import schemas
from tools.headend.identity.refusals import KINDS

ROUTES = {(each.method.lower(), each.template) for each in ACCOUNT_PATHS} | {
    ("post", "/v1/device/challenge"),
    ("post", "/v1/device/token"),
    ("delete", "/v1/device/session"),
    ("post", "/v1/lookup"),
    ("post", "/v1/pairing-codes"),
    ("get", "/v1/pairing-codes/{pairing_id}"),
    ("post", "/v1/webhooks/{provider}"),
    ("get", "/v1/events"),
    ("get", "/health"),
    ("get", "/metrics"),
}
"""What a viewer's request may name, what the service on the box speaks itself, and what the operator looks at."""


@pytest.fixture
def document(headend: RunningHeadend) -> dict[str, Any]:
    box = headend.box()
    found: dict[str, Any] = box.http.get(f"{box.origin}/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(method, path): each for path, methods in document["paths"].items() for method, each in methods.items()}


def examples(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Problem examples of an operation by code."""
    found: dict[str, dict[str, Any]] = {}
    for response in operation["responses"].values():
        content = response.get("content", {}).get("application/problem+json", {})
        found.update({code: each["value"] for code, each in content.get("examples", {}).items()})
    return found


def test_every_route_is_there_with_a_description(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert set(operations(document)) == ROUTES
    for operation in operations(document).values():
        assert operation["description"]


def test_the_box_knows_what_takes_a_key_and_what_only_the_pin_opens(document: dict[str, Any]) -> None:
    """A PIN in a request that the box wrote down and sent again, or a name kept for later, would be a leak."""
    served = operations(document)
    for each in ACCOUNT_PATHS:
        operation = served[each.method.lower(), each.template]
        keys = [one for one in operation.get("parameters", []) if one["name"] == "Idempotency-Key"]
        assert bool(keys) == (each.changes and not each.keyless), each
        opened_by_pin = "insufficient_user_authentication" in examples(operation)
        assert each.private == (opened_by_pin and not each.changes), each


def test_every_refusal_of_sign_in_is_documented_with_an_example(document: dict[str, Any]) -> None:
    token = examples(operations(document)["post", "/v1/device/token"])
    assert set(KINDS) - {"token_invalid", "acr_insufficient"} <= set(token)
    for operation in operations(document).values():
        for code, example in examples(operation).items():
            problem = schemas.Problem.model_validate(example)
            assert problem.code == code
            assert str(problem.status) in operation["responses"]


def test_nothing_of_the_frameworks_own_errors_is_left(document: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert "Problem" in document["components"]["schemas"]
    for operation in operations(document).values():
        assert "application/json" not in operation["responses"].get("422", {}).get("content", {})


def contents(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every JSON or form body, asked and answered, by operation."""
    found: dict[str, dict[str, Any]] = {}
    for (method, path), operation in operations(document).items():
        bodies = {"asked": operation.get("requestBody", {}), **operation["responses"]}
        for name, body in bodies.items():
            for media_type, content in body.get("content", {}).items():
                if media_type != "application/problem+json" and not media_type.startswith("text/"):
                    found[f"{method} {path} {name}"] = content
    return found


def test_every_body_has_an_example_that_is_one(document: dict[str, Any]) -> None:
    found = contents(document)
    assert len(found) > 100
    components = document["components"]
    for where, content in found.items():
        schema = {**content["schema"], "components": components}
        validator = jsonschema_rs.validator_for(schema, validate_formats=True)
        assert [str(each) for each in validator.iter_errors(content["example"])] == [], where


def test_everything_that_is_asked_for_has_an_example(document: dict[str, Any]) -> None:
    for (method, path), operation in operations(document).items():
        for each in operation.get("parameters", []):
            schema = each["schema"]
            said = {"example", "examples", "default"} & {*each, *schema}
            assert said or any("examples" in one for one in schema.get("anyOf", [])), (method, path, each["name"])


def test_who_has_to_wait_is_told_how_long(document: dict[str, Any]) -> None:
    found = [
        response
        for operation in operations(document).values()
        for status, response in operation["responses"].items()
        if status in ("429", "503")
    ]
    assert len(found) > 70
    assert all("Retry-After" in each["headers"] for each in found)


def test_what_is_no_json_is_not_called_so(document: dict[str, Any]) -> None:
    for path, media_type in (("/metrics", "text/plain"), ("/v1/events", "text/event-stream")):
        content = operations(document)["get", path]["responses"]["200"]["content"]
        assert list(content) == [media_type]
        assert content[media_type]["example"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                name = value["$ref"].removeprefix("#/components/schemas/")
                assert name in document["components"]["schemas"], value["$ref"]
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(document)


def test_a_path_that_is_not_there_is_a_problem_too(headend: RunningHeadend) -> None:
    box = headend.box()
    missing = box.http.get(f"{box.origin}/v1/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    wrong = box.http.put(f"{box.origin}/v1/account")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert missing.headers["content-type"] == wrong.headers["content-type"] == "application/problem+json"
