"""T3, options and paid subscriptions, and the one list of what is paid for (product.md T3)."""

from __future__ import annotations

import pytest

from tests.support.headend_server import RunningHeadend
from tests.support.shopper import Shopper, code_of, connect, disconnect


@pytest.fixture
def family(headend: RunningHeadend) -> Shopper:
    return Shopper(headend)


def test_T3_one_list_with_rooms_whose_total_is_the_next_charge_of_home(family: Shopper) -> None:
    found, home = family.get("/v1/subscriptions"), family.get("/v1/account")
    assert {each["item"] for each in found["items"]} == {"basic", "kids", "hd", "sport", "room"}
    room = next(each for each in found["items"] if each["item"] == "room")
    assert (room["room"], room["price"]["amount"], room["can_disconnect"]) == ("Кухня", 5000, False)
    assert found["total"] == found["monthly"] == home["next_charge"]["sum"] == home["monthly_fee"]
    assert found["next_charge_on"] == home["next_charge"]["date"] == "2026-12-01"
    assert sum(each["next_charge"]["amount"] for each in found["items"]) == found["total"]["amount"]


def test_T3_what_ends_is_in_the_list_and_not_in_the_total(family: Shopper) -> None:
    before = family.get("/v1/subscriptions")["total"]["amount"]
    order = family.order(disconnect(family.held()["sport"]["id"]))
    found, home = family.get("/v1/subscriptions"), family.get("/v1/account")
    assert found["total"]["amount"] == before - 19900 == home["next_charge"]["sum"]["amount"]
    sport = next(each for each in found["items"] if each["item"] == "sport")
    assert (sport["state"], sport["next_charge"]["amount"], sport["can_disconnect"]) == ("ending", 0, False)
    family.undo(order)


def test_T3_options_are_listed_connected_and_disconnected(family: Shopper) -> None:
    options = {each["id"]: each for each in family.get("/v1/packages")["items"] if each["kind"] == "option"}
    assert options.keys() == {"archive", "archive-plus", "library"}
    order = family.order(connect("archive"))
    assert order["total"]["amount"] == 2300
    assert code_of(family.try_quote(connect("archive-plus"))) == "item_excluded"
    ended = family.order(disconnect(family.held()["archive"]["id"]))
    family.undo(ended)
    family.undo(order)


def test_T3_a_quote_warns_before_anything_that_costs_money(family: Shopper) -> None:
    quote = family.quote(connect("library"))
    assert quote["costs"]
    assert quote["monthly_after"]["amount"] - quote["monthly_before"]["amount"] == 29900
    ending = family.quote(disconnect(family.held()["sport"]["id"]))
    assert not ending["costs"]
    later = family.quote({"op": "change_tariff", "item": "extended", "when": "next"})
    assert (later["total"]["amount"], later["costs"]) == (0, True)


def test_T3_the_list_of_a_household_whose_sport_ends(headend: RunningHeadend) -> None:
    shopper = Shopper(headend, "ending", pin=False)
    assert shopper.held()["sport"]["state"] == "ending"
    assert shopper.get("/v1/subscriptions")["total"] == shopper.get("/v1/account")["next_charge"]["sum"]


@pytest.mark.parametrize(("household", "code"), [("debt", "account_stopped"), ("suspended", "account_suspended")])
def test_T3_who_may_not_watch_connects_nothing_and_may_end_things(
    headend: RunningHeadend, household: str, code: str
) -> None:
    shopper = Shopper(headend, household, pin=False)
    refused = shopper.try_quote(connect("music"))
    assert (refused.status_code, code_of(refused)) == (409, code)
    ending = next(each for each in shopper.get("/v1/subscriptions")["items"] if each["can_disconnect"])
    assert shopper.quote(disconnect(ending["id"]))["total"]["amount"] == 0
