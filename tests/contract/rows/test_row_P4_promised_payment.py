"""P4, the promised payment: at zero and below, up to one monthly fee, 3 days, one at a time (product.md P4)."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import select

from tests.support.headend_server import RunningHeadend
from tests.support.household_viewer import Viewer, code_of
from tools.headend.api import terms_schemas
from tools.headend.storage import tables

FEE = 72700
"""A monthly fee of family: basic, kids, hd, sport, a second TV."""
PATH = "/v1/promised-payments"


@pytest.fixture
def family(world: RunningHeadend) -> Viewer:
    return Viewer.afresh(world)


@pytest.fixture
def debt(world: RunningHeadend) -> Viewer:
    return Viewer.afresh(world, "debt")


def promise(viewer: Viewer, amount: int) -> dict[str, object]:
    return viewer.post(PATH, {"amount": viewer.money(amount)})


def refused(viewer: Viewer, amount: int) -> tuple[int, str]:
    return code_of(viewer.ask("POST", PATH, {"amount": viewer.money(amount)}))


def state_of(viewer: Viewer) -> str:
    return str(viewer.get(PATH)["items"][0]["state"])


def test_P4_up_to_one_monthly_fee_without_a_fee(family: Viewer) -> None:
    family.spend_to(0)
    listed = family.get(PATH)
    terms_schemas.Promises.model_validate(listed, strict=True)
    offer = listed["offer"]
    assert (offer["available"], offer["reason"]) == (True, None)
    assert (offer["most"]["amount"], offer["fee"]["amount"], offer["days"]) == (FEE, 0, 3)
    assert family.get("/v1/account")["monthly_fee"]["amount"] == FEE
    assert refused(family, FEE + 1) == (409, "amount_refused")
    assert refused(family, 99) == (409, "amount_refused")
    granted = promise(family, FEE)
    assert (granted["state"], granted["due_on"]) == ("active", "2026-11-24")
    assert (family.balance(), family.kinds(1)) == (FEE, [("promise", FEE)])
    due = {"sum": family.money(FEE), "date": "2026-11-24"}
    assert family.get("/v1/account")["attention"][0] == {"code": "promise_due", "severity": "warning", "params": due}
    family.check_ledger()


def test_P4_works_below_zero_and_brings_the_service_back(debt: Viewer) -> None:
    assert (debt.balance(), debt.service()) == (-37120, "stopped")
    promise(debt, 37119)
    assert debt.service() == "stopped", "one kopeck lacks"
    debt.go_to(date(2026, 11, 25))
    assert (debt.balance(), state_of(debt)) == (-37120, "overdue")
    debt.pay(37120)
    assert (debt.balance(), debt.service()) == (0, "active")


def test_P4_a_promise_that_covers_the_debt_serves_until_it_is_overdue(debt: Viewer) -> None:
    promise(debt, 37120)
    assert (debt.balance(), debt.service()) == (0, "active")
    assert debt.get("/v1/account")["enough_until"] == {"state": "until", "date": "2026-11-24"}
    debt.go_to(date(2026, 11, 24), time(23, 59))
    assert (debt.service(), state_of(debt)) == ("active", "active"), "its last day counts"
    debt.go_to(date(2026, 11, 25), time(0, 0))
    assert (debt.balance(), debt.service(), state_of(debt)) == (-37120, "stopped", "overdue")
    assert refused(debt, 100) == (409, "promise_refused"), "what the last one covered is not paid"
    debt.pay(37120)
    assert debt.service() == "active"
    item = debt.get(PATH)["items"][0]
    assert (item["state"], item["cleared"]) == ("overdue", True)
    assert debt.get(PATH)["offer"]["available"]
    debt.check_ledger()


def test_P4_one_at_a_time(family: Viewer) -> None:
    family.spend_to(-100)
    promise(family, 100)
    assert refused(family, 100) == (409, "promise_open")
    assert family.get(PATH)["offer"]["reason"] == "open"


def test_P4_a_payment_that_covers_what_is_owed_repays_it_early(family: Viewer) -> None:
    family.spend_to(-5000)
    promise(family, 20000)
    family.pay(4999)
    assert (state_of(family), family.balance()) == ("active", 19999)
    family.pay(1)
    assert (state_of(family), family.balance()) == ("repaid", 0)
    assert family.get(PATH)["items"][0]["cleared"]
    promise(family, 100)


def test_P4_it_is_kept_for_the_charge_that_it_was_taken_for(family: Viewer) -> None:
    """Taken back at once by a small payment it would stop the service on the first."""
    family.spend_to(-100)
    family.go_to(date(2026, 11, 29))
    assert promise(family, FEE)["due_on"] == "2026-12-02"
    family.pay(100)
    assert (state_of(family), family.balance()) == ("active", FEE)
    family.go_to(date(2026, 12, 1))
    assert (family.balance(), family.service()) == (0, "active")
    family.pay(FEE)
    assert (state_of(family), family.balance()) == ("repaid", 0)
    family.go_to(date(2026, 12, 4))
    assert (family.service(), family.balance()) == ("active", 0)


def test_P4_one_that_nothing_was_spent_of_is_repaid_by_itself(family: Viewer) -> None:
    family.spend_to(0)
    promise(family, 5000)
    family.go_to(date(2026, 11, 25))
    assert (family.balance(), state_of(family), family.service()) == (0, "repaid", "active")


def test_P4_not_paid_the_month_that_it_paid_for_stops(family: Viewer) -> None:
    family.spend_to(0)
    family.go_to(date(2026, 11, 30))
    promise(family, FEE)
    family.go_to(date(2026, 12, 3), time(23, 59))
    assert (family.balance(), family.service()) == (0, "active")
    family.go_to(date(2026, 12, 4), time(0, 0))
    assert (family.balance(), family.service(), state_of(family)) == (-FEE, "stopped", "overdue")
    family.check_ledger()


def test_P4_overdue_takes_nothing_away_that_is_paid(family: Viewer) -> None:
    """November was paid; what was ordered with the promised money is owed, and stops the service with December."""
    family.spend_to(0)
    promise(family, 20000)
    quote = family.post("/v1/subscriptions/quotes", {"changes": [{"op": "connect", "item": "music"}]})
    family.post("/v1/subscriptions", {"quote_id": quote["id"]})
    owed = quote["total"]["amount"]
    family.go_to(date(2026, 11, 25))
    assert (family.balance(), family.service(), state_of(family)) == (-owed, "active", "overdue")
    family.go_to(date(2026, 11, 30), time(23, 59))
    assert family.service() == "active"
    family.go_to(date(2026, 12, 1), time(0, 0))
    assert family.service() == "stopped"


def test_P4_home_counts_it_into_the_sum_to_pay_and_not_into_enough_until(family: Viewer) -> None:
    family.spend_to(0)
    promise(family, FEE)
    home = family.get("/v1/account")
    assert home["to_pay"]["amount"] == FEE, "the promise and the next month, less the balance that holds it"
    assert home["enough_until"] == {"state": "until", "date": "2026-11-30"}


def test_P4_needs_the_pin_and_the_operators_currency(family: Viewer) -> None:
    family.get("/v1/pin")
    family.box.sign_in()
    answer = family.box.request("POST", PATH, key="no-pin", body={"amount": family.money(100)})
    assert code_of(answer) == (401, "insufficient_user_authentication")
    family.box.step_up()
    wrong = family.box.request("POST", PATH, key="eur", body={"amount": {"amount": 100, "currency": "EUR"}})
    assert code_of(wrong) == (400, "request_invalid")
    assert wrong.json()["errors"][0]["field"] == "amount.currency"


def test_P4_the_same_key_promises_once(family: Viewer) -> None:
    family.spend_to(0)
    body = {"amount": family.money(1000)}
    first = family.ask("POST", PATH, body, key="once")
    assert family.ask("POST", PATH, body, key="once").content == first.content
    assert family.balance() == 1000
    mine = select(tables.promises.c.promise_id).where(tables.promises.c.account_id == family.account_id)
    assert len(family.rows(mine)) == 1


def test_P4_polaris_has_its_own_terms(polaris: RunningHeadend) -> None:
    family = Viewer.afresh(polaris)
    assert family.get(PATH)["offer"]["reason"] == "balance", "only at zero and below"
    family.spend_to(0)
    offer = family.get(PATH)["offer"]
    fee = family.get("/v1/account")["monthly_fee"]["amount"]
    assert (offer["most"]["amount"], offer["fee"]["amount"], offer["days"]) == (2 * fee, 50, 5)
    assert promise(family, 200)["due_on"] == "2026-11-26"
    assert family.kinds(2) == [("service_fee", -50), ("promise", 200)]
    family.go_to(date(2026, 11, 27))
    assert (family.balance(), state_of(family)) == (-50, "overdue")
