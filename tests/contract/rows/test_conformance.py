"""The service keeps its own OpenAPI document, whatever comes: schemathesis makes requests from the document, right ones
and wrong ones, a signed-in box with the PIN sends them, and each answer must be one that the document knows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation

from tests.support.headend_server import RunningHeadend
from tests.support.paying_home import standing_in
from tests.support.shopper import Shopper

EXAMPLES = int(os.environ.get("STB_CONFORMANCE_EXAMPLES", "10"))
"""Of each operation and kind; more for a longer look."""
LEFT_OUT = {"GET /v1/events"}
"""It does not end."""
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
LOCK_S, MINUTE_S = 15 * 60 + 1, 61


class BoxAuth(requests.auth.AuthBase):
    """Token and DPoP proof of a box, for the URL as it is sent."""

    def __init__(self, shopper: Shopper) -> None:
        self._box = shopper.box

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        path = request.path_url.partition("?")[0]
        request.headers["Authorization"] = f"DPoP {self._box.token}"
        request.headers["DPoP"] = self._box.proof(str(request.method), path, token=self._box.token)
        return request


@pytest.fixture(scope="module")
def conformance_world(running: Callable[..., RunningHeadend]) -> Iterator[RunningHeadend]:
    with standing_in(running, households=("family", "ending")) as (headend, _):
        yield headend


@pytest.fixture(scope="module")
def shopper(conformance_world: RunningHeadend) -> Shopper:
    return Shopper(conformance_world)


@pytest.fixture(scope="module")
def operations(conformance_world: RunningHeadend) -> list[APIOperation[Any, Any, Any, Any]]:
    world = conformance_world
    document = requests.get(f"{world.origin}/openapi.json", verify=str(world.keys.ca_certificate), timeout=20).json()
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=world.origin)
    return [each for each in _made(schema.get_all_operations()) if each.label not in LEFT_OUT]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:schemathesis")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_every_answer_is_one_that_the_document_knows(
    shopper: Shopper, operations: list[APIOperation[Any, Any, Any, Any]], mode: GenerationMode
) -> None:
    assert len(operations) > 30
    found = [why for operation in operations for why in _off(shopper, operation, mode)]
    assert not found, f"{len(found)} answers are off:\n\n" + "\n\n".join(found)


def _off(shopper: Shopper, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> list[str]:
    """What is wrong with the operation's answers, one text each."""
    _anew(shopper)
    session = requests.Session()
    session.trust_env = False
    authority = str(shopper.headend.keys.ca_certificate)
    checks: list[Any] = list(CHECKS.get_by_names(CHECKED))
    found: dict[str, str] = {}
    documented = _codes(operation)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def look(case: schemathesis.Case[Any]) -> None:
        answer = case.call(session=session, auth=BoxAuth(shopper), verify=authority, timeout=20)
        try:
            case.validate_response(answer, checks=checks)
        except FailureGroup as group:
            for failure in group.exceptions:
                said = f"{operation.label} ({mode.value}): {answer.status_code}, {failure}\n{answer.text[:300]}"
                sent = f"sent: {answer.request.url} {answer.request.body!r:.300}"
                found.setdefault(f"{failure.title} {answer.status_code}", f"{said}\n{sent}")
        code = str(answer.json().get("code", "")) if answer.status_code >= 400 else ""
        if code and code not in documented.get(answer.status_code, ()):
            found.setdefault(code, f"{operation.label} ({mode.value}): {answer.status_code} {code} is not documented")
        if answer.status_code == 401:
            # the request ended the session, or asked with another: the next one has one again
            _anew(shopper)

    # where nothing can be wrong, as in a GET without parameters, there is nothing to ask
    with suppress(Unsatisfiable):
        look()
    session.close()
    return list(found.values())


def _codes(operation: APIOperation[Any, Any, Any, Any]) -> dict[int, set[str]]:
    """The codes of refusals that the document names for an operation, by status."""
    contents = {
        int(status): response.get("content", {}).get("application/problem+json", {})
        for status, response in operation.definition.raw["responses"].items()
    }
    return {status: set(content.get("examples", ())) for status, content in contents.items()}


def _anew(shopper: Shopper) -> None:
    """A session with the PIN; no limit of failures is still on from what was asked before."""
    shopper.headend.clock.advance(MINUTE_S)
    shopper.box.challenge()
    try:
        shopper.sign_in()
    except AssertionError:
        # wrong PINs lock it, which is as it should be
        shopper.headend.clock.advance(LOCK_S)
        shopper.sign_in()


def _made(results: Iterator[Any]) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    for each in results:
        assert isinstance(each, Ok), f"the document is off: {each.err()}"
        yield each.ok()
