"""P9, nothing lost, nothing twice: whatever is pressed, pulled, killed or repeated (product.md P9)."""

from __future__ import annotations

import json
from contextlib import closing

import httpx
import pytest
from sqlalchemy import func, select

from tests.support.household_viewer import code_of
from tests.support.operator_side import pay_in
from tests.support.paying_home import PayingHome
from tools.headend.payments import ConfirmationKind, Means, PaymentRequest
from tools.headend.storage import tables

WEBHOOK = "/v1/webhooks/yookassa"


def credited(home: PayingHome) -> list[int]:
    """Every payment in the ledger of the account since it was seeded, oldest first."""
    entry = tables.ledger_entries.c
    query = (
        select(entry.amount)
        .where(entry.account_id == home.viewer.account_id, entry.reference.like("payment:%"))
        .order_by(entry.entry_id)
    )
    return [row.amount for row in home.viewer.rows(query)]


def notify(home: PayingHome, body: object) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    box = home.viewer.box
    return box.http.post(f"{box.origin}{WEBHOOK}", content=content)


def event(home: PayingHome, name: str) -> dict[str, object]:
    [payment] = home.stand_in.payments()[:1]
    return {"type": "notification", "event": f"payment.{name}", "object": home.stand_in.stand_in.book.document(payment)}


def test_P9_a_webhook_that_comes_again_and_again_credits_once(home: PayingHome) -> None:
    home.stand_in.control("webhooks", times=5)
    home.begin(100)
    home.approve()
    for _ in range(3):
        assert notify(home, event(home, "succeeded")).json() == {"taken": True}
    assert credited(home) == [100]
    home.viewer.check_ledger()


def test_P9_a_webhook_that_is_lost_is_asked_for(home: PayingHome) -> None:
    home.stand_in.control("webhooks", sending=False)
    payment_id = home.begin(100)
    home.stand_in.control("approve")
    assert home.state(payment_id) == "awaiting_user"
    home.later(3)
    assert home.state(payment_id) == "succeeded"
    home.later(3)
    assert credited(home) == [100]


def test_P9_a_webhook_is_believed_nothing(home: PayingHome) -> None:
    payment_id = home.begin(100)
    said = event(home, "succeeded")
    said["object"] = {**home.stand_in.stand_in.book.document(home.stand_in.payments()[0]), "status": "succeeded"}
    assert notify(home, said).json() == {"taken": True}
    assert (home.state(payment_id), credited(home)) == ("awaiting_user", [])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[" * 5000,
        b"{}",
        b'{"event": "payment.succeeded", "object": {"id": "../shop"}}',
        b'{"event": "payment.succeeded", "object": {"id": "00000000-0000-0000-0000-000000000000"}}',
        b'{"event": "refund.succeeded", "object": {"id": "x"}}',
        b'{"event": 1, "object": {"id": 2}}',
    ],
)
def test_P9_a_webhook_about_nothing_is_taken_and_does_nothing(home: PayingHome, body: bytes) -> None:
    answer = notify(home, body)
    assert (answer.status_code, answer.json()) == (200, {"taken": False})


def test_P9_who_guesses_webhooks_has_to_wait(home: PayingHome) -> None:
    home.headend.clock.advance(3600)
    answers = [notify(home, {}).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    home.headend.clock.advance(3600)
    assert notify(home, {}).status_code == 200


def test_P9_only_the_provider_that_is_used_may_say_something(home: PayingHome) -> None:
    box = home.viewer.box
    assert code_of(box.http.post(f"{box.origin}/v1/webhooks/stripe", content=b"{}")) == (404, "not_found")


def test_P9_a_lost_answer_is_being_checked_and_never_failed(home: PayingHome) -> None:
    home.stand_in.control("lose_answer", count=2)
    payment_id = home.begin(100)
    assert home.state(payment_id) == "unknown"
    home.later(2)
    assert home.state(payment_id) == "unknown"
    home.later(4)
    assert home.state(payment_id) == "awaiting_user"
    mine = [each for each in home.stand_in.payments() if each.order.metadata["payment_id"] == payment_id]
    assert len(mine) == 1, "the same key is the same payment"
    home.approve()
    assert (home.state(payment_id), credited(home)) == ("succeeded", [100])


def test_P9_a_webhook_that_comes_before_the_answer_finds_its_payment(home: PayingHome) -> None:
    home.stand_in.control("lose_answer")
    payment_id = home.begin(100)
    home.approve()
    assert (home.state(payment_id), credited(home)) == ("succeeded", [100])
    home.later(60)
    assert credited(home) == [100]


def test_P9_money_that_comes_after_the_hour_is_the_viewers(home: PayingHome) -> None:
    """The payer confirmed in the last second, the bank took longer."""
    home.stand_in.control("webhooks", sending=False)
    payment_id = home.begin(100)
    [made] = home.stand_in.payments()[:1]
    book = home.stand_in.stand_in.book
    home.headend.clock.advance(3600)
    home.ask()
    assert home.state(payment_id) == "expired"
    book.confirm(made)
    assert made.state == "succeeded"
    home.later(600)
    assert (home.state(payment_id), credited(home)) == ("succeeded", [100])


def test_P9_never_made_and_the_window_is_over(home: PayingHome) -> None:
    """The provider was away for the whole hour: nothing was made, and nothing is made any more."""
    with home.provider_away():
        payment_id = home.begin(100)
        assert home.state(payment_id) == "unknown"
        home.later(3599)
        assert home.state(payment_id) == "unknown"
        home.later(3600)
        assert home.state(payment_id) == "unknown", "nobody can say yet"
    home.later(60)
    assert home.state(payment_id) == "expired"
    assert payment_id not in [each.order.metadata["payment_id"] for each in home.stand_in.payments()]


def test_P9_made_while_the_answer_was_lost_for_more_than_an_hour(home: PayingHome) -> None:
    home.stand_in.control("webhooks", sending=False)
    home.stand_in.control("lose_answer", count=1000)
    payment_id = home.begin(100)
    home.stand_in.control("approve")
    home.later(7200)
    assert (home.state(payment_id), credited(home)) == ("succeeded", [100])


def test_P9_two_processes_that_ask_at_once_credit_once(home: PayingHome) -> None:
    home.stand_in.control("webhooks", sending=False)
    payment_id = home.begin(100)
    home.stand_in.control("approve")
    home.headend.clock.advance(3)
    with closing(home.stand_in.provider()) as provider:
        found = provider.find(home.stand_in.payments()[0].id)
    assert found is not None
    for _ in range(2):
        home.cashier._settle(home.viewer.account_id, payment_id, found)
    home.ask()
    assert credited(home) == [100]


def test_P9_a_payment_by_the_provider_brings_a_stopped_account_back(paying: tuple[object, object]) -> None:
    home = PayingHome(*paying, household="debt")  # type: ignore[arg-type]
    assert home.viewer.service() == "stopped"
    home.begin(37120)
    home.approve()
    assert (home.viewer.service(), home.viewer.balance()) == ("active", 0)
    home.quiet()


def test_P9_terminal_and_provider_lie_side_by_side(home: PayingHome) -> None:
    home.begin(100)
    home.approve()
    pay_in(home.headend, f"{home.viewer.account_id:012d}", 300, "T-P9-1")
    pay_in(home.headend, f"{home.viewer.account_id:012d}", 300, "T-P9-1")
    assert credited(home) == [100, 300]
    items = home.viewer.get("/v1/payments")["items"]
    assert {(each["method"], each["state"]) for each in items[:2]} == {("sbp", "succeeded"), ("terminal", "succeeded")}
    count = select(func.count()).where(tables.payment_references.c.account_id == home.viewer.account_id)
    assert home.viewer.rows(count)[0][0] == 2


def test_P9_a_payment_that_was_never_begun_here_is_not_credited(home: PayingHome) -> None:
    """Another service may use the same shop, and name its payments alike."""
    account = f"{home.viewer.account_id:012d}"
    with closing(home.stand_in.provider()) as provider:
        for payment_id in ("elsewhere", home.begin(100)):
            request = PaymentRequest(
                key=f"another-{payment_id}",
                amount=5000,
                currency="RUB",
                means=Means.SBP,
                description="",
                return_url="https://example.org",
                confirmation=ConfirmationKind.QR,
                metadata={"account": account, "payment_id": payment_id},
            )
            provider.create(request)
            home.approve()
            # a second one of a payment that was begun here is the viewer's money
            assert credited(home) == ([] if payment_id == "elsewhere" else [5000])
