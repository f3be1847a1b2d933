"""N1: what really happens to an account is told, once, in its words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import insert

from tests.contract.rows.conftest import NewWorld
from tests.support.household_viewer import Viewer
from tools.headend.domain.notices import Topic
from tools.headend.storage import tables


@pytest.fixture
def family(new_world: NewWorld) -> Iterator[Viewer]:
    """On 21 November at 19:41 of Moscow; wants to know everything, on the TV."""
    with new_world(households=("family",)) as headend:
        viewer = Viewer(headend)
        topics = [{"topic": topic.value, "sms": False, "email": False, "tv": True} for topic in Topic]
        next(each for each in topics if each["topic"] == "security")["sms"] = True
        viewer.post("/v1/notifications", {"topics": topics})
        told(viewer)
        yield viewer


def told(viewer: Viewer) -> list[tuple[str, str]]:
    """Topic and English wording of what the TV has not shown yet; then it has."""
    items = viewer.get("/v1/notifications/tv")["items"]
    for each in items:
        viewer.post(f"/v1/notifications/tv/{each['id']}/shown", {})
    # what one midnight tells has one instant, and no order
    return sorted((each["topic"], each["text"]["en"]) for each in items)


def test_N1_a_payment_is_told(family: Viewer) -> None:
    family.pay(50000)
    assert told(family) == [("payment", "Your payment of ₽500.00 has arrived. Thank you!")]
    assert told(family) == []


def test_N1_an_order_and_its_undo_are_told(family: Viewer) -> None:
    quote = family.post("/v1/subscriptions/quotes", {"changes": [{"op": "connect", "item": "cinema"}]})
    order = family.post("/v1/subscriptions", {"quote_id": quote["id"]})
    assert told(family) == [("order", "Your order is confirmed, ₽83.00 was charged.")]
    family.post("/v1/subscriptions/undo", {"order_id": order["id"]})
    assert told(family) == [("order", "Your order was undone, ₽83.00 was returned.")]


def test_N1_the_charge_the_stop_and_the_return_are_told(family: Viewer) -> None:
    family.spend_to(72699)
    told(family)
    family.go_to(date(2026, 12, 1), time(0, 0, 1))
    assert family.service() == "stopped"
    assert told(family) == [
        ("balance_low", "Your balance is −₽0.01. Top it up so that the TV does not stop."),
        ("charge", "₽727.00 was charged for the month."),
        ("service", "TV is stopped for debt. Pay ₽0.01 and it comes back by itself."),
    ]
    family.pay(1)
    assert family.service() == "active"
    assert told(family) == [
        ("payment", "Your payment of ₽0.01 has arrived. Thank you!"),
        ("service", "TV is back."),
    ]


def test_N1_a_promise_is_told_when_granted_due_and_overdue(family: Viewer) -> None:
    family.spend_to(-10)
    told(family)
    family.post("/v1/promised-payments", {"amount": family.money(50000)})
    assert ("promise", "Your promised payment of ₽500.00 is good until 24 November 2026.") in told(family)
    family.go_to(date(2026, 11, 24), time(0, 0, 1))
    assert told(family) == [("promise", "The promised payment of ₽500.00 is due by 24 November 2026.")]
    family.go_to(date(2026, 11, 25), time(0, 0, 1))
    assert [topic for topic, _ in told(family)] == ["balance_low", "promise", "service"]


def test_N1_a_temporary_block_is_told_at_its_begin_and_end(family: Viewer) -> None:
    family.write(
        insert(tables.subscriptions).values(
            account_id=family.account_id,
            subscription_id="net",
            position=99,
            item_id="net-20",
            kind="internet",
            price=30000,
            since=date(2026, 1, 1),
            order_channel="salon",
        )
    )
    withdrawn = family.post("/v1/suspensions", {"first_day": "2026-11-24", "days": 2})
    assert told(family) == [("block", "The temporary block begins on 24 November 2026.")]
    family.delete(f"/v1/suspensions/{withdrawn['id']}")
    family.delete(f"/v1/suspensions/{withdrawn['id']}")
    cancelled = "The temporary block ordered for 24 November 2026 was cancelled, TV goes on."
    assert told(family) == [("block", cancelled)], "once"
    family.post("/v1/suspensions", {"first_day": "2026-11-23", "days": 2})
    assert told(family) == [("block", "The temporary block begins on 23 November 2026.")]
    family.go_to(date(2026, 11, 23), time(0, 0, 1))
    assert told(family) == [("block", "The temporary block lasts until 24 November 2026, ₽100.00 was charged.")]
    family.go_to(date(2026, 11, 25), time(0, 0, 1))
    assert ("block", "The temporary block is over, TV works.") in told(family)


def test_N1_a_changed_room_is_told(family: Viewer) -> None:
    room = family.get("/v1/account")["rooms"][1]["id"]
    family.post(f"/v1/rooms/{room}", {"name": "Дача"})
    [(topic, text)] = told(family)
    assert (topic, "Дача" in text) == ("security", True)


def test_N1_a_changed_pin_is_told(family: Viewer) -> None:
    answer = family.box.request("POST", "/v1/pin/change", body={"old_pin": family.pin, "new_pin": "8302"})
    assert answer.status_code == 200, answer.text
    family.pin = "8302"
    family.headend.clock.advance(61)  # the session that the old PIN had opened is over
    assert told(family) == [("security", "The PIN was changed. Was it not you? Call 0890.")]
