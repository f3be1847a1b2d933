"""C1, the limit for new orders of a calendar month: to the kopeck, and what does not count (product.md C1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.shopper import Shopper, code_of, connect, disconnect, tariff
from tools.headend.clock import milliseconds
from tools.headend.storage.tables import orders


def ordered_before(headend: RunningHeadend, spending: int) -> None:
    """An order that the account of ``family`` confirmed just now; ten days cannot cost a thousand roubles."""
    now = milliseconds(headend.clock.now())
    row = {
        "account_id": 102733458021,
        "order_id": "an-order-before",
        "state": "confirmed",
        "changes": [],
        "plan": {"subscriptions": [], "rooms": []},
        "lines": [],
        "total": spending,
        "spending": spending,
        "basis": 0,
        "room": None,
        "created_at": now,
        "expires_at": now,
        "confirmed_at": now,
        "undo_until": now,
    }
    headend.service.services.database.write(lambda connection: connection.execute(insert(orders), row))


def test_C1_orders_of_a_month_take_a_thousand_roubles_and_not_a_kopeck_more(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        ordered_before(headend, 100_000 - 8300)
        shopper = Shopper(headend)
        to_the_kopeck = shopper.quote(connect("cinema"))
        assert (to_the_kopeck["total"]["amount"], to_the_kopeck["limit_passed"]) == (8300, False)
        order = shopper.confirm(to_the_kopeck)
        shopper.undo(order)
        ordered = shopper.order(connect("cinema"))
        over = shopper.quote(connect("music"))
        assert over["limit_passed"]
        refused = shopper.try_confirm(over)
        assert (refused.status_code, code_of(refused)) == (409, "order_limit_reached")
        assert refused.json()["limit"] == refused.json()["spent"] == {"amount": 100_000, "currency": "RUB"}
        # what is undone is not spent
        shopper.undo(ordered)
        shopper.order(connect("music"))


def test_C1_a_kopeck_over_the_limit_is_over_it(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        ordered_before(headend, 100_000 - 8299)
        shopper = Shopper(headend)
        assert code_of(shopper.try_confirm(shopper.quote(connect("cinema")))) == "order_limit_reached"
        # what takes nothing passes: ending, and a tariff that gives money back or begins later
        shopper.order(disconnect(shopper.held()["sport"]["id"]))
        shopper.order(tariff("extended", "next"))


def test_C1_the_month_is_the_regions(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        ordered_before(headend, 100_000)
        midnight = datetime.fromisoformat("2026-11-30T21:00:00+00:00")
        headend.clock.advance((midnight - headend.clock.now()).total_seconds() - 1)
        shopper = Shopper(headend)
        assert code_of(shopper.try_confirm(shopper.quote(connect("music")))) == "order_limit_reached"
        headend.clock.advance(1)
        shopper.order(connect("music"))
