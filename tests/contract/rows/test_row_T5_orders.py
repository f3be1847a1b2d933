"""T5, price before OK: quote, confirm, undo, over HTTPS (product.md T5)."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.shopper import Shopper, code_of, connect, disconnect, tariff
from tools.headend.use_cases.payments import credit
from tools.headend.use_cases.work import begin, finish

# 21 November 2026, 19:41 in Moscow: 10 of 30 days are left, today included


@pytest.fixture
def family(headend: RunningHeadend) -> Shopper:
    """The living-room of Ivan Petrov; what a test orders it gives back."""
    return Shopper(headend)


def test_T5_quote_is_charged_to_the_kopeck(family: Shopper) -> None:
    before = family.balance()
    quote = family.quote(connect("cinema"))
    assert quote["total"] == {"amount": 8300, "currency": "RUB"}
    (line,) = quote["lines"]
    assert line["part"] == {"first": "2026-11-21", "last": "2026-11-30", "days": 10, "of": 30}
    assert family.balance() == before
    order = family.confirm(quote)
    assert order["total"] == quote["total"]
    assert order["lines"] == quote["lines"]
    assert family.balance() == before - 8300
    entry = family.entries(1)[0]
    assert (entry["kind"], entry["amount"]["amount"]) == ("package_fee", -8300)
    assert entry["ordered"] == {"channel": "tv", "room": "Гостиная", "since": "2026-11-21"}
    family.undo(order)


def test_T5_quote_changes_nothing_and_needs_no_pin(headend: RunningHeadend) -> None:
    shopper = Shopper(headend, pin=False)
    before = shopper.held(), shopper.balance(), shopper.entries(1)
    quote = shopper.quote(connect("cinema"))
    assert (shopper.held(), shopper.balance(), shopper.entries(1)) == before
    refused = shopper.try_confirm(quote)
    assert (refused.status_code, code_of(refused)) == (401, "insufficient_user_authentication")
    assert (shopper.held(), shopper.balance(), shopper.entries(1)) == before


def test_T5_quote_lives_ten_minutes_and_not_a_second_longer(family: Shopper) -> None:
    headend = family.headend
    quote = family.quote(connect("cinema"))
    made = headend.clock.now()
    assert datetime.fromisoformat(quote["expires_at"]) == datetime.fromtimestamp(int(made.timestamp()) + 600, UTC)
    headend.clock.advance(600)
    family.sign_in()
    order = family.confirm(quote)
    family.undo(order)
    late = family.quote(connect("cinema"))
    headend.clock.advance(601)
    family.sign_in()
    refused = family.try_confirm(late)
    assert (refused.status_code, code_of(refused)) == (409, "quote_expired")


def test_T5_another_order_in_between_makes_a_quote_outdated(family: Shopper) -> None:
    one, other = family.quote(connect("cinema")), family.quote(connect("science"))
    order = family.confirm(one)
    assert code_of(family.try_confirm(other)) == "quote_outdated"
    third = family.quote(connect("science"))
    family.undo(order)
    assert code_of(family.try_confirm(third)) == "quote_outdated"


def test_T5_a_quote_is_good_once_and_a_key_gives_the_same_answer(family: Shopper) -> None:
    before = family.balance()
    quote = family.quote(connect("cinema"))
    first = family.try_confirm(quote, key="the-one-key")
    again = family.try_confirm(quote, key="the-one-key")
    assert (again.status_code, again.content) == (first.status_code, first.content) and first.status_code == 200
    assert code_of(family.try_confirm(quote)) == "quote_used"
    assert family.balance() == before - 8300
    family.undo(first.json())


def test_T5_disconnecting_works_to_the_end_of_the_paid_period_and_returns_nothing(family: Shopper) -> None:
    before = family.balance()
    sport = family.held()["sport"]
    quote = family.quote(disconnect(sport["id"]))
    assert (quote["total"]["amount"], quote["lines"][0]["ends"]) == (0, "2026-11-30")
    order = family.confirm(quote)
    assert family.balance() == before
    ending = family.held()["sport"]
    assert (ending["state"], ending["ends_on"], ending["next_charge"]["amount"]) == ("ending", "2026-11-30", 0)
    on_again = family.quote(connect("sport"))
    assert on_again["total"]["amount"] == 0
    back = family.confirm(on_again)
    assert family.held()["sport"] == sport
    family.undo(back)
    family.undo(order)
    assert family.held()["sport"] == sport


def test_T5_a_tariff_now_returns_the_unused_part_and_charges_the_new_one_with_a_line_each(family: Shopper) -> None:
    before = family.balance()
    quote = family.quote(tariff("extended"))
    assert [line["amount"]["amount"] for line in quote["lines"]] == [-8333, 11667]
    assert [line["part"]["days"] for line in quote["lines"]] == [10, 10]
    order = family.confirm(quote)
    assert family.balance() == before - 3334
    kinds = [(each["kind"], each["amount"]["amount"]) for each in family.entries(2)]
    assert sorted(kinds) == [("refund", 8333), ("tariff_fee", -11667)]
    family.undo(order)
    assert family.balance() == before


def test_T5_up_and_back_on_one_day_loses_at_most_a_kopeck(family: Shopper) -> None:
    before = family.balance()
    up = family.order(tariff("extended"))
    down = family.order(tariff("basic"))
    assert abs(family.balance() - before) <= 1
    family.undo(down)
    family.undo(up)
    assert family.balance() == before


def test_T5_undo_gives_everything_back_once_and_by_further_rows(family: Shopper) -> None:
    before, held, entries = family.balance(), family.held(), family.entries()
    order = family.order(connect("cinema"), tariff("extended"), disconnect(held["sport"]["id"]))
    assert family.held().keys() == held.keys() - {"basic"} | {"cinema", "extended"}
    undone = family.undo(order)
    assert (undone["state"], undone["undone_at"] is not None) == ("undone", True)
    assert (family.balance(), family.held()) == (before, held)
    after = family.entries()
    assert after[len(after) - len(entries) :] == entries
    assert len(after) == len(entries) + 6
    assert code_of(family.try_undo(order)) == "undo_used"


def test_T5_undo_within_five_minutes_and_not_a_second_later(family: Shopper) -> None:
    headend = family.headend
    order = family.order(connect("cinema"))
    headend.clock.advance(300)
    family.sign_in()
    family.undo(order)
    late = family.order(connect("cinema"))
    headend.clock.advance(301)
    family.sign_in()
    refused = family.try_undo(late)
    assert (refused.status_code, code_of(refused)) == (409, "undo_expired")
    assert family.get("/v1/subscriptions/orders?limit=1")["items"][0]["state"] == "active"
    family.order(disconnect(family.held()["cinema"]["id"]))
    orders = {each["id"]: each["state"] for each in family.get("/v1/subscriptions/orders")["items"]}
    assert orders[late["id"]] == "ending"


def test_T5_undo_of_an_order_that_a_later_one_builds_on_waits_for_it(family: Shopper) -> None:
    first = family.order(connect("uhd"))
    second = family.order(disconnect(family.held()["uhd"]["id"]))
    assert code_of(family.try_undo(first)) == "undo_superseded"
    family.undo(second)
    family.undo(first)
    independent = family.order(connect("science"))
    other = family.order(connect("music"))
    family.undo(independent)
    family.undo(other)


def test_T5_money_that_lacks_a_kopeck_is_told_and_nothing_is_charged(headend: RunningHeadend) -> None:
    shopper = Shopper(headend, "ending")
    before = shopper.balance()
    assert before == 12780
    dear = [connect("cinema"), connect("library")]
    quote = shopper.quote(*dear)
    # 24900 x 10 / 30 + 29900 x 10 / 30
    assert (quote["total"]["amount"], quote["available"]["amount"]) == (8300 + 9967, 12780)
    assert quote["lacking"] == {"amount": 8300 + 9967 - 12780, "currency": "RUB"}
    refused = shopper.try_confirm(quote)
    assert (refused.status_code, code_of(refused)) == (409, "money_lacking")
    assert refused.json()["lacking"] == quote["lacking"]
    assert shopper.balance() == before
    assert "cinema" not in shopper.held()


def test_T5_money_to_the_kopeck_suffices(headend: RunningHeadend) -> None:
    shopper = Shopper(headend, "ending")
    before = shopper.balance()
    # 8300 + 6633 would be too much; 12780 - 8300 = 4480 is left for music, 2633, and 1847 for nothing
    first = shopper.order(connect("cinema"), connect("music"))
    assert shopper.balance() == before - 8300 - 2633 == 1847
    assert code_of(shopper.try_confirm(shopper.quote(connect("archive")))) == "money_lacking"  # 6900 / 3 = 2300
    shopper.undo(first)
    assert shopper.balance() == before


def test_T5_what_is_not_there_or_not_sold_is_told_by_its_code(family: Shopper) -> None:
    refusals = {
        "item_not_sold": connect("no-such-item"),
        "already_connected": connect("sport"),
        "item_excluded": connect("sport-mini"),
        "change_unsuitable": connect("extended"),
        "nothing_to_change": tariff("basic"),
    }
    for code, change in refusals.items():
        answer = family.try_quote(change)
        assert (answer.status_code, code_of(answer)) == (409, code)
    missing = family.try_quote(disconnect("no-such-subscription"))
    assert (missing.status_code, code_of(missing)) == (404, "not_found")
    assert code_of(family.try_confirm({"id": "no-such-quote"})) == "not_found"
    assert code_of(family.try_undo({"id": "no-such-order"})) == "not_found"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"changes": []}',
        b'{"changes": [{"op": "connect"}]}',
        b'{"changes": [{"op": "steal", "item": "sport"}]}',
        b'{"changes": [{"op": "connect", "item": "sp ort"}]}',
        b'{"changes": [{"op": "connect", "item": "\\u0000"}]}',
        b'{"changes": [{"op": "connect", "item": 7}]}',
        b'{"changes": [{"op": "connect", "item": "cinema", "price": 1}]}',
        b'{"changes": [{"op": "change_tariff", "item": "basic", "when": "yesterday"}]}',
        b'{"changes": [{"op": "set_channels", "channels": ["c001", 7]}]}',
    ],
)
def test_T5_a_body_that_is_off_is_refused_with_its_field(family: Shopper, body: bytes) -> None:
    answer = family.box.request("POST", "/v1/subscriptions/quotes", content=body, key="off")
    assert (answer.status_code, code_of(answer)) == (400, "request_invalid")
    assert answer.json()["errors"][0]["field"]


def test_T5_nobody_confirms_or_undoes_anothers_order(headend: RunningHeadend) -> None:
    mine, other = Shopper(headend), Shopper(headend, "ending")
    quote = mine.quote(connect("cinema"))
    assert code_of(other.try_confirm(quote)) == "not_found"
    order = mine.confirm(quote)
    assert code_of(other.try_undo(order)) == "not_found"
    assert order["id"] not in [each["id"] for each in other.get("/v1/subscriptions/orders")["items"]]
    mine.undo(order)


def test_T5_orders_are_listed_newest_first_by_pages(family: Shopper) -> None:
    made = []
    for item in ("cinema", "science", "music"):
        family.headend.clock.advance(1)
        made.append(family.order(connect(item)))
    page = family.get("/v1/subscriptions/orders?limit=2")
    assert [each["id"] for each in page["items"]] == [made[2]["id"], made[1]["id"]]
    rest = family.get(f"/v1/subscriptions/orders?limit=2&cursor={page['next_cursor']}")
    assert rest["items"][0]["id"] == made[0]["id"]
    for order in reversed(made):
        family.undo(order)


def at(headend: RunningHeadend, text: str) -> None:
    """Move the clock to an instant (RFC 3339)."""
    headend.clock.advance((datetime.fromisoformat(text) - headend.clock.now()).total_seconds())


def test_T5_days_are_the_regions_and_a_quote_does_not_outlive_its_month(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        shopper = Shopper(headend, pin=False)
        # five minutes before midnight of the last day in Moscow; in UTC there are three hours left
        at(headend, "2026-11-30T20:55:00+00:00")
        shopper.sign_in()
        quote = shopper.quote(connect("cinema"))
        assert quote["lines"][0]["part"] == {"first": "2026-11-30", "last": "2026-11-30", "days": 1, "of": 30}
        assert (quote["total"]["amount"], quote["expires_at"]) == (830, "2026-11-30T20:59:59Z")
        at(headend, "2026-11-30T21:00:00+00:00")
        shopper.sign_in()
        assert code_of(shopper.try_confirm(quote)) == "quote_expired"
        december = shopper.quote(connect("cinema"))
        assert december["lines"][0]["part"]["days"] == 31
        assert december["total"]["amount"] == 24900


def test_T5_undo_after_the_turn_of_the_month_gives_the_new_month_back_too(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        shopper = Shopper(headend, pin=False)
        at(headend, "2026-11-30T20:58:00+00:00")
        shopper.sign_in()
        before = shopper.balance()
        monthly = shopper.get("/v1/account")["monthly_fee"]["amount"]
        held = shopper.held()
        order = shopper.order(connect("cinema"), disconnect(held["sport"]["id"]))
        assert shopper.balance() == before - 830
        at(headend, "2026-11-30T21:03:00+00:00")
        shopper.sign_in()
        assert shopper.balance() == before - 830 - (monthly + 24900 - 19900)
        shopper.undo(order)
        assert shopper.balance() == before - monthly
        assert shopper.held() == held


def test_T5_29_february_is_one_day_of_29(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        pay(headend, 102733458021, 2_000_000)
        at(headend, "2028-02-28T20:30:00+00:00")
        shopper = Shopper(headend)
        # 24900 x 2 / 29 = 1717.24, and an hour later, on the 29th in Moscow, 24900 / 29 = 858.62
        assert shopper.quote(connect("cinema"))["total"]["amount"] == 1717
        at(headend, "2028-02-28T21:00:00+00:00")
        shopper.sign_in()
        before = shopper.balance()
        assert shopper.order(connect("cinema"))["total"]["amount"] == 859
        assert shopper.balance() == before - 859


def test_T5_of_200_buyers_at_once_one_has_money_enough(new_world: NewWorld) -> None:
    with new_world(households=("ending",)) as headend:
        shopper = Shopper(headend, "ending")
        # 12780 kopecks: enough for one of cinema (8300), and for none after it
        quotes = [shopper.quote(connect("cinema")) for _ in range(20)]
        first, boxes = shopper.box, threading.local()

        def buy(number: int) -> str:
            box = getattr(boxes, "mine", None)
            if box is None:
                box = boxes.mine = headend.box("ending")
                box.token, box.dpop_nonce, box.server_time = first.token, first.dpop_nonce, first.server_time
            body = {"quote_id": quotes[number % len(quotes)]["id"]}
            answer = box.request("POST", "/v1/subscriptions", body=body, key=f"buyer-{number}")
            return "bought" if answer.status_code == 200 else code_of(answer)

        with ThreadPoolExecutor(25) as pool:
            outcomes = Counter(pool.map(buy, range(200)))
        assert outcomes["bought"] == 1
        assert outcomes.keys() <= {"bought", "quote_used", "quote_outdated", "money_lacking", "unavailable"}
        assert shopper.balance() == 12780 - 8300
        assert [each["item"] for each in shopper.get("/v1/subscriptions")["items"]].count("cinema") == 1


def pay(headend: RunningHeadend, account_id: int, amount: int) -> None:
    """Money comes to an account."""

    def work(connection: Connection) -> None:
        found = begin(connection, headend.prepared.operator, headend.clock.now(), account_id)
        credit(found, "bank", amount, "paid-for-a-test")
        finish(found)

    headend.service.services.database.write(work)


def test_T5_a_quote_that_nobody_confirmed_is_forgotten_after_a_day_and_an_order_never(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        shopper = Shopper(headend)
        order, quote = shopper.order(connect("music")), shopper.quote(connect("cinema"))
        headend.clock.advance(600 + 24 * 3600)
        headend.service.housekeeper.tidy()
        shopper.sign_in()
        assert code_of(shopper.try_confirm(quote)) == "quote_expired"
        headend.clock.advance(1)
        headend.service.housekeeper.tidy()
        assert code_of(shopper.try_confirm(quote)) == "not_found"
        assert [each["id"] for each in shopper.get("/v1/subscriptions/orders")["items"]] == [order["id"]]
