"""I1, Internet on the same account: tariff, options, traffic, what the bundle saves, change by T5's quote or a QR."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from device.api.errors import ConfigError
from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.operator_side import go_to, said_by
from tests.support.shopper import code_of
from tests.support.viewer import Viewer
from tools.headend.api import internet_schemas
from tools.headend.domain.internet import GIB
from tools.headend.households import load_household
from tools.headend.storage.internet import has_internet

TOGETHER = 102733458749
NOBODY: dict[str, Any] = {
    "present": False,
    "tariff": None,
    "next_tariff": None,
    "monthly": {"amount": 0, "currency": "RUB"},
    "saves": {"amount": 0, "currency": "RUB"},
    "traffic": None,
    "options": [],
    "tariffs": [],
    "change": None,
}


def together(headend: RunningHeadend, *, pin: bool = False) -> Viewer:
    return Viewer(headend, "together", ("Мария", "Ковалёва"), pin=pin)


def internet(viewer: Viewer) -> dict[str, Any]:
    found = viewer.get("/v1/internet")
    internet_schemas.Internet.model_validate(found)
    return found


def used(headend: RunningHeadend, day: str, count: int) -> dict[str, Any]:
    arguments = ("--account", str(TOGETHER), "--day", day, "--used", str(count))
    return said_by(headend, "traffic", *arguments)


def test_I1_nothing_is_shown_where_the_account_has_none(headend: RunningHeadend) -> None:
    assert internet(Viewer(headend, "family", ("", ""), pin=False)) == NOBODY


def test_I1_tariff_speed_price_and_options(headend: RunningHeadend) -> None:
    found = internet(together(headend))
    assert (found["tariff"]["id"], found["tariff"]["mbit"], found["tariff"]["price"]["amount"]) == ("net-20", 20, 30000)
    assert found["monthly"]["amount"] == 30000 + 9900
    options = {each["id"]: each["state"] for each in found["options"]}
    assert options == {"router": "active", "static-ip": None}
    assert [(each["id"], each["current"]) for each in found["tariffs"]] == [
        ("net-20", True),
        ("net-100", False),
        ("net-500", False),
    ]
    assert found["change"] == {"on_tv": True, "url": None}


def test_I1_the_bundle_saves_what_it_costs_alone_more(headend: RunningHeadend) -> None:
    assert internet(together(headend))["saves"] == {"amount": 5000, "currency": "RUB"}, "350,00 alone, 300,00 beside TV"


def test_I1_traffic_left_and_used_by_day(new_world: NewWorld) -> None:
    with new_world(households=("together",)) as headend:
        viewer = together(headend)
        before = internet(viewer)["traffic"]
        assert (before["first"], before["last"], before["allowed"]) == ("2026-11-01", "2026-11-30", 100 * GIB)
        assert before["used"] == sum(each["used"] for each in before["days"])
        assert before["left"] == 100 * GIB - before["used"]
        assert [each["date"] for each in before["days"]] == [f"2026-11-{day:02d}" for day in range(1, 22)]
        assert used(headend, "2026-11-21", 3 * GIB) == {"day": "2026-11-21", "used": 3 * GIB}
        used(headend, "2026-11-21", 5 * GIB)
        after = internet(viewer)["traffic"]
        assert after["days"][-1] == {"date": "2026-11-21", "used": 5 * GIB}, "the last word counts"
        assert after["used"] == before["used"] - before["days"][-1]["used"] + 5 * GIB
        used(headend, "2026-11-20", 200 * GIB)
        assert internet(viewer)["traffic"]["left"] == 0, "never below"
        with pytest.raises(ConfigError, match="lies ahead"):
            used(headend, "2026-11-22", 1)
        go_to(headend, "2026-12-01 00:00:00")
        viewer.sign_in(pin=False)
        assert internet(viewer)["traffic"]["used"] == 0, "a calendar month of the region"


def test_I1_the_tariff_is_changed_by_a_quote_to_the_kopeck(new_world: NewWorld) -> None:
    with new_world(households=("together",)) as headend:
        viewer = together(headend, pin=True)
        balance = viewer.get("/v1/account")["balance"]["amount"]
        points = viewer.get("/v1/bonus")["points"]
        change = {"op": "change_tariff", "item": "net-100", "when": "now"}
        quote = viewer.did("/v1/subscriptions/quotes", {"changes": [change]})
        # 10 of 30 days with today: 100,00 returned, 150,00 charged
        assert sorted(line["amount"]["amount"] for line in quote["lines"]) == [-10000, 15000]
        order = viewer.did("/v1/subscriptions", {"quote_id": quote["id"]})["id"]
        assert viewer.get("/v1/account")["balance"]["amount"] == balance - 5000
        found = internet(viewer)
        assert (found["tariff"]["id"], found["traffic"]["left"], found["saves"]["amount"]) == ("net-100", None, 10000)
        assert viewer.get("/v1/bonus")["points"] == points, "20 % of TV fees, not of these"
        assert viewer.get("/v1/parental")["spent"]["amount"] == 0, "not among the orders of C1"
        viewer.did("/v1/subscriptions/undo", {"order_id": order})
        assert viewer.get("/v1/account")["balance"]["amount"] == balance
        assert internet(viewer)["tariff"]["id"] == "net-20"


def test_I1_a_tariff_for_the_next_period_is_told(new_world: NewWorld) -> None:
    with new_world(households=("together",)) as headend:
        viewer = together(headend, pin=True)
        viewer.order({"op": "change_tariff", "item": "net-500", "when": "next"})
        found = internet(viewer)
        assert (found["tariff"]["id"], found["tariff"]["ends_on"]) == ("net-20", "2026-11-30")
        assert (found["next_tariff"]["id"], found["next_tariff"]["since"]) == ("net-500", "2026-12-01")
        go_to(headend, "2026-12-01 00:00:00")
        viewer.sign_in(pin=False)
        found = internet(viewer)
        assert (found["tariff"]["id"], found["next_tariff"]) == ("net-500", None)


def test_I1_an_option_is_connected_by_a_quote(new_world: NewWorld) -> None:
    with new_world(households=("together",)) as headend:
        viewer = together(headend, pin=True)
        viewer.order({"op": "connect", "item": "static-ip"})
        options = {each["id"]: each["state"] for each in internet(viewer)["options"]}
        assert options == {"router": "active", "static-ip": "active"}


def test_I1_who_has_none_cannot_order_it_here(headend: RunningHeadend) -> None:
    viewer = Viewer(headend, "family", ("Иван", "Петров"))
    change = {"op": "change_tariff", "item": "net-100", "when": "now"}
    refused = viewer.post("/v1/subscriptions/quotes", {"changes": [change]})
    assert (refused.status_code, code_of(refused)) == (409, "change_unsuitable")


def test_I1_where_the_rule_does_not_allow_it_on_the_tv_there_is_a_qr(polaris: RunningHeadend) -> None:
    viewer = together(polaris, pin=True)
    found = internet(viewer)
    assert found["change"] == {"on_tv": False, "url": "https://polaris.example/internet"}
    assert (found["tariff"]["mbit"], found["saves"]["amount"]) == (30, 200)
    change = {"op": "change_tariff", "item": "net-100", "when": "now"}
    refused = viewer.post("/v1/subscriptions/quotes", {"changes": [change]})
    assert (refused.status_code, code_of(refused)) == (409, "change_unsuitable")


def test_I1_who_has_internet_is_known_to_the_rules_of_a_block(headend: RunningHeadend) -> None:
    today = headend.clock.now().date()
    family = int(load_household("family", "mts").account_number)
    with headend.service.services.database.read() as connection:
        assert has_internet(connection, TOGETHER, today)
        assert not has_internet(connection, family, today)
        assert not has_internet(connection, TOGETHER, today - timedelta(days=3650))
