"""payment.approve, payment.decline, payment.lose_answer: the buttons of the stand-in beside the head-end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.payment_stand_in import SECRET, SHOP, RunningStandIn, running_stand_in
from tools.provisioning import KeyRing
from tools.simulator.errors import StepFailed
from tools.simulator.payments import PaymentStandIn
from tools.simulator.processes import Supervisor
from tools.simulator.state import StateFolder


@pytest.fixture
def stand_in() -> Iterator[RunningStandIn]:
    with running_stand_in() as running:
        yield running


@pytest.fixture
def payments(tmp_path: Path, stand_in: RunningStandIn) -> Iterator[PaymentStandIn]:
    state = StateFolder(tmp_path / "state")
    made = PaymentStandIn(Supervisor(state.logs), state, KeyRing(state.keys))
    made.url = stand_in.url
    yield made
    state.close()


def begin(stand_in: RunningStandIn, key: str) -> int:
    body = {
        "amount": {"value": "1.00", "currency": "RUB"},
        "payment_method_data": {"type": "sbp"},
        "confirmation": {"type": "qr"},
        "capture": True,
    }
    answer = stand_in.http.post("/v3/payments", json=body, auth=(SHOP, SECRET), headers={"Idempotence-Key": key})
    return answer.status_code


def test_the_newest_open_payment_is_meant(stand_in: RunningStandIn, payments: PaymentStandIn) -> None:
    for key in ("first", "second", "third"):
        assert begin(stand_in, key) == 200
    payments.press("approve")
    payments.press("decline")
    assert [each.state for each in stand_in.payments()] == ["succeeded", "canceled", "pending"]


def test_the_next_answer_is_lost(stand_in: RunningStandIn, payments: PaymentStandIn) -> None:
    for _ in range(2):
        payments.press("lose_answer")
    assert [begin(stand_in, "lost"), begin(stand_in, "lost")] == [500, 200]
    assert len(stand_in.payments()) == 1


def test_where_nothing_waits_the_line_fails(payments: PaymentStandIn) -> None:
    for button in ("approve", "decline"):
        with pytest.raises(StepFailed, match="no payment waits"):
            payments.press(button)


def test_a_stand_in_that_is_gone_fails_the_line(payments: PaymentStandIn) -> None:
    payments.url = "http://127.0.0.1:9"
    with pytest.raises(StepFailed, match="does not answer"):
        payments.press("approve")
