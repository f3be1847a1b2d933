"""P10: the service stops when a charge at its date is not covered, and comes back by itself with the money."""

from __future__ import annotations

import threading
import time
from itertools import islice
from typing import Any

import pytest

from device.api.errors import ApiError, ConfigError
from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.operator_side import charge_through, go_to, pay_in
from tests.support.signin_box import SignInBox

FAMILY, DEBT = "102733458021", "102733458112"
FEES = 25000 + 19900 + 9900 + 12900 + 5000
"""«Базовый», its three packages and the second TV of household family."""
EKATERINBURG = "Asia/Yekaterinburg"


def signed_in(headend: RunningHeadend, household: str = "family") -> SignInBox:
    box = headend.box(household)
    box.sign_in()
    return box


def home(box: SignInBox) -> dict[str, Any]:
    answer = box.request("GET", "/v1/account")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def entries(box: SignInBox) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = box.request("GET", "/v1/ledger/entries?limit=200").json()["items"]
    return found


def test_P10_service_stops_at_the_first_charge_that_is_not_covered(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        before = home(signed_in(headend))
        assert (before["balance"]["amount"], before["monthly_fee"]["amount"]) == (128450, FEES)
        go_to(headend, "2026-11-30 23:59:59")
        assert home(signed_in(headend))["balance"]["amount"] == 128450
        go_to(headend, "2026-12-01 00:00:00")
        december = home(signed_in(headend))
        assert december["balance"]["amount"] == 128450 - FEES
        assert (december["service"]["state"], december["debt"]["amount"]) == ("active", 0)
        go_to(headend, "2027-01-01 00:00:00")
        january = home(signed_in(headend))
        left = 128450 - 2 * FEES
        assert january["balance"]["amount"] == left < 0
        assert january["service"] == {"state": "stopped", "since": "2027-01-01", "until": None}
        assert january["enough_until"] == {"state": "stopped", "date": "2027-01-01"}
        assert january["attention"][0]["code"] == "service_stopped"


@pytest.mark.parametrize(("lacking", "state"), [(0, "active"), (1, "stopped")])
def test_P10_a_charge_that_is_covered_to_the_kopeck_stops_nothing(
    new_world: NewWorld, lacking: int, state: str
) -> None:
    with new_world(households=("family",)) as headend:
        pay_in(headend, FAMILY, 2 * FEES - 128450 - lacking, "exactly")
        go_to(headend, "2027-01-01 00:00:00")
        account = home(signed_in(headend))
        assert (account["balance"]["amount"], account["service"]["state"]) == (-lacking, state)


def test_P10_while_stopped_no_month_is_charged_and_the_return_pays_the_rest_of_its_month(new_world: NewWorld) -> None:
    with new_world(households=("debt",)) as headend:
        # «Базовый» 250,00, «Познавательный» 149,00, HD 129,00; owed 371,20 since 1 November
        go_to(headend, "2026-12-21 12:00:00", EKATERINBURG)
        stopped = home(signed_in(headend, "debt"))
        assert (stopped["balance"]["amount"], stopped["service"]["since"]) == (-37120, "2026-11-01")
        parts = [8871, 5287, 4577]
        assert parts == [int(price * 11 / 31 + 0.5) for price in (25000, 14900, 12900)], "11 of 31 days, half up"
        owed = 37120 + sum(parts)
        next_month = 52800
        assert stopped["to_pay"]["amount"] == -(-(owed + next_month) // 100) * 100

        said = pay_in(headend, DEBT, owed - 1, "almost")
        assert (said["service"], said["balance"]) == ("stopped", sum(parts) - 1), "a kopeck lacks"
        said = pay_in(headend, DEBT, 1, "the rest")
        assert (said["service"], said["balance"]) == ("active", 0)
        box = signed_in(headend, "debt")
        account = home(box)
        assert account["service"] == {"state": "active", "since": None, "until": None}
        assert account["next_charge"] == {"date": "2027-01-01", "sum": {"amount": next_month, "currency": "RUB"}}
        charged = [each for each in entries(box) if each["date"] == "2026-12-21" and each["amount"]["amount"] < 0]
        assert sorted(-each["amount"]["amount"] for each in charged) == sorted(parts)
        assert {tuple(each["period"].values()) for each in charged} == {("2026-12-21", "2026-12-31", 11, 31)}


def test_P10_a_return_in_the_month_that_was_charged_costs_the_debt_alone(new_world: NewWorld) -> None:
    with new_world(households=("debt",)) as headend:
        said = pay_in(headend, DEBT, 37120, "all of it", method="salon")
        assert (said["service"], said["balance"]) == ("active", 0)
        go_to(headend, "2026-12-01 00:00:00", EKATERINBURG)
        assert home(signed_in(headend, "debt"))["service"]["since"] == "2026-12-01", "and the next charge stops it"


def test_P10_the_card_is_told_of_stop_and_return(new_world: NewWorld) -> None:
    with new_world(households=("debt",)) as headend:
        before = the_card(headend)
        assert (before["products"], before["requested_at"]) == ([], None)
        pay_in(headend, DEBT, 37120, "r1")
        back = the_card(headend)
        assert {each["id"] for each in back["products"]} == {"basic", "science", "hd"}
        assert back["requested_at"] == "2026-11-21T16:41:07Z"
        go_to(headend, "2026-12-01 08:00:00", EKATERINBURG)
        stopped = the_card(headend)
        assert stopped["products"] == []
        assert stopped["requested_at"] == "2026-11-30T19:00:00Z", "the day's beginning in the region"


def the_card(headend: RunningHeadend) -> dict[str, Any]:
    [card] = signed_in(headend, "debt").request("GET", "/v1/entitlements").json()["cards"]
    found: dict[str, Any] = card
    return found


def test_P10_the_run_and_a_single_look_settle_the_same_and_once(new_world: NewWorld) -> None:
    with new_world(households=("family", "debt", "suspended", "ending")) as headend:
        go_to(headend, "2026-12-01 00:00:00")
        looked = home(signed_in(headend))
        first = charge_through(headend, "2026-12-01")
        assert first["settled"] >= 3 and set(first["regions"]) == {"moscow", "ural", "primorye"}
        assert charge_through(headend, "2026-12-01")["settled"] == 0
        assert home(signed_in(headend)) == looked
        box = signed_in(headend)
        assert sum(each["date"] == "2026-12-01" for each in entries(box)) == 5


def test_P10_no_run_before_its_day_has_begun_in_every_region(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        go_to(headend, "2026-12-01 00:00:00", "Asia/Vladivostok")
        with pytest.raises(ConfigError, match="2026-12-01 has not begun in region moscow"):
            charge_through(headend, "2026-12-01")
        go_to(headend, "2026-12-01 00:00:00")
        charge_through(headend, "2026-12-01")


def test_P10_a_run_that_comes_days_late_charges_on_the_first(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        go_to(headend, "2027-01-03 10:00:00")
        charge_through(headend, "2027-01-03")
        box = signed_in(headend)
        assert [each["date"] for each in entries(box)[:10]] == ["2027-01-01"] * 5 + ["2026-12-01"] * 5
        assert home(box)["service"]["since"] == "2027-01-01"


def test_P10_an_open_tv_knows_of_a_payment_within_a_second(headend: RunningHeadend) -> None:
    box = signed_in(headend)
    headers = {"Authorization": f"DPoP {box.token}", "DPoP": box.proof("GET", "/v1/events", token=box.token)}
    with box.http.stream("GET", f"{box.origin}/v1/events", headers=headers) as answer:
        lines = answer.iter_lines()
        assert next(lines) == ": connected"
        paid: list[float] = []

        def pay() -> None:
            pay_in(headend, FAMILY, 100, "seen by the TV")
            paid.append(time.monotonic())

        thread = threading.Thread(target=pay)
        thread.start()
        # comments come five times a second, so this is some seconds and no longer
        event = next((line for line in islice(lines, 100) if line.startswith("event:")), None)
        assert event == "event: account.changed"
        seen = time.monotonic()
        thread.join(10)
    assert seen - paid[0] < 1


def test_P9_a_payment_that_is_reported_again_is_credited_once(headend: RunningHeadend) -> None:
    before = home(signed_in(headend))["balance"]["amount"]
    first = pay_in(headend, FAMILY, 5000, "bank-77", method="bank")
    again = pay_in(headend, FAMILY, 5000, "bank-77", method="bank")
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["payment_id"] == again["payment_id"]
    assert first["balance"] == again["balance"] == before + 5000
    other_method = pay_in(headend, FAMILY, 5000, "bank-77", method="salon")
    assert other_method["balance"] == before + 10000, "a reference is its sender's own"


@pytest.mark.parametrize(("account", "amount"), [(DEBT, 5000), (FAMILY, 5001)])
def test_P9_a_reference_with_another_account_or_sum_is_refused(
    headend: RunningHeadend, account: str, amount: int
) -> None:
    pay_in(headend, FAMILY, 5000, "known", method="sbp")
    with pytest.raises(ApiError) as refused:
        pay_in(headend, account, amount, "known", method="sbp")
    assert refused.value.code == "payment_mismatch"


def test_P9_payments_are_listed_with_state_and_receipt(headend: RunningHeadend) -> None:
    for number in range(3):
        pay_in(headend, FAMILY, 1000 + number, f"list-{number}")
        headend.clock.advance(1)
    box = signed_in(headend)
    first = box.request("GET", "/v1/payments?limit=2").json()
    assert [each["reference"] for each in first["items"]] == ["list-2", "list-1"]
    newest = first["items"][0]
    assert (newest["state"], newest["amount"]["amount"], newest["method"]) == ("succeeded", 1002, "terminal")
    receipt = box.request("GET", f"/v1/receipts/{newest['receipt_id']}").json()
    assert receipt["amount"] == newest["amount"]
    second = box.request("GET", f"/v1/payments?limit=2&cursor={first['next_cursor']}").json()
    assert second["items"][0]["reference"] == "list-0"
    assert box.request("GET", "/v1/payments?cursor=nonsense").status_code == 400


def test_P9_an_unknown_account_is_one_line(headend: RunningHeadend) -> None:
    with pytest.raises(ConfigError, match="there is no account …9999 in this database"):
        pay_in(headend, "999999999999", 100, "lost")
