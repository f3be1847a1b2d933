"""P6, credit mode: a quote of limit and due day, down to the limit, back only at zero or above (product.md P6)."""

from __future__ import annotations

from datetime import date, time

import pytest

from tests.support.headend_server import RunningHeadend
from tests.support.household_viewer import Viewer, code_of
from tools.headend.api import terms_schemas

PATH = "/v1/credit"
FEE = 72700
"""A monthly fee of family, and so its limit: one monthly fee, 1 000 rubles at most."""


@pytest.fixture
def family(world: RunningHeadend) -> Viewer:
    """On 21 November, a day after the due day."""
    return Viewer.afresh(world)


def switch_on(viewer: Viewer, limit: int = FEE) -> dict[str, object]:
    return viewer.post(PATH, {"mode": "credit", "limit": viewer.money(limit)})


def switch_off(viewer: Viewer) -> dict[str, object]:
    return viewer.post(PATH, {"mode": "advance"})


def refused(viewer: Viewer, body: object) -> tuple[int, str]:
    return code_of(viewer.ask("POST", PATH, body))


def test_P6_the_quote_names_limit_and_due_day(family: Viewer) -> None:
    shown = family.get(PATH)
    terms_schemas.Credit.model_validate(shown, strict=True)
    assert (shown["mode"], shown["state"], shown["limit"]) == ("advance", None, None)
    quote = shown["quote"]
    assert (quote["available"], quote["limit"]["amount"]) == (True, FEE)
    assert (quote["due_day"], quote["due_on"]) == (20, "2026-12-20")
    assert refused(family, {"mode": "credit", "limit": family.money(FEE + 1)}) == (409, "quote_outdated")
    assert refused(family, {"mode": "credit"}) == (400, "request_invalid")
    on = switch_on(family)
    assert (on["mode"], on["state"], on["due_on"]) == ("credit", "active", "2026-12-20")
    assert refused(family, {"mode": "credit", "limit": family.money(FEE)}) == (409, "credit_refused")


def test_P6_service_goes_on_down_to_the_limit(family: Viewer) -> None:
    switch_on(family)
    family.spend_to(0)
    family.go_to(date(2026, 12, 1))
    assert (family.balance(), family.service()) == (-FEE, "active")
    shown = family.get(PATH)
    assert shown["owed"]["amount"] == FEE


def test_P6_a_kopeck_below_the_limit_stops(family: Viewer) -> None:
    switch_on(family)
    family.spend_to(-1)
    family.go_to(date(2026, 12, 1))
    assert (family.balance(), family.service()) == (-FEE - 1, "stopped")
    family.pay(1)
    assert family.service() == "active"


def test_P6_orders_may_use_the_limit(family: Viewer) -> None:
    switch_on(family)
    family.spend_to(0)
    quote = family.post("/v1/subscriptions/quotes", {"changes": [{"op": "connect", "item": "music"}]})
    family.post("/v1/subscriptions", {"quote_id": quote["id"]})
    assert family.balance() == -quote["total"]["amount"] < 0


def test_P6_back_to_advance_only_at_zero_or_above(family: Viewer) -> None:
    switch_on(family)
    family.spend_to(-1)
    answer = family.ask("POST", PATH, {"mode": "advance"})
    assert code_of(answer) == (409, "money_lacking")
    assert answer.json()["lacking"] == family.money(1)
    family.pay(1)
    assert switch_off(family)["mode"] == "advance"
    family.go_to(date(2026, 12, 1))
    assert family.service() == "stopped"


def test_P6_not_beside_an_open_promise(family: Viewer) -> None:
    family.post("/v1/promised-payments", {"amount": family.money(100)})
    assert family.get(PATH)["quote"]["reason"] == "promise_open"
    assert refused(family, {"mode": "credit", "limit": family.money(FEE)}) == (409, "promise_open")
    family.go_to(date(2026, 11, 25))
    switch_on(family)
    promise = family.ask("POST", "/v1/promised-payments", {"amount": family.money(100)})
    assert (code_of(promise), promise.json()["reason"]) == ((409, "promise_refused"), "credit_mode")


def test_P6_not_paid_by_the_due_day_the_limit_is_held_back(family: Viewer) -> None:
    switch_on(family)
    family.spend_to(0)
    family.go_to(date(2026, 12, 20), time(23, 59))
    assert (family.service(), family.get(PATH)["state"]) == ("active", "active"), "the due day counts"
    family.go_to(date(2026, 12, 21), time(0, 0))
    assert (family.service(), family.get(PATH)["state"]) == ("stopped", "withheld")
    family.pay(FEE - 1)
    assert (family.service(), family.get(PATH)["state"]) == ("stopped", "withheld")
    family.pay(1)
    shown = family.get(PATH)
    assert (family.service(), shown["state"], shown["due_on"]) == ("active", "active", "2027-01-20")
    family.go_to(date(2027, 1, 1))
    assert (family.balance(), family.service()) == (-FEE, "active")


def test_P6_paid_by_the_due_day_it_goes_on(family: Viewer) -> None:
    switch_on(family)
    family.spend_to(0)
    family.go_to(date(2026, 12, 20), time(23, 59))
    family.pay(FEE)
    family.go_to(date(2026, 12, 21), time(0, 0))
    shown = family.get(PATH)
    assert (family.service(), shown["state"], shown["due_on"]) == ("active", "active", "2027-01-20")


def test_P6_who_may_have_it_is_a_rule(world: RunningHeadend, family: Viewer) -> None:
    assert Viewer.afresh(world, "debt").get(PATH)["quote"]["reason"] == "debt"
    suspended = Viewer.afresh(world, "suspended")
    limit = suspended.get(PATH)["quote"]["limit"]
    assert refused(suspended, {"mode": "credit", "limit": limit}) == (409, "account_suspended")
    family.set_account(contract_since=date(2026, 5, 22))
    assert family.get(PATH)["quote"]["reason"] == "new_contract"
    family.set_account(contract_since=date(2026, 5, 21))
    assert family.get(PATH)["quote"]["available"], "six months"
