"""T1, the tariff: the list of the region, compare, change now or from the next period, history (product.md T1)."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.shopper import Shopper, code_of, tariff


@pytest.fixture
def family(headend: RunningHeadend) -> Shopper:
    return Shopper(headend)


def test_T1_list_of_the_region_can_be_compared_with_the_current_one(family: Shopper) -> None:
    found = {each["id"]: each for each in family.get("/v1/tariffs")["items"]}
    assert list(found) == ["basic", "extended", "premium"]
    basic, extended = found["basic"], found["extended"]
    assert (basic["state"], extended["state"]) == ("current", "available")
    assert extended["price"] == {"amount": 35000, "currency": "RUB"}
    assert extended["channels"] - basic["channels"] == extended["more_channels"] > 0
    assert (extended["fewer_channels"], basic["more_channels"]) == (0, 0)


def test_T1_next_period_changes_nothing_before_it(family: Shopper) -> None:
    before = family.balance()
    order = family.order(tariff("extended", "next"))
    assert (order["total"]["amount"], family.balance()) == (0, before)
    states = {each["id"]: each["state"] for each in family.get("/v1/tariffs")["items"]}
    assert states == {"basic": "current", "extended": "coming", "premium": "available"}
    held = family.held()
    assert (held["basic"]["state"], held["basic"]["ends_on"]) == ("ending", "2026-11-30")
    assert (held["extended"]["state"], held["extended"]["since"]) == ("coming", "2026-12-01")
    family.undo(order)
    assert "extended" not in family.held()


def test_T1_next_charge_of_home_is_that_of_the_coming_tariff(family: Shopper) -> None:
    now = family.get("/v1/account")["next_charge"]["sum"]["amount"]
    order = family.order(tariff("extended", "next"))
    assert family.get("/v1/account")["next_charge"]["sum"]["amount"] == now + 10000
    assert family.get("/v1/subscriptions")["total"]["amount"] == now + 10000
    family.undo(order)


def test_T1_history_tells_every_change(family: Shopper) -> None:
    order = family.order(tariff("extended", "next"))
    history = family.get("/v1/tariffs/history")["items"]
    assert [(each["id"], each["since"], each["ends_on"]) for each in history] == [
        ("extended", "2026-12-01", None),
        ("basic", "2024-05-01", "2026-11-30"),
    ]
    family.undo(order)
    assert [each["id"] for each in family.get("/v1/tariffs/history")["items"]] == ["basic"]


def test_T1_from_the_first_the_new_tariff_is_charged_and_only_it(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        shopper = Shopper(headend)
        shopper.order(tariff("extended", "next"))
        before, monthly = shopper.balance(), shopper.get("/v1/account")["next_charge"]["sum"]["amount"]
        midnight = datetime.fromisoformat("2026-11-30T21:00:00+00:00")
        headend.clock.advance((midnight - headend.clock.now()).total_seconds() - 1)
        shopper.sign_in()
        assert shopper.get("/v1/account")["tariff"]["id"] == "basic"
        assert shopper.balance() == before
        headend.clock.advance(1)
        assert shopper.get("/v1/account")["tariff"]["id"] == "extended"
        assert shopper.balance() == before - monthly
        fees = [each for each in shopper.entries(10) if each["kind"] == "tariff_fee" and each["date"] == "2026-12-01"]
        assert [(each["service"]["id"], each["amount"]["amount"]) for each in fees] == [("extended", -35000)]


def test_T1_the_tariff_that_runs_can_stay_after_all(family: Shopper) -> None:
    held = family.held()
    order = family.order(tariff("extended", "next"))
    stayed = family.order(tariff("basic"))
    assert (stayed["total"]["amount"], family.held()) == (0, held)
    family.undo(stayed)
    family.undo(order)
    assert family.held() == held


def test_T1_change_needs_the_pin(headend: RunningHeadend) -> None:
    shopper = Shopper(headend, pin=False)
    refused = shopper.try_confirm(shopper.quote(tariff("extended")))
    assert (refused.status_code, code_of(refused)) == (401, "insufficient_user_authentication")


def test_T1_another_operators_tariffs_and_prices(polaris: RunningHeadend) -> None:
    shopper = Shopper(polaris)
    found = {each["id"]: each["price"] for each in shopper.get("/v1/tariffs")["items"]}
    assert found == {
        "basic": {"amount": 890, "currency": "EUR"},
        "extended": {"amount": 1290, "currency": "EUR"},
    }
    order = shopper.order(tariff("extended"))
    # 890 x 10 / 30 = 296.67 returned, 1290 x 10 / 30 = 430 charged
    assert order["total"] == {"amount": 430 - 297, "currency": "EUR"}
