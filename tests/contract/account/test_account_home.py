"""``GET /v1/account`` of every household under both operators, over HTTPS."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.headend_server import RunningHeadend
from tools.headend.api import schemas
from tools.headend.households import household_names, load_household
from tools.headend.identity.records import ACTIVE, REVOKED


def account_of(headend: RunningHeadend, household: str, box: str = "") -> dict[str, Any]:
    """The account as a box of the household sees it; a revoked box is let in for the look."""
    client = headend.box(household, box)
    registry = headend.service.services.registry
    revoked = household == "revoked"
    if revoked:
        registry.set_box_state(client.chip_id, ACTIVE)
    client.sign_in()
    answer = client.request("GET", "/v1/account")
    if revoked:
        registry.set_box_state(client.chip_id, REVOKED)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def rub(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "RUB"}


@pytest.mark.parametrize("household", household_names())
@pytest.mark.parametrize("operator", ["mts", "polaris"])
def test_every_household_answers_by_the_schema(
    headend: RunningHeadend, polaris: RunningHeadend, household: str, operator: str
) -> None:
    running = headend if operator == "mts" else polaris
    account = schemas.Account.model_validate(account_of(running, household), strict=True)
    expected = load_household(household, operator)
    assert account.account_number == expected.account_number
    assert account.balance.model_dump() == expected.balance.to_json()
    assert account.currency == ("RUB" if operator == "mts" else "EUR")
    assert sum(room.this_box for room in account.rooms) == 1


def test_family_is_calm_and_exact(headend: RunningHeadend) -> None:
    account = account_of(headend, "family")
    assert account["account_number"] == "102733458021"
    assert account["balance"] == rub(128450)
    assert account["monthly_fee"] == rub(72700)
    assert account["to_pay"] == rub(0)
    assert account["debt"] == rub(0)
    assert account["next_charge"] == {"date": "2026-12-01", "sum": rub(72700)}
    assert account["enough_until"] == {"state": "until", "date": "2026-12-31"}
    assert account["service"] == {"state": "active", "since": None, "until": None}
    assert account["time_zone"] == "Europe/Moscow"
    assert account["tariff"]["name"]["ru"] == "Базовый"
    assert account["bonus"] == {"points": 340}
    assert [each["kind"] for each in account["services"]] == ["tariff", "package", "package", "package", "room"]
    assert account["services"][-1]["room"] == "Кухня"
    assert account["services"][-1]["price"] == rub(5000)
    assert {each["next_charge"] for each in account["services"]} == {"2026-12-01"}
    assert sum(each["price"]["amount"] for each in account["services"]) == 72700
    assert account["rooms_max"] == 4
    assert account["unread_messages"] == 1
    assert account["attention"] == [{"code": "unread_messages", "severity": "notice", "params": {"count": 1}}]


def test_personal_data_leaves_the_service_masked(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    answer = box.request("GET", "/v1/account")
    assert answer.json()["holder"] == {
        "contract_number": "••••-••••-85",
        "name": "И••• П•••••",
        "address": "г. Химки, ••. ••••••, •. ••, ••. ••",
        "phone": "+7 ••• •••-••-34",
        "email": "i•••@example.org",
    }
    for secret in ("Петров", "Лесная", "9005550134", "ivan", "3344"):
        assert secret not in answer.text


def test_debt_is_stopped_and_says_what_brings_it_back(headend: RunningHeadend) -> None:
    account = account_of(headend, "debt")
    assert account["balance"] == rub(-37120)
    assert account["debt"] == rub(37120)
    assert account["monthly_fee"] == rub(52800)
    assert account["to_pay"] == rub(90000), "371,20 + 528,00 rounded up to a rouble"
    assert account["service"] == {"state": "stopped", "since": "2026-11-01", "until": None}
    assert account["enough_until"] == {"state": "stopped", "date": "2026-11-01"}
    codes = [(each["code"], each["severity"]) for each in account["attention"]]
    assert codes == [("service_stopped", "warning"), ("unread_messages", "notice")]
    assert account["attention"][0]["params"] == {"since": "2026-11-01"}
    assert account["time_zone"] == "Asia/Yekaterinburg"


def test_suspended_is_charged_the_rest_of_the_month_when_it_ends(headend: RunningHeadend) -> None:
    account = account_of(headend, "suspended")
    # seeded on 22 November 2026 in Vladivostok: 17 November to 6 December, the first of December falls inside
    assert account["service"] == {"state": "suspended", "since": "2026-11-17", "until": "2026-12-06"}
    rest = round(25000 * 25 / 31) + round(24900 * 25 / 31)
    assert account["next_charge"] == {"date": "2026-12-07", "sum": rub(rest)}
    assert account["attention"][0] == {
        "code": "service_suspended",
        "severity": "notice",
        "params": {"until": "2026-12-06"},
    }


def test_new_has_nothing_and_must_pay_the_first_month(headend: RunningHeadend) -> None:
    account = account_of(headend, "new")
    assert account["balance"] == rub(0)
    assert account["to_pay"] == account["monthly_fee"] == rub(25000)
    assert account["enough_until"] == {"state": "until", "date": "2026-11-30"}
    assert [each["code"] for each in account["attention"]] == ["balance_low"]


def test_ending_warns_of_the_subscription_and_does_not_charge_it_again(headend: RunningHeadend) -> None:
    account = account_of(headend, "ending")
    assert account["monthly_fee"] == rub(25000)
    assert account["to_pay"] == rub(12300), "250,00 - 127,80 rounded up"
    sport = next(each for each in account["services"] if each["kind"] == "package")
    assert (sport["state"], sport["ends_on"], sport["next_charge"]) == ("ending", "2026-11-24", None)
    assert [each["code"] for each in account["attention"]] == ["balance_low", "subscription_ending"]
    params = account["attention"][1]["params"]
    assert (params["date"], params["days"], params["service"]["ru"]) == ("2026-11-24", 3, "Спорт")


def test_polaris_has_its_own_words_and_prices(polaris: RunningHeadend) -> None:
    account = account_of(polaris, "family")
    assert account["balance"] == {"amount": 4210, "currency": "EUR"}
    assert account["tariff"]["name"]["en"] == "Start"
    assert account["time_zone"] == "Europe/Bratislava"
    assert account["rooms_max"] == 6
    assert account["holder"]["phone"] == "+421 ••• ••• •34"
