"""M1, M2: more TVs on one account, what they cost, and how they go again (product.md M1, M2, T5)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.new_box import NewBox
from tests.support.room_shopper import RoomShopper, add_room, remove, start, stop
from tests.support.shopper import code_of, connect

# 21 November 2026 in Moscow: 10 of 30 days are left, today included; an extra TV is 50 ₽ a month
PART_OF_THE_FEE = 1667


@pytest.fixture
def family(new_world: NewWorld) -> Iterator[RoomShopper]:
    with new_world(households=("family", "ending")) as headend:
        yield RoomShopper(headend)


def test_M1_one_more_tv_costs_its_part_of_the_month_and_undo_gives_it_back(family: RoomShopper) -> None:
    balance, rooms = family.balance(), family.rooms()
    quote = family.quote(add_room(family.find()))
    assert quote["total"]["amount"] == PART_OF_THE_FEE
    (line,) = quote["lines"]
    assert (line["item"], line["room"], line["price"]["amount"], line["part"]["days"]) == ("room", "Спальня", 5000, 10)
    order = family.confirm(quote)
    assert family.balance() == balance - PART_OF_THE_FEE
    added = family.rooms()["Спальня"]
    assert (added["state"], added["model"], added["chip_id"]) == ("running", "STB-3100", "…0037")
    assert (added["this_box"], added["first"], added["since"]) == (False, False, "2026-11-21")
    assert added["fee"] == {"price": {"amount": 5000, "currency": "RUB"}, "ends_on": None}
    assert family.entries(1)[0]["kind"] == "room_fee"
    assert family.entries(1)[0]["room"] == "Спальня"
    family.undo(order)
    assert (family.balance(), family.rooms()) == (balance, rooms)
    assert list(family.room_fees()) == ["Кухня"]


def test_M1_four_tvs_and_no_fifth(family: RoomShopper) -> None:
    assert family.get("/v1/rooms")["free_places"] == 2
    spare = family.find("dacha")
    family.add("bedroom", "Спальня")
    family.add("nursery", "Детская")
    assert family.get("/v1/rooms")["free_places"] == 0
    fifth = family.try_quote(add_room(spare, "Дача"))
    assert (fifth.status_code, code_of(fifth), fifth.json()["rooms_max"]) == (409, "rooms_full", 4)
    family.order(remove(family.rooms()["Спальня"]))
    assert family.quote(add_room(spare, "Дача"))["total"]["amount"] == PART_OF_THE_FEE


def test_M1_two_in_one_order_count_too(family: RoomShopper) -> None:
    three = [add_room(family.find(box), box) for box in ("bedroom", "nursery", "dacha")]
    assert code_of(family.try_quote(*three)) == "rooms_full"
    twice = [add_room(family.find("bedroom"), "Спальня"), add_room(family.find("nursery"), "спальня ")]
    assert code_of(family.try_quote(*twice)) == "room_name_taken"
    assert family.quote(*three[:2])["total"]["amount"] == 2 * PART_OF_THE_FEE


def test_M1_one_box_is_not_sold_twice(family: RoomShopper) -> None:
    both = family.quote(add_room(family.find("nursery"), "А"), add_room(family.find("nursery"), "Б"))
    refused = family.try_confirm(both)
    assert (refused.status_code, code_of(refused)) == (403, "pairing_refused")
    assert "А" not in family.rooms()
    quotes = [family.quote(add_room(family.find(), name)) for name in ("Спальня", "Кабинет")]
    family.confirm(quotes[0])
    assert code_of(family.try_confirm(quotes[1])) == "quote_outdated"


def test_M1_two_accounts_race_for_one_box(family: RoomShopper) -> None:
    other = RoomShopper(family.headend, "ending")
    shoppers = (family, other)
    quotes = [each.quote(add_room(each.find())) for each in shoppers]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda pair: pair[0].try_confirm(pair[1]), zip(shoppers, quotes, strict=True)))
    assert sorted(each.status_code for each in answers) == [200, 403]
    assert ["Спальня" in each.rooms() for each in shoppers] == [each.status_code == 200 for each in answers]


def test_M1_stop_ends_the_fee_with_the_period_and_keeps_the_place(family: RoomShopper) -> None:
    kitchen = family.rooms()["Кухня"]
    quote = family.quote(stop(kitchen))
    assert quote["total"]["amount"] == 0
    assert quote["lines"][0]["ends"] == "2026-11-30"
    order = family.confirm(quote)
    assert family.rooms()["Кухня"]["state"] == "stopped"
    assert family.rooms()["Кухня"]["fee"]["ends_on"] == "2026-11-30"
    assert family.get("/v1/rooms")["free_places"] == 2
    assert code_of(family.try_quote(stop(kitchen))) == "room_state"
    family.undo(order)
    assert family.rooms()["Кухня"] == kitchen
    family.order(stop(kitchen))
    again = family.quote(start(kitchen))
    assert again["total"]["amount"] == 0
    family.confirm(again)
    assert family.rooms()["Кухня"] == kitchen
    assert code_of(family.try_quote(start(kitchen))) == "room_state"


def test_M1_start_in_a_later_month_costs_its_part(family: RoomShopper) -> None:
    family.order(stop(family.rooms()["Кухня"]))
    family.headend.clock.advance(11 * 86400)
    family.sign_in()
    stopped = family.rooms()["Кухня"]
    assert (stopped["state"], stopped["fee"]["price"]["amount"]) == ("stopped", 0)
    assert not [each for each in family.entries(20) if each["kind"] == "room_fee" and each["date"] >= "2026-12-01"]
    quote = family.quote(start(stopped))
    # 2 December: 30 of 31 days
    assert quote["total"]["amount"] == 4839
    family.confirm(quote)
    assert family.rooms()["Кухня"]["state"] == "running"


def test_M1_removed_the_box_is_nobodys_and_undo_brings_it_back(family: RoomShopper) -> None:
    kitchen = family.headend.box("family", "kitchen")
    kitchen.sign_in()
    rooms, balance = family.rooms(), family.balance()
    order = family.order(remove(rooms["Кухня"]))
    assert list(family.rooms()) == ["Гостиная"]
    assert family.balance() == balance
    ended = kitchen.request("GET", "/v1/account")
    assert (ended.status_code, code_of(ended)) == (401, "token_invalid")
    assert code_of(kitchen.try_sign_in()) == "box_unpaired"
    family.undo(order)
    assert family.rooms() == rooms
    assert kitchen.sign_in()["account_number"] == "102733458021"
    assert family.room_fees()["Кухня"]["state"] == "active"


def test_M1_a_removed_box_may_go_to_another_account_and_then_undo_is_too_late(family: RoomShopper) -> None:
    order = family.order(remove(family.rooms()["Кухня"]))
    other = RoomShopper(family.headend, "ending")
    other.add("kitchen", "Кабинет")
    late = family.try_undo(order)
    assert (late.status_code, code_of(late)) == (409, "undo_superseded")
    kitchen = family.headend.box("family", "kitchen")
    assert kitchen.sign_in()["account_number"] == other.get("/v1/account")["account_number"]


def test_M1_the_first_tv_is_neither_stopped_nor_removed(family: RoomShopper) -> None:
    first = family.rooms()["Гостиная"]
    for change in (stop, start, remove):
        refused = family.try_quote(change(first))
        assert (refused.status_code, code_of(refused)) == (409, "room_first")
    unknown = family.try_quote(stop({"id": "nowhere"}))
    assert (unknown.status_code, code_of(unknown)) == (404, "not_found")


def test_M1_a_room_gets_another_name_that_no_other_has(family: RoomShopper) -> None:
    room = family.rooms()["Кухня"]["id"]
    renamed = family.post(f"/v1/rooms/{room}", {"name": "  Столовая  у  окна "})
    assert renamed.json() == {"id": room, "name": "Столовая у окна"}
    assert "Столовая у окна" in family.rooms()
    taken = family.post(f"/v1/rooms/{room}", {"name": "гостиная"})
    assert (taken.status_code, code_of(taken)) == (409, "room_name_taken")
    assert family.post(f"/v1/rooms/{room}", {"name": "Столовая у окна"}).status_code == 200
    assert family.post(f"/v1/rooms/{room}", {"name": "к" * 40}).status_code == 200
    assert family.post(f"/v1/rooms/{room}", {"name": "к" * 41}).status_code == 400
    assert family.post("/v1/rooms/nowhere", {"name": "Кабинет"}).status_code == 404


def test_M1_a_box_moves_and_the_other_one_comes_back_for_it(family: RoomShopper) -> None:
    before = family.rooms()
    moved = family.post(f"/v1/rooms/{before['Кухня']['id']}/move", {"to_room": before["Гостиная"]["id"]})
    assert moved.json() == {"id": "living-room", "name": "Гостиная"}
    after = family.rooms()
    for box in ("chip_id", "card_number", "model"):
        assert (after["Кухня"][box], after["Гостиная"][box]) == (before["Гостиная"][box], before["Кухня"][box])
    assert after["Кухня"]["this_box"]
    assert after["Гостиная"]["first"]
    for place in ("Кухня", "Гостиная"):
        assert (after[place]["fee"], after[place]["state"]) == (before[place]["fee"], before[place]["state"])
    nowhere = family.post("/v1/rooms/kitchen/move", {"to_room": "kitchen"})
    assert (nowhere.status_code, code_of(nowhere)) == (409, "nothing_to_change")


def test_M1_what_moved_since_the_price_was_asked_for_is_asked_for_again(family: RoomShopper) -> None:
    quote = family.quote(remove(family.rooms()["Кухня"]))
    family.post("/v1/rooms/kitchen/move", {"to_room": "living-room"})
    outdated = family.try_confirm(quote)
    assert (outdated.status_code, code_of(outdated)) == (409, "quote_outdated")
    assert len(family.rooms()) == 2


def test_M1_needs_the_pin(family: RoomShopper) -> None:
    quote = family.quote(stop(family.rooms()["Кухня"]))
    family.sign_in(pin=False)
    for answer in (
        family.try_confirm(quote),
        family.post("/v1/rooms/kitchen", {"name": "Кабинет"}),
        family.post("/v1/rooms/kitchen/move", {"to_room": "living-room"}),
    ):
        assert (answer.status_code, code_of(answer)) == (401, "insufficient_user_authentication")


def test_M1_rooms_count_towards_the_limit_of_orders_and_the_money(family: RoomShopper) -> None:
    quote = family.quote(add_room(family.find()))
    assert quote["monthly_after"]["amount"] - quote["monthly_before"]["amount"] == 5000
    assert quote["costs"]


def test_M2_a_package_is_charged_once_and_every_tv_has_it(family: RoomShopper) -> None:
    family.add()
    order = family.order(connect("cinema"))
    assert [line["item"] for line in order["lines"]] == ["cinema"]
    cards = {each["room"]: each for each in family.get("/v1/entitlements")["cards"]}
    assert set(cards) == {"Гостиная", "Кухня", "Спальня"}
    opened = [{each["id"] for each in card["products"]} for card in cards.values()]
    assert opened == [{"basic", "kids", "hd", "sport", "cinema"}] * 3
    family.headend.clock.advance(10 * 86400)
    family.sign_in()
    december = [each for each in family.entries(20) if each["date"] == "2026-12-01"]
    assert [each["service"]["id"] for each in december].count("cinema") == 1
    assert sorted(each["room"] for each in december if each["kind"] == "room_fee") == ["Кухня", "Спальня"]


def test_M1_other_prices_at_another_operator(polaris: RunningHeadend) -> None:
    shopper = RoomShopper(polaris)
    shown = shopper.get("/v1/rooms")
    assert (shown["rooms_max"], shown["fee"]["currency"]) == (polaris.prepared.operator.rooms_max, "EUR")
    assert shown["fee"]["amount"] == polaris.prepared.operator.room_item().price
    code = NewBox(polaris).show_code()
    assert code["interval"] == 3
