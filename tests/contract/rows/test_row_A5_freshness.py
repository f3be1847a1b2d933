"""A5, the service's side: a sum is the one of now, whoever changed it, and nothing between keeps an old one. When it
was true the box says by the service's clock, and the rest of A5 stands with the box (tests/contract/device)."""

from __future__ import annotations

from datetime import datetime

from tests.support.asking import get
from tests.support.headend_server import RunningHeadend
from tests.support.operator_side import pay_in
from tests.support.signin_box import SignInBox

SUMS = ("/v1/account", "/v1/subscriptions", "/v1/ledger/months", "/v1/ledger/entries", "/v1/receipts", "/v1/bonus")


def boxes(headend: RunningHeadend) -> tuple[SignInBox, SignInBox]:
    both = headend.box(), headend.box("family", "kitchen")
    for each in both:
        each.sign_in()
    return both


def test_A5_no_answer_with_sums_is_kept_on_its_way(headend: RunningHeadend) -> None:
    box, _ = boxes(headend)
    for path in SUMS:
        assert box.request("GET", path).headers["Cache-Control"] == "no-store", path


def test_A5_what_was_paid_is_in_the_next_answer_of_every_box(headend: RunningHeadend) -> None:
    both = boxes(headend)
    before = get(both[0], "/v1/account")["balance"]["amount"]
    pay_in(headend, "102733458021", 12345, "A5-1")
    for box in both:
        assert get(box, "/v1/account")["balance"]["amount"] == before + 12345
        assert get(box, "/v1/ledger/entries?limit=1")["items"][0]["amount"]["amount"] == 12345


def test_A5_a_box_knows_the_services_time_before_it_shows_a_sum(headend: RunningHeadend) -> None:
    box = headend.box()
    box.challenge()
    assert datetime.fromtimestamp(box.server_time, headend.clock.now().tzinfo) == headend.clock.now().replace(
        microsecond=0
    )
