"""A1, home: the sum to pay, the next charge, until when it is enough, while days go by (product.md A1)."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from tests.support.headend_server import RunningHeadend
from tests.support.household_viewer import Viewer
from tools.headend.api import schemas

FEE = 72700
"""A monthly fee of family: basic, kids, hd, sport, a second TV."""


@pytest.fixture
def family(world: RunningHeadend) -> Viewer:
    return Viewer.afresh(world)


@pytest.fixture
def debt(world: RunningHeadend) -> Viewer:
    return Viewer.afresh(world, "debt")


def home(viewer: Viewer) -> dict[str, Any]:
    found = viewer.get("/v1/account")
    schemas.Account.model_validate(found, strict=True)
    return found


def sums(viewer: Viewer) -> tuple[int, int, int]:
    """Balance, debt, sum to pay."""
    account = home(viewer)
    return account["balance"]["amount"], account["debt"]["amount"], account["to_pay"]["amount"]


@pytest.mark.parametrize(
    ("balance", "to_pay"),
    [(FEE, 0), (FEE - 1, 100), (FEE - 100, 100), (FEE - 101, 200), (0, FEE), (-1, FEE + 100), (FEE + 1, 0)],
)
def test_A1_sum_to_pay_is_what_lacks_for_debt_and_next_charge_rounded_up_to_a_rouble(
    family: Viewer, balance: int, to_pay: int
) -> None:
    family.spend_to(balance)
    assert sums(family) == (balance, max(0, -balance), to_pay)


def test_A1_paying_the_sum_to_pay_brings_it_to_zero(family: Viewer) -> None:
    family.spend_to(12345)
    family.pay(home(family)["to_pay"]["amount"])
    account = home(family)
    assert account["to_pay"]["amount"] == 0
    assert account["enough_until"] == {"state": "until", "date": "2026-12-31"}


@pytest.mark.parametrize(
    ("balance", "state", "day"),
    [
        (FEE - 1, "until", "2026-11-30"),
        (FEE, "until", "2026-12-31"),
        (12 * FEE - 1, "until", "2027-10-31"),
        (12 * FEE, "long", None),
    ],
)
def test_A1_enough_until_the_day_before_the_charge_that_is_not_covered(
    family: Viewer, balance: int, state: str, day: str | None
) -> None:
    family.spend_to(balance)
    assert home(family)["enough_until"] == {"state": state, "date": day}


def test_A1_what_enough_until_says_comes_true(family: Viewer) -> None:
    assert home(family)["enough_until"] == {"state": "until", "date": "2026-12-31"}
    family.go_to(date(2026, 12, 31), time(23, 59, 59))
    assert (family.service(), home(family)["next_charge"]["date"]) == ("active", "2027-01-01")
    family.go_to(date(2027, 1, 1), time(0, 0))
    account = home(family)
    assert account["service"]["state"] == "stopped"
    assert account["enough_until"] == {"state": "stopped", "date": "2027-01-01"}


def test_A1_an_open_promise_is_due_and_not_counted_as_money(family: Viewer) -> None:
    family.spend_to(0)
    family.post("/v1/promised-payments", {"amount": family.money(50000)})
    assert sums(family) == (50000, 0, FEE), "the promise's money is in the balance, and due"
    assert home(family)["enough_until"] == {"state": "until", "date": "2026-11-30"}


def test_A1_a_stopped_account_owes_the_rest_of_the_month_it_was_not_charged_for(debt: Viewer) -> None:
    month = 52800
    assert sums(debt) == (-37120, 37120, 90000), "371,20 and December, up to a rouble"
    debt.go_to(date(2026, 12, 31))
    last_day = [806, 481, 416]
    assert last_day == [(2 * price + 31) // 62 for price in (25000, 14900, 12900)]
    assert sums(debt) == (-37120, 37120, -(-(37120 + sum(last_day) + month) // 100) * 100)
    debt.pay(home(debt)["to_pay"]["amount"])
    account = home(debt)
    assert (account["service"]["state"], account["to_pay"]["amount"]) == ("active", 0)
    debt.go_to(date(2027, 1, 1))
    account = home(debt)
    assert account["service"]["state"] == "active"
    assert 0 <= account["balance"]["amount"] < 100, "it was exactly what was needed"


def test_A1_a_tariff_from_the_next_period_is_in_the_next_charge_and_not_among_todays(family: Viewer) -> None:
    quote = family.post(
        "/v1/subscriptions/quotes", {"changes": [{"op": "change_tariff", "item": "extended", "when": "next"}]}
    )
    family.post("/v1/subscriptions", {"quote_id": quote["id"]})
    account = home(family)
    assert account["tariff"]["id"] == "basic"
    assert account["next_charge"] == {"date": "2026-12-01", "sum": family.money(FEE + 10000)}
    assert [each["state"] for each in account["services"] if each["kind"] == "tariff"] == ["ending"]
    balance = account["balance"]["amount"]
    family.go_to(date(2026, 12, 1), time(0, 0))
    account = home(family)
    assert account["tariff"]["id"] == "extended"
    assert account["balance"]["amount"] == balance - FEE - 10000


def test_A1_the_rounding_is_the_operators_rule(polaris: RunningHeadend) -> None:
    viewer = Viewer.afresh(polaris)
    fee = home(viewer)["monthly_fee"]["amount"]
    viewer.spend_to(fee - 1)
    assert home(viewer)["to_pay"]["amount"] == polaris.prepared.operator.rounding
