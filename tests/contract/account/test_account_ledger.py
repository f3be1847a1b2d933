"""Months, entries and receipts over HTTPS."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox
from tools.headend.api import schemas
from tools.headend.domain import ledger
from tools.headend.domain.ledger import Entry, EntryKind
from tools.headend.storage.ledger import post


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    client = headend.box()
    client.sign_in()
    return client


def get(box: SignInBox, path: str) -> dict[str, Any]:
    answer = box.request("GET", path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def everything(box: SignInBox, path: str, limit: int) -> list[dict[str, Any]]:
    """All pages of a list."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = get(box, f"{path}?limit={limit}{cursor}")
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        assert len(page["items"]) == limit
        cursor = f"&cursor={page['next_cursor']}"


def test_the_entries_are_the_balance(box: SignInBox) -> None:
    entries = everything(box, "/v1/ledger/entries", 200)
    assert sum(each["amount"]["amount"] for each in entries) == 128450
    schemas.Entries.model_validate({"items": entries, "next_cursor": None}, strict=True)


def test_pages_of_any_size_give_the_same_list_newest_first(box: SignInBox) -> None:
    whole = everything(box, "/v1/ledger/entries", 200)
    assert everything(box, "/v1/ledger/entries", 7) == whole
    assert len({each["id"] for each in whole}) == len(whole) > 50
    assert [each["at"] for each in whole] == sorted((each["at"] for each in whole), reverse=True)


def test_months_are_the_last_twelve_and_add_up_to_their_entries(box: SignInBox) -> None:
    months = get(box, "/v1/ledger/months")["items"]
    assert [each["month"] for each in months] == [
        "2025-12",
        *(f"2026-{month:02d}" for month in range(1, 12)),
    ]
    schemas.Months.model_validate({"items": months}, strict=True)
    for month in months:
        charged = paid = 0
        for entry in get(box, f"/v1/ledger/entries?month={month['month']}")["items"]:
            assert entry["date"].startswith(month["month"])
            amount = entry["amount"]["amount"]
            charged, paid = charged + max(0, -amount), paid + max(0, amount)
        assert (month["charged"]["amount"], month["paid"]["amount"]) == (charged, paid)
        assert charged > 0


def test_the_year_is_varied(box: SignInBox) -> None:
    entries = everything(box, "/v1/ledger/entries", 200)
    methods = {each["method"] for each in entries if each["kind"] == "payment"}
    assert {"sbp", "card", "terminal"} <= methods
    assert {each["kind"] for each in entries} >= {
        "tariff_fee",
        "package_fee",
        "option_fee",
        "room_fee",
        "payment",
        "correction",
    }
    months = get(box, "/v1/ledger/months")["items"]
    assert len({each["charged"]["amount"] for each in months}) >= 6


def test_a_package_of_mid_month_is_charged_by_its_days(box: SignInBox) -> None:
    entries = get(box, "/v1/ledger/entries?month=2026-09")["items"]
    part = next(each for each in entries if each["service"] and each["service"]["id"] == "sport")
    assert part["amount"] == {"amount": -11277, "currency": "RUB"}, "199,00 x 17 / 30, half up"
    assert part["period"] == {"from": "2026-09-14", "to": "2026-09-30", "days": 17, "of": 30}
    assert part["ordered"] == {"channel": "tv", "room": "Гостиная", "since": "2026-09-14"}
    assert part["service"]["name"]["es"] == "Deportes"
    assert (part["kind"], part["receipt_id"], part["method"]) == ("package_fee", None, None)


def test_fees_are_charged_on_day_one_of_the_region(box: SignInBox) -> None:
    for entry in get(box, "/v1/ledger/entries?month=2026-11")["items"]:
        if entry["kind"].endswith("_fee"):
            assert entry["date"] == "2026-11-01"
            assert entry["at"] == "2026-10-31T21:00:00Z", "midnight in Moscow"


def test_a_month_is_cut_in_the_regions_time_zone(headend: RunningHeadend) -> None:
    box = headend.box("empty-card-slot")
    box.sign_in()
    before = {each["month"]: each["paid"]["amount"] for each in get(box, "/v1/ledger/months")["items"]}
    at = datetime(2026, 10, 31, 21, 30, tzinfo=UTC)
    entry = Entry(at, date(2026, 11, 1), EntryKind.PAYMENT, ledger.payment("sbp", 10000), method="sbp")
    headend.service.services.database.write(lambda connection: post(connection, 102733458294, [entry]))
    after = {each["month"]: each["paid"]["amount"] for each in get(box, "/v1/ledger/months")["items"]}
    changed = {month: after[month] - before[month] for month in after if after[month] != before[month]}
    assert changed == {"2026-11": 10000}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("month=2026-13", "month"),
        ("month=november", "month"),
        ("cursor=x", "cursor"),
        ("cursor=bnVsbA", "cursor"),
        ("cursor=WzEsInIiXQ", "cursor"),
        ("cursor=WzFlOTksMV0", "cursor"),
        ("cursor=" + "A" * 300, "cursor"),
    ],
)
def test_what_is_wrong_with_a_query_is_said_by_field(box: SignInBox, query: str, field: str) -> None:
    answer = box.request("GET", f"/v1/ledger/entries?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "request_invalid"), answer.text
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_there_is_a_receipt_for_every_payment(box: SignInBox) -> None:
    entries = everything(box, "/v1/ledger/entries", 200)
    receipts = everything(box, "/v1/receipts", 4)
    schemas.Receipts.model_validate({"items": receipts, "next_cursor": None}, strict=True)
    paid = {each["receipt_id"]: each["amount"] for each in entries if each["kind"] == "payment"}
    assert {each["id"]: each["amount"] for each in receipts} == paid
    one = get(box, f"/v1/receipts/{receipts[0]['id']}")
    assert one == receipts[0]
    assert one["account_number"] == "102733458021"


def test_nobody_reads_another_accounts_rows(headend: RunningHeadend, box: SignInBox) -> None:
    stranger = headend.box("debt")
    stranger.sign_in()
    mine = {each["id"] for each in everything(box, "/v1/receipts", 50)}
    others = {each["id"] for each in everything(stranger, "/v1/receipts", 50)}
    only_mine = sorted(mine - others)
    assert only_mine
    answer = stranger.request("GET", f"/v1/receipts/{only_mine[0]}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    totals: dict[str, int] = defaultdict(int)
    for entry in everything(stranger, "/v1/ledger/entries", 50):
        totals["all"] += entry["amount"]["amount"]
    assert totals["all"] == -37120
