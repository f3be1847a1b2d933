"""U1, the temporary block: 1 to 30 days, once in 12 months from the last start, fee at the start from own money, what
falls inside is not charged, the rest of that period by T5 at the end (product.md U1)."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from tests.support.headend_server import RunningHeadend
from tests.support.household_viewer import Viewer, code_of
from tools.headend.api import terms_schemas
from tools.headend.storage import tables

PATH = "/v1/suspensions"
TV_FEE, NET = 72700, 30000
FEE = TV_FEE + NET
"""A monthly fee of family with Internet beside it."""
BLOCK_FEE = 10000
"""In Moscow."""
TODAY = date(2026, 11, 21)


@pytest.fixture
def family(world: RunningHeadend) -> Viewer:
    """With home Internet, which mts asks for."""
    viewer = Viewer.afresh(world)
    viewer.write(
        insert(tables.subscriptions).values(
            account_id=viewer.account_id,
            subscription_id="net",
            position=99,
            item_id="net-20",
            kind="internet",
            price=NET,
            since=date(2026, 1, 1),
            order_channel="salon",
        )
    )
    return viewer


def order(viewer: Viewer, first_day: date, days: int) -> dict[str, Any]:
    return viewer.post(PATH, {"first_day": first_day.isoformat(), "days": days})


def refused(viewer: Viewer, first_day: date | str, days: int) -> tuple[int, str]:
    return code_of(viewer.ask("POST", PATH, {"first_day": str(first_day), "days": days}))


def state_of(viewer: Viewer) -> str:
    return str(viewer.get(PATH)["items"][0]["state"])


def test_U1_one_to_thirty_days_today_or_later(family: Viewer) -> None:
    listed = family.get(PATH)
    terms_schemas.Suspensions.model_validate(listed, strict=True)
    offer = listed["offer"]
    assert (offer["available"], offer["days_least"], offer["days_most"]) == (True, 1, 30)
    assert (offer["earliest"], offer["fee"]["amount"]) == ("2026-11-21", BLOCK_FEE)
    for days in (0, 31):
        assert refused(family, TODAY, days) == (400, "request_invalid")
    assert refused(family, TODAY - timedelta(days=1), 5) == (400, "request_invalid")
    assert refused(family, "2026-02-30", 5) == (400, "request_invalid")
    made = order(family, TODAY, 30)
    assert (made["state"], made["last_day"], made["resumes_on"]) == ("active", "2026-12-20", "2026-12-21")
    assert made["blocks"] == {"change": True, "entitlement": True, "billing": True}


def test_U1_the_day_is_the_regions(family: Viewer) -> None:
    """23:30 in Moscow is a day's last half hour, whatever UTC says."""
    family.go_to(TODAY, time(23, 30))
    assert family.get(PATH)["offer"]["earliest"] == "2026-11-21"
    family.go_to(TODAY + timedelta(days=1), time(0, 30))
    assert family.get(PATH)["offer"]["earliest"] == "2026-11-22"
    assert refused(family, TODAY, 1) == (400, "request_invalid")
    assert order(family, TODAY + timedelta(days=1), 1)["state"] == "active"


@pytest.mark.parametrize(("region", "fee", "today"), [("ural", 8000, "2026-11-21"), ("primorye", 5000, "2026-11-22")])
def test_U1_fee_and_today_are_those_of_the_region(family: Viewer, region: str, fee: int, today: str) -> None:
    """19:41 in Moscow is the day after in Vladivostok."""
    family.set_account(region_id=region)
    offer = family.get(PATH)["offer"]
    assert (offer["fee"]["amount"], offer["earliest"]) == (fee, today)
    assert refused(family, date.fromisoformat(today) - timedelta(days=1), 1) == (400, "request_invalid")
    assert order(family, date.fromisoformat(today), 1)["state"] == "active"
    assert family.kinds(1) == [("service_fee", -fee)]


def test_U1_one_day(family: Viewer) -> None:
    order(family, TODAY, 1)
    family.go_to(TODAY, time(23, 59))
    assert family.service() == "suspended"
    family.go_to(TODAY + timedelta(days=1), time(0, 0))
    assert (family.service(), state_of(family)) == ("active", "ended")


def test_U1_the_fee_is_taken_at_the_start_from_own_money(family: Viewer) -> None:
    family.spend_to(BLOCK_FEE - 1)
    answer = family.ask("POST", PATH, {"first_day": TODAY.isoformat(), "days": 5})
    assert (code_of(answer), answer.json()["lacking"]) == ((409, "money_lacking"), family.money(1))
    family.post("/v1/promised-payments", {"amount": family.money(100)})
    assert refused(family, TODAY, 5) == (409, "money_lacking"), "promised money is not own money"
    family.pay(1)
    order(family, TODAY, 5)
    assert family.kinds(1) == [("service_fee", -BLOCK_FEE)]
    family.check_ledger()


def test_U1_what_falls_inside_is_not_charged_and_the_rest_is_at_the_end(family: Viewer) -> None:
    family.spend_to(500000)
    order(family, TODAY, 30)
    balance = 500000 - BLOCK_FEE
    family.go_to(date(2026, 12, 20), time(23, 59))
    assert (family.balance(), family.service()) == (balance, "suspended")
    family.go_to(date(2026, 12, 21), time(0, 0))
    # 21 to 31 December: 11 of 31 days, each service by itself, half up to the kopeck
    prices = (25000, 9900, 12900, 19900, 5000, NET)
    rest = sum((2 * price * 11 + 31) // 62 for price in prices)
    assert (family.balance(), family.service()) == (balance - rest, "active")
    first = family.get("/v1/ledger/entries?limit=1")["items"][0]
    assert first["period"] == {"from": "2026-12-21", "to": "2026-12-31", "days": 11, "of": 31}
    family.go_to(date(2027, 1, 1))
    assert family.balance() == balance - rest - FEE
    family.check_ledger()


def test_U1_within_one_month_nothing_comes_back_and_nothing_is_charged(family: Viewer) -> None:
    order(family, TODAY, 5)
    balance = family.balance()
    family.go_to(date(2026, 11, 26))
    assert (family.balance(), family.service()) == (balance, "active")


def test_U1_a_block_that_ends_with_the_month_is_followed_by_a_whole_charge(family: Viewer) -> None:
    family.spend_to(500000)
    order(family, TODAY, 10)
    family.go_to(date(2026, 12, 1))
    assert (family.balance(), family.service()) == (500000 - BLOCK_FEE - FEE, "active")


def test_U1_home_tells_the_charge_at_the_end(family: Viewer) -> None:
    order(family, TODAY, 30)
    home = family.get("/v1/account")
    assert home["service"] == {"state": "suspended", "since": "2026-11-21", "until": "2026-12-20"}
    assert home["next_charge"]["date"] == "2026-12-21"
    quote = family.get(f"{PATH}/quote?first_day=2026-11-21&days=30")
    terms_schemas.SuspensionQuote.model_validate(quote, strict=True)
    assert quote["rest"] == home["next_charge"]["sum"]
    assert quote["not_charged"]["amount"] == FEE


def test_U1_ordered_ahead_it_begins_on_its_day(family: Viewer) -> None:
    family.spend_to(500000)
    made = order(family, date(2026, 12, 1), 10)
    assert (made["state"], family.balance(), family.service()) == ("requested", 500000, "active")
    family.go_to(date(2026, 11, 30), time(23, 59))
    assert (family.balance(), family.service()) == (500000, "active")
    family.go_to(date(2026, 12, 1), time(0, 0))
    assert (state_of(family), family.service()) == ("active", "suspended")
    assert family.balance() == 500000 - BLOCK_FEE, "the month that it begins with is not charged"
    family.go_to(date(2026, 12, 11))
    rest = sum((2 * price * 21 + 31) // 62 for price in (25000, 9900, 12900, 19900, 5000, NET))
    assert (family.balance(), family.service()) == (500000 - BLOCK_FEE - rest, "active")


def test_U1_without_the_money_at_its_start_it_is_cancelled(family: Viewer) -> None:
    family.spend_to(BLOCK_FEE - 1)
    order(family, date(2026, 11, 25), 5)
    family.go_to(date(2026, 11, 25))
    assert (state_of(family), family.service(), family.balance()) == ("cancelled", "active", BLOCK_FEE - 1)
    told = tables.notices.c
    events = family.rows(select(told.event, told.amount).where(told.account_id == family.account_id))
    assert ("block_cancelled", 1) in [tuple(row) for row in events]
    family.pay(1)
    order(family, date(2026, 11, 25), 5)
    assert family.service() == "suspended", "one that never began does not count"


def test_U1_once_in_12_months_from_the_last_start(family: Viewer) -> None:
    family.spend_to(2_000_000)
    order(family, TODAY, 2)
    family.go_to(date(2026, 11, 25))
    answer = family.ask("POST", PATH, {"first_day": "2026-12-01", "days": 1})
    assert (code_of(answer), answer.json()["earliest"]) == ((409, "suspension_too_soon"), "2027-11-21")
    assert refused(family, date(2027, 11, 20), 1) == (409, "suspension_too_soon")
    assert family.get(PATH)["offer"]["earliest"] == "2027-11-21"
    assert order(family, date(2027, 11, 21), 30)["state"] == "requested"


def test_U1_one_that_began_on_29_february_counts_to_28_february(family: Viewer) -> None:
    family.go_to(date(2028, 2, 29))
    family.pay(5_000_000)
    order(family, date(2028, 2, 29), 1)
    family.go_to(date(2028, 3, 5))
    assert family.get(PATH)["offer"]["earliest"] == "2029-02-28"


def test_U1_ends_earlier_on_request_and_nothing_comes_back(family: Viewer) -> None:
    family.spend_to(500000)
    made = order(family, TODAY, 30)
    family.go_to(date(2026, 12, 11))
    ended = family.delete(f"{PATH}/{made['id']}")
    assert (ended["state"], ended["last_day"], ended["resumes_on"]) == ("ended", "2026-12-10", "2026-12-11")
    rest = sum((2 * price * 21 + 31) // 62 for price in (25000, 9900, 12900, 19900, 5000, NET))
    assert (family.balance(), family.service()) == (500000 - BLOCK_FEE - rest, "active")
    assert refused(family, date(2026, 12, 12), 1) == (409, "suspension_too_soon")
    family.go_to(date(2027, 1, 1))
    assert family.balance() == 500000 - BLOCK_FEE - rest - FEE
    family.check_ledger()


def test_U1_ends_earlier_only_where_the_rest_of_the_month_is_covered(family: Viewer) -> None:
    family.spend_to(BLOCK_FEE)
    made = order(family, TODAY, 30)
    family.go_to(date(2026, 12, 11))
    answer = family.ask("DELETE", f"{PATH}/{made['id']}")
    assert (code_of(answer), family.service()) == ((409, "money_lacking"), "suspended")
    family.pay(answer.json()["lacking"]["amount"])
    family.delete(f"{PATH}/{made['id']}")
    assert (family.balance(), family.service()) == (0, "active")


def test_U1_at_term_without_the_money_it_stops(family: Viewer) -> None:
    family.spend_to(BLOCK_FEE)
    order(family, TODAY, 30)
    family.go_to(date(2026, 12, 21))
    assert family.service() == "stopped"


def test_U1_what_was_ordered_ahead_can_be_cancelled(family: Viewer) -> None:
    made = order(family, date(2026, 12, 1), 10)
    assert refused(family, date(2027, 3, 1), 1) == (409, "suspension_refused"), "one at a time"
    assert family.delete(f"{PATH}/{made['id']}")["state"] == "cancelled"
    before = family.balance()
    family.go_to(date(2026, 12, 1))
    assert (family.service(), family.balance()) == ("active", before - FEE)
    assert code_of(family.ask("DELETE", f"{PATH}/nothing")) == (404, "not_found")


def test_U1_nothing_can_be_connected_inside(family: Viewer) -> None:
    order(family, TODAY, 5)
    answer = family.ask("POST", "/v1/subscriptions/quotes", {"changes": [{"op": "connect", "item": "music"}]})
    assert code_of(answer) == (409, "account_suspended")
    assert refused(family, TODAY, 5) == (409, "account_suspended")


def test_U1_a_promise_that_is_due_inside_waits(family: Viewer) -> None:
    family.spend_to(BLOCK_FEE)
    family.post("/v1/promised-payments", {"amount": family.money(5000)})
    order(family, TODAY, 9)
    assert family.get("/v1/promised-payments")["items"][0]["due_on"] == "2026-11-29"
    family.go_to(date(2026, 11, 29), time(23, 59))
    assert family.balance() == 5000
    family.go_to(date(2026, 11, 30))
    assert family.balance() == 0
    assert family.get("/v1/promised-payments")["items"][0]["state"] == "repaid"


def test_U1_who_may_have_it_is_a_rule(family: Viewer, polaris: RunningHeadend) -> None:
    mine = tables.subscriptions.c.account_id == family.account_id
    family.write(delete(tables.subscriptions).where(mine, tables.subscriptions.c.subscription_id == "net"))
    offer = family.get(PATH)["offer"]
    assert (offer["available"], offer["reason"]) == (False, "internet")
    answer = family.ask("POST", PATH, {"first_day": TODAY.isoformat(), "days": 5})
    assert (code_of(answer), answer.json()["reason"]) == ((409, "suspension_refused"), "internet")
    everybody = Viewer.afresh(polaris)
    offer = everybody.get(PATH)["offer"]
    assert (offer["available"], offer["fee"]) == (True, everybody.money(150))
    islands = Viewer.afresh(polaris, "suspended").get(PATH)["offer"]
    assert (islands["fee"]["amount"], islands["reason"]) == (250, "suspended"), "the fee is the region's"


def test_U1_a_stopped_service_is_not_suspended(polaris: RunningHeadend) -> None:
    assert refused(Viewer.afresh(polaris, "debt"), TODAY, 5) == (409, "account_stopped")


def test_U1_the_household_suspended_is_there_again_at_its_end(world: RunningHeadend) -> None:
    viewer = Viewer.afresh(world, "suspended")
    [item] = viewer.get(PATH)["items"]
    assert (item["state"], item["last_day"]) == ("active", viewer.get("/v1/account")["service"]["until"])
    viewer.go_to(date.fromisoformat(item["resumes_on"]))
    assert (viewer.service(), viewer.get(PATH)["items"][0]["state"]) == ("active", "ended")
