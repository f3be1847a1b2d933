"""P7, the transfer: 10 to 1 000 rubles each, 3 000 a month, own money, masked name before OK, final (product.md P7)."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from tests.support.headend_server import RunningHeadend
from tests.support.household_viewer import Viewer, code_of
from tools.headend.api import terms_schemas
from tools.headend.domain.ledger import TRANSFER_CLEARING, Posting, balances
from tools.headend.storage import tables

PATH = "/v1/transfers"
DEBT = "102733458112"


@pytest.fixture
def family(world: RunningHeadend) -> Viewer:
    viewer = Viewer.afresh(world)
    viewer.pay(500000 - viewer.balance())
    return viewer


@pytest.fixture
def debt(world: RunningHeadend) -> Viewer:
    return Viewer.afresh(world, "debt")


def asked(viewer: Viewer, amount: int, recipient: str = DEBT) -> dict[str, Any]:
    return {"recipient": recipient, "amount": viewer.money(amount)}


def refused(viewer: Viewer, amount: int, recipient: str = DEBT) -> tuple[int, str]:
    return code_of(viewer.ask("POST", f"{PATH}/quotes", asked(viewer, amount, recipient)))


def send(viewer: Viewer, amount: int) -> dict[str, Any]:
    quote = viewer.post(f"{PATH}/quotes", asked(viewer, amount))
    return viewer.post(PATH, {"transfer_id": quote["id"]})


def test_P7_the_masked_name_comes_before_ok(family: Viewer, debt: Viewer) -> None:
    quote = family.post(f"{PATH}/quotes", asked(family, 10000))
    terms_schemas.Transfer.model_validate(quote, strict=True)
    assert (quote["state"], quote["recipient_name"], quote["recipient"]) == ("quoted", "О•••• С•••••••", DEBT)
    assert family.balance() == 500000, "nothing moves before OK"
    sent = family.post(PATH, {"transfer_id": quote["id"]})
    assert (sent["state"], sent["expires_at"]) == ("sent", None)
    assert (family.balance(), debt.balance()) == (490000, -37120 + 10000)
    assert (family.kinds(1), debt.kinds(1)) == ([("transfer", -10000)], [("transfer", 10000)])
    listed = family.get(PATH)
    terms_schemas.Transfers.model_validate(listed, strict=True)
    assert listed["items"] == [sent]


def test_P7_each_is_10_to_1000_rubles(family: Viewer) -> None:
    assert refused(family, 999) == (409, "amount_refused")
    assert send(family, 1000)["amount"] == family.money(1000)
    assert refused(family, 100001) == (409, "amount_refused")
    assert send(family, 100000)["amount"] == family.money(100000)


def test_P7_3000_rubles_in_a_calendar_month_of_the_region(family: Viewer) -> None:
    for _ in range(2):
        send(family, 100000)
    send(family, 99000)
    assert family.get(PATH)["limits"]["month_left"]["amount"] == 1000
    answer = family.ask("POST", f"{PATH}/quotes", asked(family, 1001))
    assert (code_of(answer), answer.json()["most"]) == ((409, "amount_refused"), family.money(1000))
    send(family, 1000)
    assert family.get(PATH)["limits"]["most"]["amount"] == 0
    assert refused(family, 1000) == (409, "amount_refused")
    # 30 November 23:59:59 of Moscow is still this month, though it is 1 December farther east
    family.go_to(date(2026, 11, 30))
    assert refused(family, 1000) == (409, "amount_refused")
    family.go_to(date(2026, 12, 1))
    send(family, 1000)


def test_P7_a_quote_is_checked_again_when_it_is_confirmed(family: Viewer) -> None:
    quotes = [family.post(f"{PATH}/quotes", asked(family, 100000)) for _ in range(4)]
    for quote in quotes[:3]:
        family.post(PATH, {"transfer_id": quote["id"]})
    assert code_of(family.ask("POST", PATH, {"transfer_id": quotes[3]["id"]})) == (409, "amount_refused")
    assert code_of(family.ask("POST", PATH, {"transfer_id": quotes[0]["id"]})) == (409, "quote_used")
    assert code_of(family.ask("POST", PATH, {"transfer_id": "nothing"})) == (404, "not_found")
    assert family.balance() == 200000


def test_P7_a_quote_lives_10_minutes(family: Viewer) -> None:
    first, second = (family.post(f"{PATH}/quotes", asked(family, 1000)) for _ in range(2))
    family.headend.clock.advance(600)
    family.post(PATH, {"transfer_id": first["id"]})
    family.headend.clock.advance(1)
    assert code_of(family.ask("POST", PATH, {"transfer_id": second["id"]})) == (409, "quote_expired")


def test_P7_own_money_only_no_promise(family: Viewer) -> None:
    family.spend_to(5000)
    family.post("/v1/promised-payments", {"amount": family.money(50000)})
    assert family.get(PATH)["limits"]["own_money"]["amount"] == 5000
    answer = family.ask("POST", f"{PATH}/quotes", asked(family, 5001))
    assert (code_of(answer), answer.json()["lacking"]) == ((409, "money_lacking"), family.money(1))
    send(family, 5000)
    assert family.balance() == 50000


def test_P7_own_money_only_no_credit(family: Viewer) -> None:
    limit = family.get("/v1/credit")["quote"]["limit"]
    family.post("/v1/credit", {"mode": "credit", "limit": limit})
    family.spend_to(999)
    assert refused(family, 1000) == (409, "money_lacking")


def test_P7_it_brings_the_recipients_service_back(family: Viewer, debt: Viewer) -> None:
    assert debt.service() == "stopped"
    send(family, 37120)
    assert (debt.service(), debt.balance()) == ("active", 0)


def test_P7_it_is_final_and_sent_once(family: Viewer, debt: Viewer) -> None:
    quote = family.post(f"{PATH}/quotes", asked(family, 1000))
    body = {"transfer_id": quote["id"]}
    first = family.ask("POST", PATH, body, key="once")
    assert family.ask("POST", PATH, body, key="once").content == first.content
    assert debt.balance() == -36120
    assert family.box.request("DELETE", f"{PATH}/{quote['id']}", key="back").status_code in (404, 405)


def test_P7_what_was_sent_arrives_once_whatever_is_killed_in_between(family: Viewer, debt: Viewer) -> None:
    """The sender's half and the outbox row are there, whoever was to deliver is not: as after a SIGKILL."""
    quote = family.post(f"{PATH}/quotes", asked(family, 1000))
    post = family.headend.service.services.transfers
    sent = family.post(PATH, {"transfer_id": quote["id"]})
    assert debt.balance() == -36120
    assert family.rows(select(tables.transfer_outbox.c.transfer_id)) == []
    # killed after the recipient had it and before the outbox row was deleted
    left = {"account_id": family.account_id, "transfer_id": sent["id"], "recipient_id": int(DEBT), "amount": 1000}
    family.write(insert(tables.transfer_outbox).values(**left, created_at=0))
    assert post.deliver_waiting() == 1
    assert (debt.balance(), family.rows(select(tables.transfer_outbox.c.transfer_id))) == (-36120, [])
    # killed before the recipient had anything
    left["transfer_id"] = "another"
    family.write(insert(tables.transfer_outbox).values(**left, created_at=0))
    assert post.deliver_waiting() == 1
    assert (debt.balance(), post.deliver_waiting()) == (-35120, 0)


def test_P7_transfers_keep_the_total(family: Viewer, debt: Viewer) -> None:
    before = family.balance() + debt.balance()
    for amount in (1000, 2345, 99999):
        send(family, amount)
    assert family.balance() + debt.balance() == before
    entry = tables.ledger_entries.c
    ours = entry.account_id.in_((family.account_id, debt.account_id))
    query = select(entry.debit, entry.credit, entry.amount).where(entry.kind == "transfer", ours)
    assert balances(Posting(*row) for row in family.rows(query))[TRANSFER_CLEARING] == 0
    family.check_ledger()
    debt.check_ledger()


def test_P7_the_recipients_tv_learns_of_it(family: Viewer, debt: Viewer) -> None:
    versions = select(tables.accounts.c.version).where(tables.accounts.c.account_id == debt.account_id)
    [before] = debt.rows(versions)
    send(family, 1000)
    assert debt.rows(versions) != [before]


def test_P7_guessing_of_numbers_is_limited(family: Viewer) -> None:
    assert refused(family, 1000, "102733458021") == (409, "recipient_self")
    for _ in range(4):
        assert refused(family, 1000, "999999999999") == (404, "recipient_unknown")
    assert refused(family, 1000, "999999999999") == (429, "recipients_exhausted")
    again = family.ask("POST", f"{PATH}/quotes", asked(family, 1000))
    assert code_of(again) == (429, "recipients_exhausted"), "a number that exists is not tried either"
    assert int(again.headers["Retry-After"]) == 3600
    family.headend.clock.advance(3599)
    assert refused(family, 1000) == (429, "recipients_exhausted")
    family.headend.clock.advance(1)
    send(family, 1000)


def test_P7_a_guess_is_counted_once_however_often_it_is_sent(family: Viewer) -> None:
    body = asked(family, 1000, "999999999999")
    answers = [family.ask("POST", f"{PATH}/quotes", body, key="guess") for _ in range(6)]
    assert {answer.content for answer in answers} == {answers[0].content}
    send(family, 1000)


def test_P7_only_so_many_names_are_shown_a_day(family: Viewer) -> None:
    for _ in range(20):
        family.post(f"{PATH}/quotes", asked(family, 1000))
    answer = family.ask("POST", f"{PATH}/quotes", asked(family, 1000))
    assert code_of(answer) == (429, "recipients_exhausted")
    family.headend.clock.at += timedelta(days=1)
    send(family, 1000)


def test_P7_no_full_name_or_number_is_logged(family: Viewer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        send(family, 1000)
    assert DEBT not in caplog.text and "Смирнова" not in caplog.text
