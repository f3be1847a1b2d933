"""T2, channel packages: list, channels, connect, disconnect, what goes together; M2's once an account."""

from __future__ import annotations

import pytest

from tests.support.headend_server import RunningHeadend
from tests.support.shopper import Shopper, code_of, connect, disconnect


@pytest.fixture
def family(headend: RunningHeadend) -> Shopper:
    return Shopper(headend)


def packages(shopper: Shopper) -> dict[str, dict[str, object]]:
    return {each["id"]: each for each in shopper.get("/v1/packages")["items"]}


def test_T2_list_tells_what_is_connected_and_what_each_has(family: Shopper) -> None:
    found = packages(family)
    assert (found["sport"]["state"], found["cinema"]["state"]) == ("active", "available")
    assert found["sport"]["subscription"] == family.held()["sport"]["id"]
    assert found["cinema"]["price"] == {"amount": 24900, "currency": "RUB"}
    channels = family.get("/v1/channels?item=sport")["items"]
    assert len(channels) == found["sport"]["channels"] == 12
    assert all("sport" in each["items"] for each in channels)


def test_T2_connect_and_disconnect(family: Shopper) -> None:
    first = family.order(connect("cinema"))
    assert packages(family)["cinema"]["state"] == "active"
    second = family.order(disconnect(family.held()["cinema"]["id"]))
    ending = packages(family)["cinema"]
    assert (ending["state"], ending["ends_on"]) == ("ending", "2026-11-30")
    family.undo(second)
    family.undo(first)
    assert packages(family)["cinema"]["state"] == "available"


def test_T2_requires(family: Shopper) -> None:
    assert packages(family)["uhd"]["requires"] == ["hd"]
    order = family.order(connect("uhd"))
    refused = family.try_quote(disconnect(family.held()["hd"]["id"]))
    assert (refused.status_code, code_of(refused)) == (409, "item_required")
    assert (refused.json()["item"], refused.json()["items"]) == ("uhd", ["hd"])
    family.undo(order)


def test_T2_excludes(family: Shopper) -> None:
    refused = family.try_quote(connect("sport-mini"))
    assert (refused.status_code, code_of(refused)) == (409, "item_excluded")
    instead = family.quote(disconnect(family.held()["sport"]["id"]), connect("sport-mini"))
    assert instead["total"]["amount"] == 3300


def test_T2_an_adult_package_says_so_and_needs_the_pin(headend: RunningHeadend) -> None:
    shopper = Shopper(headend, pin=False)
    night = packages(shopper)["night"]
    assert (night["age"], night["adult"]) == (18, True)
    refused = shopper.try_confirm(shopper.quote(connect("night")))
    assert (refused.status_code, code_of(refused)) == (401, "insufficient_user_authentication")


def test_T2_what_is_ordered_on_one_tv_is_on_all_and_charged_once(headend: RunningHeadend) -> None:
    one, other = Shopper(headend), Shopper(headend, "family", "kitchen", pin=False)
    before = one.balance()
    order = one.order(connect("cinema"))
    assert packages(other)["cinema"]["state"] == "active"
    assert code_of(other.try_quote(connect("cinema"))) == "already_connected"
    assert other.balance() == before - 8300
    one.undo(order)
