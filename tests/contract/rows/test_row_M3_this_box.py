"""M3: every box sees all rooms and which one it is; what an extra box may not do (product.md M3)."""

from __future__ import annotations

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.new_box import NewBox
from tests.support.room_shopper import RoomShopper, stop
from tests.support.shopper import code_of

TRANSFER = {"recipient": "102733458567", "amount": {"amount": 1000, "currency": "RUB"}}


def test_M3_every_box_sees_all_rooms_and_which_one_it_is(headend: RunningHeadend) -> None:
    for box, name in (("living-room", "Гостиная"), ("kitchen", "Кухня")):
        shown = RoomShopper(headend, box=box, pin=False).get("/v1/rooms")["items"]
        assert [each["name"] for each in shown] == ["Гостиная", "Кухня"]
        assert [each["name"] for each in shown if each["this_box"]] == [name]
        assert [each["first"] for each in shown] == [True, False]


def test_M3_an_extra_box_is_refused_what_the_operator_refuses(headend: RunningHeadend) -> None:
    kitchen = RoomShopper(headend, box="kitchen")
    assert kitchen.get("/v1/rooms")["refused_here"] == ["credit", "suspensions", "transfers"]
    refused = kitchen.post("/v1/transfers/quotes", TRANSFER)
    assert (refused.status_code, code_of(refused)) == (403, "extra_box_refused")
    # the rest works there as on the first
    kitchen.quote(stop(kitchen.rooms()["Кухня"]))
    kitchen.get("/v1/entitlements")
    living_room = RoomShopper(headend)
    assert living_room.get("/v1/rooms")["refused_here"] == []
    allowed = living_room.post("/v1/transfers/quotes", TRANSFER)
    assert allowed.json().get("code") != "extra_box_refused"


def test_M3_rooms_are_the_first_boxs_where_the_operator_says_so(polaris: RunningHeadend) -> None:
    kitchen = RoomShopper(polaris, box="kitchen")
    for refused in (
        kitchen.post("/v1/rooms/kitchen", {"name": "Kuchyňa"}),
        kitchen.try_quote(stop(kitchen.rooms()["Кухня"])),
        kitchen.box.request("POST", "/v1/pairing-codes/claim-by-numbers", body=NewBox(polaris).numbers),
    ):
        assert (refused.status_code, code_of(refused)) == (403, "extra_box_refused")
    RoomShopper(polaris).quote(stop(kitchen.rooms()["Кухня"]))


def test_M3_a_box_that_moves_takes_the_rights_of_its_new_place(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        kitchen = RoomShopper(headend, box="kitchen")
        assert code_of(kitchen.post("/v1/transfers/quotes", TRANSFER)) == "extra_box_refused"
        assert kitchen.post("/v1/rooms/kitchen/move", {"to_room": "living-room"}).status_code == 200
        assert kitchen.post("/v1/transfers/quotes", TRANSFER).json().get("code") != "extra_box_refused"
