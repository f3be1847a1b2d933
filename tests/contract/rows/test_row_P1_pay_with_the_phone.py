"""P1, pay with the phone: a QR on the TV, no PIN, the result at once, nothing of a card on the box (product.md P1)."""

from __future__ import annotations

import time

import httpx
import pytest
from sqlalchemy import select

from tests.support.headend_server import RunningHeadend
from tests.support.household_viewer import Viewer, code_of
from tests.support.paying_home import PayingHome
from tools.headend.api import payment_schemas
from tools.headend.api.phone_text import TEXTS
from tools.headend.storage import tables

PATH = "/v1/payments"


def test_P1_a_qr_is_shown_and_what_is_paid_arrives_once(home: PayingHome) -> None:
    before = home.viewer.balance()
    payment_id = home.begin(50050)
    shown = home.payment(payment_id)
    payment_schemas.PaymentNow.model_validate(shown, strict=True)
    [made] = [each for each in home.stand_in.payments() if each.order.metadata["payment_id"] == payment_id]
    assert made.order.value == "500.50"
    assert shown["state"] == "awaiting_user"
    assert shown["confirmation"] == {"kind": "qr", "payload": f"{home.stand_in.url}/pay/{made.id}"}
    assert shown["expires_at"] == "2026-11-21T17:41:07Z", "an hour to confirm"
    home.approve()
    paid = home.payment(payment_id)
    assert (paid["state"], paid["confirmation"], paid["reference"]) == ("succeeded", None, made.id)
    assert paid["receipt_id"]
    assert home.viewer.balance() == before + 50050
    assert home.viewer.kinds(1) == [("payment", 50050)]
    home.viewer.check_ledger()


def test_P1_no_pin_is_asked_for(home: PayingHome) -> None:
    box = home.viewer.box
    box.sign_in()
    answer = box.request("POST", PATH, key="no-pin-to-pay-in", body=home.body(100))
    assert answer.status_code == 200


def test_P1_the_tv_learns_of_the_result_within_a_second(home: PayingHome) -> None:
    home.viewer.get("/v1/account")
    box = home.viewer.box
    home.begin(100)
    headers = {"Authorization": f"DPoP {box.token}", "DPoP": box.proof("GET", "/v1/events", token=box.token)}
    with box.http.stream("GET", f"{box.origin}/v1/events", headers=headers) as stream:
        assert stream.status_code == 200
        lines = stream.iter_lines()
        next(lines)
        began = time.monotonic()
        home.stand_in.control("approve")
        assert next(line for line in lines if line == "event: account.changed")
        took = time.monotonic() - began
    assert took < 1, "product.md P1"


def test_P1_a_card_page_is_opened_by_a_qr_too(home: PayingHome) -> None:
    confirmation = home.payment(home.begin(100, "card"))["confirmation"]
    assert confirmation["kind"] == "page"
    page = home.stand_in.http.get(confirmation["payload"])
    assert page.status_code == 200 and "1.00 RUB" in page.text


@pytest.mark.parametrize(("method", "least", "most"), [("sbp", 100, 70_000_000), ("card", 100, 35_000_000)])
def test_P1_the_providers_limits_at_their_edges(home: PayingHome, method: str, least: int, most: int) -> None:
    for amount in (least - 1, most + 1):
        refused = home.viewer.ask("POST", PATH, home.body(amount, method))
        assert code_of(refused) == (409, "amount_refused")
        assert refused.json()["least"] == home.viewer.money(least)
        assert refused.json()["most"] == home.viewer.money(most)
    for amount in (least, most):
        assert home.state(home.begin(amount, method)) == "awaiting_user"


def test_P1_a_look_that_finds_nothing_new_wakes_no_tv(home: PayingHome) -> None:
    home.begin(100)
    version = select(tables.accounts.c.version).where(tables.accounts.c.account_id == home.viewer.account_id)
    before = home.viewer.rows(version)
    for _ in range(3):
        home.later(10)
    assert home.viewer.rows(version) == before


def test_P1_declined_by_the_payer(home: PayingHome) -> None:
    before = home.viewer.balance()
    payment_id = home.begin(100)
    home.stand_in.control("decline", reason="general_decline")
    home.stand_in.webhooks_sent()
    found = home.payment(payment_id)
    assert (found["state"], found["reason"], found["receipt_id"]) == ("canceled", "general_decline", None)
    assert home.viewer.balance() == before


def test_P1_expires_after_an_hour_and_not_before(home: PayingHome) -> None:
    home.stand_in.control("webhooks", sending=False)
    payment_id = home.begin(100)
    home.later(3599)
    assert home.state(payment_id) == "awaiting_user"
    home.later(31)
    assert home.state(payment_id) == "expired"
    assert home.payment(payment_id)["ended_at"]


def test_P1_only_so_many_wait_at_once(home: PayingHome) -> None:
    for _ in range(5):
        home.begin(100)
    assert code_of(home.viewer.ask("POST", PATH, home.body(100))) == (409, "payments_open")
    home.approve()
    home.begin(100)


def test_P1_the_same_key_is_one_payment(home: PayingHome) -> None:
    first = home.viewer.ask("POST", PATH, home.body(100), key="pay-once")
    again = home.viewer.ask("POST", PATH, home.body(100), key="pay-once")
    assert first.content == again.content
    assert code_of(home.viewer.ask("POST", PATH, home.body(200), key="pay-once")) == (422, "idempotency_key_reused")
    home.cashier.wait_idle()
    mine = [each for each in home.stand_in.payments() if each.order.metadata["payment_id"] == first.json()["id"]]
    assert len(mine) == 1


def test_P1_what_cannot_be_meant_is_refused(home: PayingHome) -> None:
    def field(body: dict[str, object]) -> str:
        answer = home.viewer.ask("POST", PATH, body)
        assert code_of(answer) == (400, "request_invalid")
        return str(answer.json()["errors"][0]["field"])

    assert field(home.body(100, "cash")) == "method"
    assert field({"amount": {"amount": 100, "currency": "EUR"}, "method": "sbp"}) == "amount.currency"
    assert field(home.body(0)) == "amount.amount"
    assert field(home.body(100, save=True)) == "save"
    assert field(home.body(100, payment_method_id="x")) == "payment_method_id"
    assert field(home.body(100, "mobile")) == "number_id"
    assert field(home.body(100, card_number="4111111111111111")) == "card_number"


def test_P1_another_accounts_payment_is_not_there(home: PayingHome) -> None:
    payment_id = home.begin(100)
    other = Viewer(home.headend, "ending")
    assert code_of(other.ask("GET", f"{PATH}/{payment_id}")) == (404, "not_found")


def test_P1_the_ways_to_pay_are_told(home: PayingHome) -> None:
    listed = home.viewer.get(PATH)
    payment_schemas.Payments.model_validate(listed, strict=True)
    assert [each["method"] for each in listed["ways"]] == ["sbp", "card", "mobile"]


def test_P1_without_a_provider_it_says_so_and_keeps_nothing_under_the_key(world: RunningHeadend) -> None:
    viewer = Viewer.afresh(world)
    body = {"amount": viewer.money(100), "method": "sbp"}
    for _ in range(2):
        assert code_of(viewer.ask("POST", PATH, body, key="no-provider")) == (409, "payments_unavailable")
    assert viewer.get(PATH)["ways"] == []
    kept = select(tables.idempotency_keys.c.key).where(tables.idempotency_keys.c.key == "no-provider")
    assert viewer.rows(kept) == []


def page(home: PayingHome, path: str = "", language: str = "en", **form: str) -> httpx.Response:
    http, url = home.viewer.box.http, f"{home.headend.origin}/pay/{path}"
    headers = {"Accept-Language": f"{language};q=0.9"}
    return http.post(url, data=form, headers=headers) if form else http.get(url, headers=headers)


def test_P1_without_a_proven_account_its_number_is_typed_on_the_phone(home: PayingHome) -> None:
    before = home.viewer.balance()
    assert "Account number" in page(home).text
    begun = page(home, account=f"{home.viewer.account_id:012d}", sum="12,50", method="sbp")
    assert begun.status_code == 303
    payment_id = begun.headers["location"].rpartition("/")[2]
    home.cashier.wait_idle()
    waiting = page(home, payment_id)
    [made] = home.stand_in.payments()[:1]
    assert f'href="{home.stand_in.url}/pay/{made.id}"' in waiting.text and "12.50 RUB" in waiting.text
    assert waiting.headers["refresh"] == "2"
    home.approve()
    paid = page(home, payment_id)
    assert "The money is on the account" in paid.text and "refresh" not in paid.headers
    assert home.viewer.balance() == before + 1250
    assert made.order.return_url is None or made.order.return_url.endswith(f"/pay/{payment_id}")


def test_P1_the_page_tells_nothing_of_accounts(home: PayingHome) -> None:
    mine = f"{home.viewer.account_id:012d}"
    wrong = (
        {"account": "999999999999", "sum": "10", "method": "sbp"},
        {"account": mine, "sum": "0,99", "method": "sbp"},
        {"account": mine, "sum": "10", "method": "mobile"},
        {"account": "<b>", "sum": "10", "method": "sbp"},
    )
    home.headend.clock.advance(3600)
    answers = {(each.status_code, each.text) for each in (page(home, **form) for form in wrong)}
    assert len(answers) == 1 and next(iter(answers))[0] == 400
    assert page(home, "nobody").status_code == 404
    attempts = [page(home, account=mine, sum="x", method="sbp").status_code for _ in range(60)]
    assert attempts[-1] == 429
    home.headend.clock.advance(3600)


def test_P1_who_fills_the_page_does_not_lock_the_tv_out(home: PayingHome) -> None:
    home.headend.clock.advance(3600)
    for _ in range(6):
        page(home, account=f"{home.viewer.account_id:012d}", sum="10", method="sbp")
    assert home.state(home.begin(100)) == "awaiting_user"


@pytest.mark.parametrize("language", ["ru", "en", "sk", "es"])
def test_P1_the_page_speaks_the_phones_language(home: PayingHome, language: str) -> None:
    shown = page(home, language=language)
    assert f'<html lang="{language}">' in shown.text and TEXTS[language]["account"] in shown.text
    assert TEXTS[language].keys() == TEXTS["ru"].keys()
