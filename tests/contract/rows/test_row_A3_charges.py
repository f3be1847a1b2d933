"""A3: charges and payments by month and kind; each charge says which service it was and what can be done about it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support.asking import everything, get
from tests.support.headend_server import RunningHeadend
from tests.support.shopper import Shopper, connect, disconnect
from tests.support.signin_box import SignInBox
from tools.headend.api import schemas


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    client = headend.box()
    client.sign_in()
    return client


def test_A3_the_last_12_months_add_up_by_kind(box: SignInBox) -> None:
    months = get(box, "/v1/ledger/months")["items"]
    schemas.Months.model_validate({"items": months}, strict=True)
    assert len(months) == 12
    for month in months:
        entries = everything(box, f"/v1/ledger/entries?month={month['month']}", 7)
        sums: Counter[str] = Counter()
        for entry in entries:
            sums[entry["kind"]] += entry["amount"]["amount"]
        assert {each["kind"]: each["sum"]["amount"] for each in month["by_kind"]} == dict(sums)
        by_kind = sum(each["sum"]["amount"] for each in month["by_kind"])
        assert by_kind == month["paid"]["amount"] - month["charged"]["amount"]
    assert {each["kind"] for each in months[-1]["by_kind"]} == {
        "tariff_fee",
        "package_fee",
        "room_fee",
        "payment",
    }


def test_A3_a_month_without_entries_has_no_kinds(headend: RunningHeadend) -> None:
    new = headend.box("new")
    new.sign_in()
    assert get(new, "/v1/ledger/months")["items"][0]["by_kind"] == []


def test_A3_each_charge_tells_the_service_since_when_and_where_it_was_ordered(box: SignInBox) -> None:
    for entry in everything(box, "/v1/ledger/entries"):
        if entry["kind"].endswith("_fee"):
            assert entry["service"]["name"]["ru"]
            assert entry["ordered"]["channel"] in ("tv", "phone", "salon")
            assert entry["ordered"]["since"] <= entry["date"]
            assert (entry["ordered"]["room"] is not None) == (entry["ordered"]["channel"] == "tv")


def test_A3_what_still_goes_on_can_be_disconnected_from_its_charge(box: SignInBox) -> None:
    running = {each["id"]: each for each in get(box, "/v1/account")["services"]}
    found: dict[str, str | None] = {}
    for entry in everything(box, "/v1/ledger/entries"):
        assert entry["disputable"] == (entry["kind"].endswith("_fee"))
        if entry["disputable"]:
            found[entry["service"]["id"]] = entry["subscription_id"]
        else:
            assert entry["subscription_id"] is None
    assert found["archive"] is None, "it is over"
    ids = {each for each in found.values() if each is not None}
    assert ids <= set(running)
    assert {running[each]["kind"] for each in ids} == {"tariff", "package", "room"}


def test_A3_the_change_that_a_charge_offers_is_one_that_can_be_ordered(headend: RunningHeadend) -> None:
    family = Shopper(headend)
    offered = {each["kind"]: each["disconnect"] for each in family.entries() if each["kind"].endswith("_fee")}
    assert offered["tariff_fee"] is None, "a tariff is changed"
    assert offered["option_fee"] is None, "it is over"
    assert offered["room_fee"] == {"op": "stop_room", "room": "kitchen"}
    for kind in ("package_fee", "room_fee"):
        quote = family.quote(offered[kind])
        assert [line["ends"] for line in quote["lines"]] == ["2026-11-30"]
        assert quote["total"]["amount"] == 0


def test_A3_what_ends_cannot_be_disconnected_again(headend: RunningHeadend) -> None:
    family = Shopper(headend)
    order = family.confirm(family.quote(connect("cinema")))
    entry = next(each for each in family.entries(5) if each["service"] and each["service"]["id"] == "cinema")
    assert entry["subscription_id"] is not None
    ending = family.confirm(family.quote(disconnect(entry["subscription_id"])))
    entry = next(each for each in family.entries(5) if each["service"] and each["service"]["id"] == "cinema")
    assert entry["subscription_id"] is None
    family.undo(ending)
    family.undo(order)
