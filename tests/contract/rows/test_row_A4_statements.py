"""A4: a receipt for every payment, a statement for any period; read, and sent by e-mail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.contract.rows.conftest import NewWorld
from tests.support.asking import done, everything, get, post, refused
from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox
from tools.headend.api import talk_schemas as documents
from tools.headend.storage import tables

BALANCE = 128450


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    client = headend.box()
    client.sign_in()
    return client


def outbox(headend: RunningHeadend) -> list[dict[str, str]]:
    headend.service.sender.send_due()
    return headend.sent()


def statement(box: SignInBox, first: str, last: str, more: str = "") -> dict[str, Any]:
    return get(box, f"/v1/statements?from={first}&to={last}{more}")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-01", "2026-11-21"),
        ("2026-09-14", "2026-09-14"),
        ("2025-01-01", "2026-11-21"),
        ("2026-02-27", "2026-10-26"),
        ("2000-01-01", "2000-01-02"),
    ],
)
def test_A4_a_statement_of_any_period_adds_up(box: SignInBox, first: str, last: str) -> None:
    found = statement(box, first, last, "&limit=200")
    documents.Statement.model_validate(found, strict=True)
    every = everything(box, "/v1/ledger/entries", 200)
    within = [each for each in every if first <= each["date"] <= last]
    assert found["items"] == within
    before = sum(each["amount"]["amount"] for each in every if each["date"] < first)
    change = sum(each["amount"]["amount"] for each in within)
    assert found["opening"]["amount"] == before
    assert found["closing"]["amount"] == before + change
    assert found["paid"]["amount"] - found["charged"]["amount"] == change
    assert sum(each["sum"]["amount"] for each in found["by_kind"]) == change


def test_A4_today_closes_with_the_balance(box: SignInBox) -> None:
    assert statement(box, "2026-11-21", "2026-11-21")["closing"] == get(box, "/v1/account")["balance"]
    assert statement(box, "2026-11-21", "2026-11-21")["closing"]["amount"] == BALANCE


def test_A4_statements_next_to_each_other_fit(box: SignInBox) -> None:
    first = date(2026, 6, 1)
    for days in (1, 9, 30, 77):
        middle = first + timedelta(days=days)
        earlier = statement(box, first.isoformat(), middle.isoformat())
        later = statement(box, (middle + timedelta(days=1)).isoformat(), "2026-11-21")
        assert earlier["closing"] == later["opening"]


def test_A4_pages_of_a_statement_give_the_same_rows(box: SignInBox) -> None:
    path = "/v1/statements?from=2026-01-01&to=2026-11-21"
    assert everything(box, path, 3) == everything(box, path, 200)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-11-02&to=2026-11-01", "from"),
        ("from=2026-11-01&to=2026-11-22", "to"),
        ("from=2026-02-31&to=2026-11-01", "from"),
        ("from=2026-11-01", "to"),
        ("to=2026-11-01", "from"),
        ("from=2026-11-01&to=2026-11-21&cursor=x", "cursor"),
    ],
)
def test_A4_what_is_wrong_with_a_period_is_said_by_field(box: SignInBox, query: str, field: str) -> None:
    answer = box.request("GET", f"/v1/statements?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "request_invalid"), answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_A4_a_receipt_is_sent_once_to_the_masked_address_that_is_told(headend: RunningHeadend, box: SignInBox) -> None:
    receipt = get(box, "/v1/receipts")["items"][0]
    before = len(outbox(headend))
    path = f"/v1/receipts/{receipt['id']}/email"
    answers = [box.request("POST", path, key="receipt", body={}) for _ in range(2)]
    assert [each.json() for each in answers] == [{"sent_to": ["i•••@example.org"]}] * 2
    [mail] = outbox(headend)[before:]
    assert (mail["channel"], mail["target"]) == ("email", "ivan.petrov@example.org")
    assert mail["subject"] == f"Квитанция {receipt['id']}"
    assert "Лицевой счёт 102733458021" in mail["text"]
    assert "Сумма 500,00 ₽" in mail["text"]


def test_A4_a_statement_is_sent_with_all_its_rows(headend: RunningHeadend, box: SignInBox) -> None:
    before = len(outbox(headend))
    assert done(box, "/v1/statements/email", {"from": "2026-09-01", "to": "2026-09-30"})["sent_to"]
    found = statement(box, "2026-09-01", "2026-09-30", "&limit=200")
    [mail] = outbox(headend)[before:]
    assert mail["subject"] == "Выписка с 1 сентября 2026 г. по 30 сентября 2026 г."
    lines = mail["text"].splitlines()
    rows = [line for line in lines if line.startswith("2026-09-")]
    assert len(rows) == len(found["items"])
    assert rows[0].split("  ")[0] == found["items"][-1]["date"], "oldest first"
    assert any(line.startswith("2026-09-14  Спорт  −112,77 ₽") for line in rows), rows
    assert "Остаток в начале: " in mail["text"]


def test_A4_a_receipt_of_another_account_is_not_sent(headend: RunningHeadend, box: SignInBox) -> None:
    stranger = headend.box("new")
    stranger.sign_in()
    receipt = get(box, "/v1/receipts")["items"][0]
    assert refused(stranger, f"/v1/receipts/{receipt['id']}/email") == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"from": "2026-11-01"}, "to"),
        ({"from": "2026-02-31", "to": "2026-11-01"}, "from"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "from"),
        ({"from": "2026-11-02", "to": "2026-11-22"}, "to"),
    ],
)
def test_A4_a_wrong_period_is_not_sent(box: SignInBox, body: dict[str, str], field: str) -> None:
    answer = post(box, "/v1/statements/email", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "request_invalid"), answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_A4_without_an_email_nothing_is_sent(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        box = headend.box()
        box.sign_in()
        headend.prepared.database.write(lambda connection: connection.execute(update(tables.accounts).values(email="")))
        receipt = get(box, "/v1/receipts")["items"][0]
        assert refused(box, f"/v1/receipts/{receipt['id']}/email") == (409, "contact_missing")
        body = {"from": "2026-11-01", "to": "2026-11-21"}
        assert refused(box, "/v1/statements/email", body) == (409, "contact_missing")
