"""A8: boxes, cards and router of the account (product.md A8)."""

from __future__ import annotations

from tests.support.headend_server import RunningHeadend
from tests.support.room_shopper import RoomShopper
from tests.support.shopper import Shopper


def test_A8_boxes_and_cards_by_room_with_masked_numbers(headend: RunningHeadend) -> None:
    shopper = Shopper(headend, pin=False)
    items = shopper.get("/v1/equipment")["items"]
    assert [(each["kind"], each["room"], each["number"], each["model"]) for each in items] == [
        ("box", "Гостиная", "…0011", "STB-5200"),
        ("card", "Гостиная", "…5801", ""),
        ("box", "Кухня", "…0029", "STB-3100"),
        ("card", "Кухня", "…5819", ""),
    ]
    assert [each["this_box"] for each in items] == [True, True, False, False]
    assert {each["ownership"] for each in items} == {"own"}
    assert {each["fee"]["amount"] for each in items} == {0}
    assert [each["since"] for each in items[2:]] == ["2026-03-03"] * 2
    for whole in ("884100270011", "410273345801"):
        assert whole not in str(items)


def test_A8_what_is_rented_says_so_and_what_it_costs(headend: RunningHeadend) -> None:
    headend.clock.advance(1)
    box = headend.box("together")
    box.sign_in()
    items = box.request("GET", "/v1/equipment").json()["items"]
    price = headend.prepared.operator.items["router"].price
    assert price > 0
    assert [(each["kind"], each["ownership"], each["fee"]["amount"]) for each in items] == [
        ("box", "rented", 0),
        ("card", "own", 0),
        ("router", "rented", price),
    ]
    router = items[2]
    assert (router["model"], router["number"], router["room"], router["since"]) == (
        "AX-1800",
        "…4477",
        None,
        "2025-07-01",
    )


def test_A8_an_added_box_is_there_and_a_removed_one_is_not(headend: RunningHeadend) -> None:
    shopper = RoomShopper(headend)
    order = shopper.add()
    assert [each["number"] for each in shopper.get("/v1/equipment")["items"]][-2:] == ["…0037", "…5827"]
    shopper.undo(order)
    assert len(shopper.get("/v1/equipment")["items"]) == 4
