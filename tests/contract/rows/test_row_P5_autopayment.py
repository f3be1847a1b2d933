"""P5, autopayment: by threshold or by day, from a saved card, 3,000 ₽ a month, back-off, and the viewer is told."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from sqlalchemy import select

from tests.support.household_viewer import code_of
from tests.support.paying_home import PayingHome
from tools.headend.api import payment_schemas
from tools.headend.payments.autopayer import Autopayer
from tools.headend.storage import tables

PATH = "/v1/autopay"
FEE = 72700
"""A monthly fee of family."""
BELOW = 10000
"""mts: below 100 ₽."""


def run(home: PayingHome) -> int:
    """What the service does by itself every other second; how many payments began."""
    begun = Autopayer(home.cashier).run()
    home.cashier.wait_idle()
    home.stand_in.webhooks_sent()
    return begun


def agree(home: PayingHome, card: str | None, **more: object) -> dict[str, object]:
    return home.viewer.post(PATH, {"mode": "threshold", "payment_method_id": card, **more})


def events(home: PayingHome) -> list[str]:
    """What the account was told, oldest first."""
    notice = tables.notices.c
    query = select(notice.event).where(notice.account_id == home.viewer.account_id).order_by(notice.at)
    return [row.event for row in home.viewer.rows(query)]


def test_P5_below_the_threshold_one_monthly_fee_is_topped_up(home: PayingHome) -> None:
    card = home.save_card()
    off = home.viewer.get(PATH)
    payment_schemas.Autopay.model_validate(off, strict=True)
    assert (off["state"], off["threshold"]["amount"], off["amount"]["amount"]) == ("off", BELOW, FEE)
    armed = agree(home, card)
    payment_schemas.Autopay.model_validate(armed, strict=True)
    assert (armed["state"], armed["payment_method_id"]) == ("armed", card)
    home.viewer.spend_to(BELOW)
    assert run(home) == 0, "not below it"
    home.viewer.spend_to(BELOW - 1)
    assert run(home) == 1
    assert home.viewer.balance() == BELOW - 1 + FEE
    assert home.viewer.get(PATH)["state"] == "armed"
    assert home.viewer.get(PATH)["taken"]["amount"] == FEE
    assert run(home) == 0, "once"
    home.viewer.check_ledger()


def test_P5_a_monthly_charge_wakes_it(home: PayingHome) -> None:
    agree(home, home.save_card())
    home.viewer.spend_to(FEE + 500)
    home.viewer.go_to(date(2026, 12, 1), time(0, 5))
    assert home.viewer.balance() == 500
    assert run(home) == 1
    assert home.viewer.balance() == 500 + FEE


def test_P5_at_most_3000_a_calendar_month(home: PayingHome) -> None:
    agree(home, home.save_card())
    for _ in range(4):
        home.viewer.spend_to(0)
        assert run(home) == 1
    home.viewer.spend_to(0)
    assert run(home) == 1, "what is left of the month"
    assert home.viewer.balance() == 300_000 - 4 * FEE
    home.viewer.spend_to(0)
    assert run(home) == 0
    shown = home.viewer.get(PATH)
    assert (shown["taken"]["amount"], shown["state"], shown["next_on"]) == (300_000, "armed", "2026-12-01")
    home.viewer.go_to(date(2026, 11, 30), time(23, 59))
    assert run(home) == 0
    home.viewer.go_to(date(2026, 12, 1), time(0, 0))
    assert run(home) == 1


def test_P5_by_day_what_lacks_to_the_monthly_fee_is_paid(home: PayingHome) -> None:
    agreed = agree(home, home.save_card(), mode="day", day=28)
    assert (agreed["state"], agreed["mode"], agreed["next_on"]) == ("armed", "day", "2026-11-28")
    home.viewer.spend_to(FEE - 10050)
    assert run(home) == 0
    home.viewer.go_to(date(2026, 11, 28), time(0, 0))
    assert run(home) == 1
    assert home.viewer.balance() == FEE + 50, "100.50 rounded up to the rouble"
    assert home.viewer.get(PATH)["next_on"] == "2026-12-28"
    home.viewer.spend_to(FEE * 2)
    home.viewer.go_to(date(2026, 12, 28))
    assert run(home) == 0, "nothing lacks"
    assert home.viewer.get(PATH)["next_on"] == "2027-01-28"


@pytest.mark.parametrize(("day", "next_on"), [(30, "2026-11-30"), (31, "2026-11-30"), (21, "2026-12-21")])
def test_P5_days_that_a_month_has_not(home: PayingHome, day: int, next_on: str) -> None:
    assert agree(home, home.save_card(), mode="day", day=day)["next_on"] == next_on


def test_P5_it_backs_off_after_failures_and_is_off_at_last(home: PayingHome) -> None:
    agree(home, home.save_card())
    home.stand_in.control("saved_cards", answer="decline")
    home.viewer.spend_to(0)
    at = datetime.fromisoformat("2026-11-21T19:41:00")
    for failures, pause in enumerate((1, 3, 7), 1):
        assert run(home) == 1
        shown = home.viewer.get(PATH)
        assert (shown["state"], shown["failures"]) == ("failed", failures)
        home.headend.clock.advance(pause * 86_400 - 1)
        assert run(home) == 0, f"not before {pause} days after {at}"
        home.headend.clock.advance(1)
    assert run(home) == 1
    assert home.viewer.get(PATH)["state"] == "off"
    told = events(home)
    assert told.count("autopay_failed") == 3 and told.count("autopay_off") == 1
    assert home.viewer.get(PATH)["taken"]["amount"] == 0, "nothing was taken"
    home.headend.clock.advance(30 * 86_400)
    assert run(home) == 0


def test_P5_after_a_failure_that_was_mended_it_counts_anew(home: PayingHome) -> None:
    agree(home, home.save_card())
    home.stand_in.control("saved_cards", answer="decline")
    home.viewer.spend_to(0)
    assert run(home) == 1
    home.stand_in.control("saved_cards", answer="succeed")
    home.headend.clock.advance(86_400)
    assert run(home) == 1
    shown = home.viewer.get(PATH)
    assert (shown["state"], shown["failures"], home.viewer.balance()) == ("armed", 0, FEE)


def test_P5_paid_otherwise_meanwhile_it_takes_nothing(home: PayingHome) -> None:
    agree(home, home.save_card())
    home.stand_in.control("saved_cards", answer="decline")
    home.viewer.spend_to(0)
    assert run(home) == 1
    home.stand_in.control("saved_cards", answer="succeed")
    home.viewer.pay(BELOW)
    home.headend.clock.advance(86_400)
    assert run(home) == 0
    shown = home.viewer.get(PATH)
    assert (shown["state"], shown["failures"], shown["next_on"]) == ("armed", 0, None)


def test_P5_a_lost_answer_neither_fails_nor_pays_twice(home: PayingHome) -> None:
    agree(home, home.save_card())
    home.stand_in.control("webhooks", sending=False)
    home.stand_in.control("lose_answer")
    home.viewer.spend_to(0)
    assert run(home) == 1
    assert home.viewer.get(PATH)["state"] == "charging"
    assert run(home) == 0
    home.later(3600 * 5)
    assert run(home) == 0
    shown = home.viewer.get(PATH)
    assert (shown["state"], home.viewer.balance()) == ("armed", FEE)


def test_P5_a_card_that_the_bank_withdrew_ends_it_at_once(home: PayingHome) -> None:
    agree(home, home.save_card())
    home.stand_in.control("saved_cards", answer="wait")
    home.viewer.spend_to(0)
    assert run(home) == 1
    home.stand_in.control("decline", reason="permission_revoked")
    home.stand_in.webhooks_sent()
    assert home.viewer.get(PATH)["state"] == "off"
    assert events(home).count("autopay_off") == 1


def test_P5_nothing_inside_a_temporary_block(home: PayingHome) -> None:
    agree(home, home.save_card())
    home.viewer.set_account(
        service_state="suspended", service_since=date(2026, 11, 21), service_until=date(2026, 12, 10)
    )
    home.viewer.spend_to(0)
    assert run(home) == 0
    assert home.viewer.get(PATH)["next_on"] == "2026-12-11"
    home.viewer.go_to(date(2026, 12, 10), time(23, 59))
    assert run(home) == 0


def test_P5_agreed_before_a_card_is_there_it_waits_for_one(home: PayingHome) -> None:
    assert agree(home, None)["state"] == "consented"
    home.viewer.spend_to(0)
    assert run(home) == 0
    home.begin(100, "card", save=True)
    home.approve()
    assert home.viewer.get(PATH)["state"] == "armed"
    assert run(home) == 1
    assert home.viewer.balance() == 100 + FEE


def test_P5_switched_off_or_its_card_removed_it_takes_nothing(home: PayingHome) -> None:
    card = home.save_card()
    agree(home, card)
    assert home.viewer.delete(PATH)["state"] == "off"
    home.viewer.spend_to(0)
    assert run(home) == 0
    agree(home, card)
    home.viewer.delete(f"/v1/payment-methods/{card}")
    assert home.viewer.get(PATH)["state"] == "off"
    assert run(home) == 0


def test_P5_needs_the_pin_a_card_and_a_day_where_it_is_by_day(home: PayingHome) -> None:
    card = home.save_card()
    for body, field in (({"mode": "day"}, "day"), ({"mode": "threshold", "day": 1}, "day")):
        answer = home.viewer.ask("POST", PATH, {**body, "payment_method_id": card})
        assert code_of(answer) == (400, "request_invalid")
        assert answer.json()["errors"][0]["field"] == field
    for which in (None, "nobodys"):
        answer = home.viewer.ask("POST", PATH, {"mode": "threshold", "payment_method_id": which})
        assert code_of(answer) == (409, "method_refused")
    box = home.viewer.box
    box.sign_in()
    for method in ("POST", "DELETE"):
        answer = box.request(method, PATH, key=f"autopay-{method}", body={"mode": "threshold"})
        assert code_of(answer) == (401, "insufficient_user_authentication")
