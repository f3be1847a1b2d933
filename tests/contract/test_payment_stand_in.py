"""The payment stand-in, asked by the provider's own SDK (quality.md, Tests) and started as a program."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import yookassa
from yookassa.domain.exceptions import BadRequestError, NotFoundError, UnauthorizedError

from tests.support.payment_stand_in import SECRET, SHOP, RunningStandIn, running_stand_in


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 16, 41, 7, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stand_in(clock: Clock) -> Iterator[RunningStandIn]:
    with running_stand_in(clock.now) as running:
        yookassa.Configuration.configure(SHOP, SECRET, api_url=f"{running.url}/v3")
        yield running


def sbp(value: str = "100.00", **more: Any) -> dict[str, Any]:
    return {
        "amount": {"value": value, "currency": "RUB"},
        "payment_method_data": {"type": "sbp"},
        "confirmation": {"type": "qr"},
        "capture": True,
        **more,
    }


def card(**more: Any) -> dict[str, Any]:
    confirmation = {"type": "redirect", "return_url": "https://example.org/back"}
    return sbp(payment_method_data={"type": "bank_card"}, confirmation=confirmation, **more)


def test_the_sdk_pays_by_sbp(stand_in: RunningStandIn) -> None:
    made = yookassa.Payment.create(sbp(description="…8021", metadata={"payment_id": "p1"}), "key-1")
    assert (made.status, made.paid, made.payment_method.type) == ("pending", False, "sbp")
    assert made.confirmation.type == "qr"
    assert made.confirmation.confirmation_data == f"{stand_in.url}/pay/{made.id}"
    stand_in.control("approve")
    paid = yookassa.Payment.find_one(made.id)
    assert (paid.status, paid.paid, paid.amount.value) == ("succeeded", True, 100)
    assert paid.metadata["payment_id"] == "p1"


def test_the_sdks_key_is_one_payment(stand_in: RunningStandIn) -> None:
    first = yookassa.Payment.create(sbp(), "key-2")
    assert yookassa.Payment.create(sbp(), "key-2").id == first.id
    with pytest.raises(BadRequestError):
        yookassa.Payment.create(sbp("200.00"), "key-2")
    assert len(stand_in.payments()) == 1


def test_a_key_lives_for_a_day(stand_in: RunningStandIn, clock: Clock) -> None:
    first = yookassa.Payment.create(sbp(), "key-3")
    clock.at += timedelta(hours=24)
    assert yookassa.Payment.create(sbp(), "key-3").id == first.id
    clock.at += timedelta(seconds=1)
    assert yookassa.Payment.create(sbp(), "key-3").id != first.id


def test_the_sdk_saves_a_card_and_pays_from_it(stand_in: RunningStandIn) -> None:
    made = yookassa.Payment.create(card(save_payment_method=True), "key-4")
    assert made.confirmation.confirmation_url == f"{stand_in.url}/pay/{made.id}"
    stand_in.http.post(f"/pay/{made.id}", data={"what": "approve"})
    method = yookassa.Payment.find_one(made.id).payment_method
    assert (method.saved, method.card.last4, method.id) == (True, "4444", made.id)
    charge = {"amount": {"value": "10.00", "currency": "RUB"}, "capture": True, "payment_method_id": method.id}
    assert yookassa.Payment.create(charge, "key-5").status == "succeeded"
    stand_in.control("saved_cards", answer="decline")
    declined = yookassa.Payment.create(charge, "key-6")
    assert (declined.status, declined.cancellation_details.reason) == ("canceled", "insufficient_funds")


def test_the_sdk_pays_from_a_mobile_account(stand_in: RunningStandIn) -> None:
    data = {"type": "mobile_balance", "phone": "79161234567"}
    body = sbp(payment_method_data=data, confirmation={"type": "external"})
    made = yookassa.Payment.create(body, "key-7")
    assert (made.status, made.confirmation.type, made.payment_method.phone) == ("pending", "external", "79161234567")


def test_the_sdk_captures_and_cancels(stand_in: RunningStandIn) -> None:
    held = yookassa.Payment.create(card() | {"capture": False}, "key-8")
    stand_in.control("approve")
    assert yookassa.Payment.find_one(held.id).status == "waiting_for_capture"
    assert yookassa.Payment.capture(held.id, {}, "key-9").status == "succeeded"
    with pytest.raises(BadRequestError):
        yookassa.Payment.cancel(held.id, "key-10")


def test_the_sdk_lists_by_instant_and_cursor(stand_in: RunningStandIn, clock: Clock) -> None:
    ids = []
    for number in range(5):
        ids.append(yookassa.Payment.create(sbp(), f"list-{number}").id)
        clock.at += timedelta(seconds=1)
    first = yookassa.Payment.list({"limit": 3})
    assert [each.id for each in first.items] == ids[:1:-1]
    second = yookassa.Payment.list({"limit": 3, "cursor": first.next_cursor})
    assert [each.id for each in second.items] == ids[1::-1]
    since = {"created_at.gte": "2026-11-21T16:41:08.000Z", "created_at.lt": "2026-11-21T16:41:10.000Z"}
    assert [each.id for each in yookassa.Payment.list(since).items] == ids[2:0:-1]


def test_what_is_not_confirmed_within_an_hour_is_canceled(stand_in: RunningStandIn, clock: Clock) -> None:
    made = yookassa.Payment.create(sbp(), "key-11")
    clock.at += timedelta(hours=1)
    assert yookassa.Payment.find_one(made.id).status == "pending"
    clock.at += timedelta(seconds=1)
    found = yookassa.Payment.find_one(made.id)
    assert (found.status, found.cancellation_details.reason) == ("canceled", "expired_on_confirmation")


def test_errors_are_the_apis(stand_in: RunningStandIn) -> None:
    with pytest.raises(NotFoundError):
        yookassa.Payment.find_one("00000000-0000-0000-0000-000000000000")
    for body in (
        sbp("0.99"),
        sbp("700000.01"),
        sbp(confirmation={"type": "redirect", "return_url": "javascript:1"}),
        sbp(payment_method_data={"type": "cash"}),
        sbp(metadata={"a": 1}),
        card(confirmation_of_nobody=True),
    ):
        answer = stand_in.http.post(
            "/v3/payments", json=body, auth=(SHOP, SECRET), headers={"Idempotence-Key": str(hash(str(body)))}
        )
        assert answer.status_code == 400, body
        assert (answer.json()["type"], answer.json()["code"]) == ("error", "invalid_request")
    assert yookassa.Payment.create(sbp("700000.00"), "key-12").status == "pending"
    yookassa.Configuration.configure(SHOP, "another", api_url=f"{stand_in.url}/v3")
    with pytest.raises(UnauthorizedError):
        yookassa.Payment.find_one("1")


def test_a_lost_answer_is_a_payment_all_the_same(stand_in: RunningStandIn) -> None:
    stand_in.control("lose_answer")
    asking = {"json": sbp(), "auth": (SHOP, SECRET), "headers": {"Idempotence-Key": "lost"}}
    lost = stand_in.http.post("/v3/payments", **asking)  # type: ignore[arg-type]
    assert (lost.status_code, lost.content) == (500, b"")
    [made] = stand_in.payments()
    again = stand_in.http.post("/v3/payments", **asking)  # type: ignore[arg-type]
    assert again.json()["id"] == made.id


@pytest.mark.e2e
def test_the_program_says_where_it_listens_and_ends_when_told() -> None:
    command = [sys.executable, "-m", "tools.payment_provider", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        [url] = json.loads(process.stdout.readline())["listening"]
        with httpx.Client(base_url=url, trust_env=False) as client:
            assert client.get("/").status_code == 200
            assert client.get("/v3/payments").status_code == 401
            assert client.get("/v3/payments", auth=("100500", "stand-in")).json() == {"type": "list", "items": []}
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0
        assert time.monotonic() - began < 3
    for wrong in (["--port", "x"], ["--port", "0", "--secret-file", "/nowhere"], []):
        said = subprocess.run(
            [sys.executable, "-m", "tools.payment_provider", *wrong], capture_output=True, text=True, timeout=20
        )
        assert said.returncode == 2 and "Traceback" not in said.stderr
