"""No read and no change across accounts (quality.md, Correct and safe): what one has is not there for another."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
import requests

from tests.support.headend_server import RunningHeadend
from tests.support.shopper import Shopper, connect
from tools.headend.households import load_household

MINE, THEIRS = "family", "ending"
STREAM = "/v1/events"


@pytest.fixture(scope="module")
def document(world: RunningHeadend) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(
        f"{world.origin}/openapi.json", verify=str(world.keys.ca_certificate), timeout=20
    ).json()
    return found


def paths(document: dict[str, Any], method: str) -> list[str]:
    return [path for path, methods in document["paths"].items() if method in methods and path.startswith("/v1/")]


@pytest.fixture
def mine(world: RunningHeadend) -> Shopper:
    world.clock.advance(60)
    return Shopper(world, MINE)


@pytest.fixture
def theirs(world: RunningHeadend) -> Shopper:
    return Shopper(world, THEIRS)


def made_by(shopper: Shopper) -> dict[str, str]:
    """Ids of what another account has, by the name of the path's parameter, and in its bodies."""
    helped = shopper.get("/v1/help")
    ticket = shopper.post("/v1/tickets", {"subject": helped["subjects"][0]["id"]}).json()
    quote = shopper.quote(connect("music"))
    order = shopper.confirm(shopper.quote(connect("archive")))
    made = {"ticket_id": str(ticket["id"]), "quote_id": quote["id"], "order_id": order["id"]}
    assert all(len(each) > 30 for each in made.values()), "ids that can be guessed show nothing here"
    return made


def test_nothing_that_is_read_names_another_account(mine: Shopper, document: dict[str, Any]) -> None:
    household = load_household(THEIRS, "mts")
    words = [household.account_number, household.holder.name, household.holder.phone, household.contract_number]
    words += [each for box in household.boxes for each in (box.chip_id, box.card_number)]
    plain = [path for path in paths(document, "get") if "{" not in path and path != STREAM]
    assert len(plain) > 20
    read = 0
    for path in plain:
        answer = mine.box.request("GET", path)
        assert answer.status_code in (200, 400), (path, answer.text)
        read += answer.status_code == 200
        found = [word for word in words if re.search(rf"(?<!\d){re.escape(word)}(?!\d)", answer.text)]
        assert not found, f"{path} shows {found}"
    assert read > 20


def test_ids_of_another_account_are_not_there(mine: Shopper, theirs: Shopper, document: dict[str, Any]) -> None:
    made = made_by(theirs)
    before = theirs.get("/v1/account"), theirs.get("/v1/tickets"), theirs.held()
    for method in ("get", "post", "delete"):
        for path in paths(document, method):
            for name in re.findall(r"\{(\w+)\}", path):
                asked = path.replace(f"{{{name}}}", made.get(name, made["ticket_id"]))
                key = secrets.token_hex(8)
                answer = mine.box.request(method.upper(), asked, key=key, body={} if method == "post" else None)
                assert answer.status_code in (400, 403, 404, 409), (method, asked, answer.status_code, answer.text)
    text = {"text": "x"}
    for path, body in (
        ("/v1/subscriptions", {"quote_id": made["quote_id"]}),
        ("/v1/subscriptions/undo", {"order_id": made["order_id"]}),
        (f"/v1/tickets/{made['ticket_id']}/messages", text),
    ):
        answer = mine.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (path, answer.text)
    assert (theirs.get("/v1/account"), theirs.get("/v1/tickets"), theirs.held()) == before
