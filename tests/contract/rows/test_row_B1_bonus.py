"""B1, bonus: join and leave, points of fees really charged, history, exchange, undo, expiry."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.operator_side import charge_through, go_to, pay_in, said_by
from tests.support.shopper import code_of
from tests.support.viewer import Viewer
from tools.headend.api import bonus_schemas

TOGETHER, FAMILY = "102733458749", "102733458021"


def together(headend: RunningHeadend, *, pin: bool = True) -> Viewer:
    return Viewer(headend, "together", ("Мария", "Ковалёва"), pin=pin)


def family(headend: RunningHeadend) -> Viewer:
    return Viewer(headend, "family", ("Иван", "Петров"))


def test_B1_points_are_shown_with_their_expiry_and_what_they_suffice_for(headend: RunningHeadend) -> None:
    found = bonus(together(headend, pin=False))
    assert (found["member"], found["points"], found["spendable"], found["owed"]) == (True, 940, 940, 0)
    assert (found["percent"], found["point"]) == (20, {"amount": 100, "currency": "RUB"})
    assert sum(each["points"] for each in found["expiring"]) == 940
    enough = {each["id"]: (each["enough"], each["lacking"]) for each in found["rewards"]}
    assert enough["discount-300"] == enough["remote-control"] == (True, 0)
    few = bonus(family(headend))
    enough = {each["id"]: (each["enough"], each["lacking"]) for each in few["rewards"]}
    assert (few["points"], enough["discount-300"], enough["remote-control"]) == (340, (True, 0), (False, 560))
    assert {each["kind"] for each in few["rewards"]} == {"discount", "service", "gift"}


def test_B1_join_and_leave_need_no_pin_and_happen_once(new_world: NewWorld) -> None:
    with new_world(households=("new",)) as headend:
        viewer = Viewer(headend, "new", ("", ""), pin=False)
        assert (bonus(viewer)["member"], points(viewer)) == (False, 0)
        pay_in(headend, "102733458567", 100_000, "first")
        assert viewer.did("/v1/bonus/join") == {"member": True}
        since = bonus(viewer)["since"]
        headend.clock.advance(60)
        assert viewer.did("/v1/bonus/join") == {"member": True}
        assert bonus(viewer)["since"] == since
        go_to(headend, "2026-12-01 00:00:00")
        viewer.sign_in(pin=False)
        assert points(viewer) == 50, "20 % of 250,00"
        assert viewer.did("/v1/bonus/leave") == {"member": False}
        go_to(headend, "2027-01-01 00:00:00")
        viewer.sign_in(pin=False)
        assert (bonus(viewer)["member"], points(viewer)) == (False, 50)


def test_B1_a_fifth_of_the_monthly_tv_fees_comes_back_when_they_are_charged(new_world: NewWorld) -> None:
    with new_world(households=("together", "family")) as headend:
        before = points(together(headend, pin=False))
        go_to(headend, "2026-12-01 00:00:00")
        charge_through(headend, "2026-12-01")
        viewer = together(headend, pin=False)
        assert points(viewer) == before + 110, "of 350,00 and 199,00, half up; Internet's fees earn nothing"
        assert points(family(headend)) == 340 + 145, "of 727,00: tariff, three packages and the second TV"
        newest = viewer.get("/v1/bonus/entries?limit=1")["items"][0]
        assert (newest["kind"], newest["points"], newest["date"]) == ("earned", 110, "2026-12-01")


def test_B1_an_order_earns_its_part_and_an_undo_takes_it_back(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        order = viewer.order({"op": "connect", "item": "cinema"})
        assert points(viewer) == 340 + 17, "20 % of 83,00 is 16,6"
        assert bonus(viewer)["spendable"] == 340, "not while it can be undone"
        headend.clock.advance(300)
        viewer.sign_in()
        assert bonus(viewer)["spendable"] == 340, "to its last second"
        viewer.did("/v1/subscriptions/undo", {"order_id": order})
        assert points(viewer) == 340
        kinds = [(each["kind"], each["points"], each["order_id"]) for each in viewer.get("/v1/bonus/entries")["items"]]
        assert kinds[:2] == [("taken_back", -17, order), ("earned", 17, order)]
        viewer.order({"op": "connect", "item": "cinema"})
        headend.clock.advance(301)
        viewer.sign_in()
        assert bonus(viewer)["spendable"] == 357


def test_B1_what_a_tariff_change_returns_takes_its_points(new_world: NewWorld) -> None:
    with new_world(households=("together",)) as headend:
        viewer = together(headend)
        before = points(viewer)
        viewer.order({"op": "change_tariff", "item": "basic", "when": "now"})
        # nothing was earned since he joined, so nothing is taken for what was charged before
        assert (points(viewer), bonus(viewer)["owed"]) == (before, 0)
        viewer.order({"op": "change_tariff", "item": "extended", "when": "now"})
        assert points(viewer) == before + 7, "20 % of 116,67 charged less 83,33 returned"


@pytest.mark.parametrize("reward", ["discount-300", "music-month", "remote-control"])
def test_B1_exchange_needs_the_pin(headend: RunningHeadend, reward: str) -> None:
    refused = together(headend, pin=False).post("/v1/bonus/exchanges", {"reward": reward})
    assert (refused.status_code, code_of(refused)) == (401, "insufficient_user_authentication")


def test_B1_a_discount_comes_off_the_next_fees_and_never_into_the_balance(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        balance = viewer.get("/v1/account")["balance"]["amount"]
        assert viewer.did("/v1/bonus/exchanges", {"reward": "discount-300"})["points"] == 40
        found = bonus(viewer)
        assert (found["points"], found["discount"]["amount"]) == (40, 30_000)
        assert found["exchanges"][0]["state"] == "waiting"
        assert viewer.get("/v1/account")["balance"]["amount"] == balance
        fees = viewer.get("/v1/account")["monthly_fee"]["amount"]
        go_to(headend, "2026-12-01 00:00:00")
        viewer.sign_in()
        assert viewer.get("/v1/account")["balance"]["amount"] == balance - fees + 30_000
        entry = next(each for each in viewer.get("/v1/ledger/entries")["items"] if each["kind"] == "discount")
        assert entry["amount"]["amount"] == 30_000
        found = bonus(viewer)
        assert (found["discount"]["amount"], found["exchanges"][0]["state"]) == (0, "used")
        # only what was really charged earns
        assert found["points"] == 40 + (2 * (fees - 30_000) * 20 + 10_000) // 20_000


def test_B1_discounts_beyond_a_months_fees_wait_for_the_next(new_world: NewWorld) -> None:
    with new_world(households=("ending",)) as headend:
        viewer = Viewer(headend, "ending", ("Елена", "Морозова"))
        pay_in(headend, "102733458658", 100_000, "enough")
        database = headend.service.services.database
        give_points(database, 102733458658, 700)
        for _ in range(2):
            viewer.did("/v1/bonus/exchanges", {"reward": "discount-300"})
        before = viewer.get("/v1/account")["balance"]["amount"]
        go_to(headend, "2026-12-01 00:00:00")
        viewer.sign_in()
        # «Базовый» alone, 250,00, is charged
        assert viewer.get("/v1/account")["balance"]["amount"] == before
        found = bonus(viewer)
        assert found["discount"]["amount"] == 60_000 - 25_000
        assert [each["left"]["amount"] for each in found["exchanges"]] == [30_000, 5_000], "newest first"
        go_to(headend, "2027-01-01 00:00:00")
        viewer.sign_in()
        assert bonus(viewer)["discount"]["amount"] == 60_000 - 2 * 25_000


def bonus(viewer: Viewer) -> dict[str, Any]:
    found = viewer.get("/v1/bonus")
    bonus_schemas.BonusProgramme.model_validate(found)
    assert found["points"] == viewer.get("/v1/account")["bonus"]["points"]
    return found


def points(viewer: Viewer) -> int:
    return int(bonus(viewer)["points"])


def give_points(database: Any, account_id: int, count: int) -> None:
    from datetime import date

    from tools.headend.storage import bonus as stored

    def work(connection: Any) -> None:
        stored.add_grant(connection, account_id, "gift:test", count, date(2026, 11, 1), date(2027, 11, 1))
        stored.keep_points(connection, account_id)

    database.write(work)


def test_B1_a_service_runs_for_its_month_costs_nothing_and_ends_by_itself(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        balance = viewer.get("/v1/account")["balance"]["amount"]
        viewer.did("/v1/bonus/exchanges", {"reward": "music-month"})
        held = {each["item"]: each for each in viewer.get("/v1/subscriptions")["items"]}
        assert (held["music"]["ends_on"], held["music"]["price"]["amount"]) == ("2026-12-20", 0)
        again = viewer.post("/v1/bonus/exchanges", {"reward": "music-month"})
        assert (again.status_code, code_of(again)) == (409, "service_held")
        # it cannot be made to go on for nothing
        refused = viewer.post("/v1/subscriptions/quotes", {"changes": [{"op": "connect", "item": "music"}]})
        assert code_of(refused) == "already_connected"
        assert viewer.get("/v1/account")["balance"]["amount"] == balance
        go_to(headend, "2026-12-20 23:59:59")
        viewer.sign_in()
        assert "music" in {each["item"] for each in viewer.get("/v1/subscriptions")["items"]}
        go_to(headend, "2026-12-21 00:00:00")
        viewer.sign_in()
        assert "music" not in {each["item"] for each in viewer.get("/v1/subscriptions")["items"]}
        assert bonus(viewer)["exchanges"][0]["state"] == "ended"
        fees = 25000 + 9900 + 12900 + 19900 + 5000
        assert viewer.get("/v1/account")["balance"]["amount"] == balance - fees


def test_B1_a_gift_is_handed_over_by_the_operator(new_world: NewWorld) -> None:
    with new_world(households=("together",)) as headend:
        viewer = together(headend)
        made = viewer.did("/v1/bonus/exchanges", {"reward": "remote-control"})
        assert made["points"] == 40
        assert bonus(viewer)["exchanges"][0]["state"] == "ordered"
        arguments = ("gift-state", "--account", TOGETHER, "--exchange", made["exchange_id"], "--state", "handed_over")
        assert said_by(headend, *arguments)["state"] == "handed_over"
        assert bonus(viewer)["exchanges"][0]["state"] == "handed_over"


def test_B1_points_that_do_not_suffice_buy_nothing(headend: RunningHeadend) -> None:
    viewer = family(headend)
    refused = viewer.post("/v1/bonus/exchanges", {"reward": "remote-control"})
    assert (refused.status_code, code_of(refused), refused.json()["points_lacking"]) == (409, "points_lacking", 560)
    unknown = viewer.post("/v1/bonus/exchanges", {"reward": "yacht"})
    assert (unknown.status_code, code_of(unknown)) == (404, "not_found")
    assert points(viewer) == 340


def test_B1_the_oldest_points_go_first_and_expire_after_twelve_months(new_world: NewWorld) -> None:
    with new_world(households=("together",)) as headend:
        viewer = together(headend)
        assert bonus(viewer)["expiring"] == [
            {"points": 313, "on": "2027-01-01"},
            {"points": 627, "on": "2027-11-01"},
        ]
        viewer.did("/v1/bonus/exchanges", {"reward": "discount-300"})
        assert bonus(viewer)["expiring"][0] == {"points": 13, "on": "2027-01-01"}
        go_to(headend, "2026-12-31 23:59:59")
        viewer.sign_in()
        before = points(viewer)
        assert bonus(viewer)["expiring"][0]["points"] == 13
        go_to(headend, "2027-01-01 00:00:00")
        viewer.sign_in()
        earned = 110
        assert points(viewer) == before - 13 + earned
        kinds = [(each["kind"], each["points"]) for each in viewer.get("/v1/bonus/entries")["items"]]
        assert ("expired", -13) in kinds


def test_B1_the_same_exchange_asked_for_twice_is_made_once(headend: RunningHeadend) -> None:
    viewer = together(headend)
    before = points(viewer)
    for _ in range(2):
        answer = viewer.box.request("POST", "/v1/bonus/exchanges", body={"reward": "discount-100"}, key="pressed-twice")
        assert answer.status_code == 200
    assert points(viewer) == before - 100


def test_B1_history_is_paged_newest_first(headend: RunningHeadend) -> None:
    viewer = together(headend)
    whole = viewer.get("/v1/bonus/entries")["items"]
    bonus_schemas.BonusEntries.model_validate({"items": whole, "next_cursor": None})
    assert len(whole) >= 2
    first = viewer.get("/v1/bonus/entries?limit=1")
    second = viewer.get(f"/v1/bonus/entries?limit=1&cursor={first['next_cursor']}")
    assert [first["items"][0], second["items"][0]] == whole[:2]
    assert sum(each["points"] for each in whole) == points(viewer)


def test_B1_polaris_has_its_own_programme(polaris: RunningHeadend) -> None:
    viewer = Viewer(polaris, "family", ("Иван", "Петров"))
    found = bonus(viewer)
    assert (found["percent"], found["point"]) == (10, {"amount": 10, "currency": "EUR"})
    assert found["name"]["en"] == "Polar points"
