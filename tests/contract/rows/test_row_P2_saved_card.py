"""P2, the saved card: typed on the phone, listed masked, used with the PIN, removed (product.md P2)."""

from __future__ import annotations

from sqlalchemy import select

from tests.support.household_viewer import Viewer, code_of
from tests.support.paying_home import PayingHome
from tools.headend.api import payment_schemas
from tools.headend.storage import tables

METHODS = "/v1/payment-methods"


def test_P2_a_card_is_saved_on_the_phone_and_listed_masked(home: PayingHome) -> None:
    card = home.save_card()
    listed = home.viewer.get(METHODS)
    payment_schemas.PaymentMethods.model_validate(listed, strict=True)
    [item] = listed["items"]
    assert (item["id"], item["last4"], item["expires"], item["system"]) == (card, "4444", "2035-07", "Mir")
    stored = " ".join(map(str, home.viewer.rows(select(tables.payment_methods))))
    assert "5555" not in stored, "of a card's number only the last four digits are kept"


def test_P2_it_is_saved_only_where_that_was_asked_for_and_paid(home: PayingHome) -> None:
    home.begin(100, "card")
    home.approve()
    home.begin(100, "card", save=True)
    assert home.viewer.get(METHODS)["items"] == []
    home.stand_in.control("decline")
    home.stand_in.webhooks_sent()
    assert home.viewer.get(METHODS)["items"] == []


def test_P2_it_pays_with_the_pin_alone(home: PayingHome) -> None:
    card = home.save_card()
    before = home.viewer.balance()
    box = home.viewer.box
    box.sign_in()
    body = home.body(20000, "card", payment_method_id=card)
    refused = box.request("POST", "/v1/payments", key="card-without-pin", body=body)
    assert code_of(refused) == (401, "insufficient_user_authentication")
    box.step_up(home.viewer.pin)
    payment_id = home.begin(20000, "card", payment_method_id=card)
    home.stand_in.webhooks_sent()
    assert home.state(payment_id) == "succeeded", "nobody has to confirm anything"
    assert home.viewer.balance() == before + 20000


def test_P2_keeping_a_card_and_removing_it_need_the_pin(home: PayingHome) -> None:
    card = home.save_card()
    box = home.viewer.box
    box.sign_in()
    keeping = box.request("POST", "/v1/payments", key="save-no-pin", body=home.body(100, "card", save=True))
    assert code_of(keeping) == (401, "insufficient_user_authentication")
    removing = box.request("DELETE", f"{METHODS}/{card}", key="remove-no-pin")
    assert code_of(removing) == (401, "insufficient_user_authentication")


def test_P2_the_banks_code_is_entered_on_the_phone(home: PayingHome) -> None:
    card = home.save_card()
    home.stand_in.control("saved_cards", answer="confirm")
    payment_id = home.begin(20000, "card", payment_method_id=card)
    shown = home.payment(payment_id)
    assert (shown["state"], shown["confirmation"]["kind"]) == ("awaiting_user", "page")
    home.approve()
    assert home.state(payment_id) == "succeeded"


def test_P2_declined_by_the_bank(home: PayingHome) -> None:
    card = home.save_card()
    before = home.viewer.balance()
    home.stand_in.control("saved_cards", answer="decline")
    found = home.payment(home.begin(20000, "card", payment_method_id=card))
    assert (found["state"], found["reason"]) == ("canceled", "insufficient_funds")
    assert home.viewer.balance() == before


def test_P2_while_its_payment_is_being_checked_it_pays_nothing_else(home: PayingHome) -> None:
    card = home.save_card()
    home.stand_in.control("webhooks", sending=False)
    home.stand_in.control("lose_answer")
    before = home.viewer.balance()
    payment_id = home.begin(20000, "card", payment_method_id=card)
    assert home.state(payment_id) == "unknown"
    body = home.body(20000, "card", payment_method_id=card)
    assert code_of(home.viewer.ask("POST", "/v1/payments", body)) == (409, "payment_running")
    home.later(2)
    assert home.state(payment_id) == "succeeded"
    assert home.viewer.balance() == before + 20000, "asked for twice, taken once"


def test_P2_removed_it_is_gone(home: PayingHome) -> None:
    card = home.save_card()
    assert home.viewer.delete(f"{METHODS}/{card}") == {"id": card, "removed": True}
    assert home.viewer.get(METHODS)["items"] == []
    assert code_of(home.viewer.ask("DELETE", f"{METHODS}/{card}")) == (404, "not_found")
    body = home.body(100, "card", payment_method_id=card)
    assert code_of(home.viewer.ask("POST", "/v1/payments", body)) == (409, "method_refused")


def test_P2_another_accounts_card_neither_shows_nor_pays(home: PayingHome) -> None:
    card = home.save_card()
    other = Viewer(home.headend, "ending")
    assert other.get(METHODS)["items"] == []
    body = home.body(100, "card", payment_method_id=card)
    assert code_of(other.ask("POST", "/v1/payments", body)) == (409, "method_refused")
    assert code_of(other.ask("DELETE", f"{METHODS}/{card}")) == (404, "not_found")


def test_P2_so_many_cards_and_no_more(home: PayingHome) -> None:
    for count in range(5):
        home.begin(100, "card", save=True)
        home.approve()
        assert len(home.viewer.get(METHODS)["items"]) == count + 1
    body = home.body(100, "card", save=True)
    assert code_of(home.viewer.ask("POST", "/v1/payments", body)) == (409, "method_refused")
