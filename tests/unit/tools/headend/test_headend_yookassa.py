"""The adapter to YooKassa's API: what it sends, and what becomes of answers that are none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.errors import ConfigError
from tools.headend.payments import (
    ConfirmationKind,
    Means,
    PaymentRequest,
    ProviderRefused,
    ProviderState,
    ProviderUnavailable,
)
from tools.headend.payments.yookassa import YooKassa

NOW = datetime(2026, 11, 21, 16, 41, 7, tzinfo=UTC)
PAYMENT: dict[str, Any] = {
    "id": "2f0a1c5e-000f-5000-8000-1b2c3d4e5f60",
    "status": "pending",
    "amount": {"value": "500.50", "currency": "RUB"},
    "created_at": "2026-11-21T16:41:07.120Z",
    "payment_method": {"type": "sbp", "id": "2f0a1c5e-000f-5000-8000-1b2c3d4e5f60", "saved": False},
    "confirmation": {"type": "qr", "confirmation_data": "https://qr.nspk.ru/A"},
    "metadata": {"payment_id": "p1"},
}
REQUEST = PaymentRequest(
    key="k1",
    amount=50050,
    currency="RUB",
    means=Means.SBP,
    description="МТС: …8021",
    return_url="https://headend/pay/p1",
    confirmation=ConfirmationKind.QR,
    metadata={"payment_id": "p1"},
)


def client(answer: Callable[[httpx.Request], httpx.Response]) -> YooKassa:
    made = YooKassa("https://api.example/v3", "100500", "top-secret")
    made.close()
    made._client = httpx.Client(
        base_url="https://api.example/v3", auth=("100500", "top-secret"), transport=httpx.MockTransport(answer)
    )
    return made


def test_a_payment_is_asked_for_with_its_key_and_read_back() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=PAYMENT)

    found = client(answer).create(REQUEST)
    [sent] = seen
    assert (sent.method, str(sent.url)) == ("POST", "https://api.example/v3/payments")
    assert sent.headers["idempotence-key"] == "k1"
    assert sent.headers["authorization"].startswith("Basic ")
    body = json.loads(sent.content)
    assert body["amount"] == {"value": "500.50", "currency": "RUB"}
    assert body["payment_method_data"] == {"type": "sbp"} and body["capture"] is True
    assert (found.state, found.amount, found.metadata) == (ProviderState.PENDING, 50050, {"payment_id": "p1"})
    assert found.confirmation is not None and found.confirmation.payload == "https://qr.nspk.ru/A"


@pytest.mark.parametrize("status", [202, 301, 401, 403, 429, 500, 502])
def test_what_may_have_been_done_is_not_known(status: int) -> None:
    with pytest.raises(ProviderUnavailable):
        client(lambda _request: httpx.Response(status, json={"code": "x"})).create(REQUEST)


def test_what_was_not_done_is_refused() -> None:
    with pytest.raises(ProviderRefused) as caught:
        client(lambda _request: httpx.Response(400, json={"code": "invalid_request"})).create(REQUEST)
    assert caught.value.code == "invalid_request"
    assert "top-secret" not in str(caught.value)


def test_a_payment_that_is_not_there_is_none() -> None:
    assert client(lambda _request: httpx.Response(404, json={"code": "not_found"})).find("x") is None
    assert client(lambda _request: httpx.Response(500)).find("../payments?x") is None, "it is not even asked for"


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ReadTimeout("no"), httpx.RemoteProtocolError("no")])
def test_no_answer_is_not_known(error: httpx.HTTPError) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(ProviderUnavailable):
        client(answer).create(REQUEST)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(PAYMENT)), JSON)
def test_an_answer_that_is_off_is_never_more_than_not_known(member: str, value: Any) -> None:
    document = {**PAYMENT, member: value}
    try:
        found = client(lambda _request: httpx.Response(200, json=document)).find("x")
    except ProviderUnavailable:
        return
    assert found is not None and isinstance(found.amount, int)


def test_an_answer_without_end_is_cut_off() -> None:
    with pytest.raises(ProviderUnavailable):
        client(lambda _request: httpx.Response(200, content=b"[" * (5 * 1024 * 1024))).create(REQUEST)


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_a_notification_names_a_payment_or_none(notification: bytes) -> None:
    provider = client(lambda _request: httpx.Response(500))
    assert provider.named_in(notification) is None
    said = json.dumps({"event": "payment.succeeded", "object": {"id": "2f0a-1"}}).encode()
    assert provider.named_in(said) == "2f0a-1"


def test_a_search_reads_page_by_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.params["created_at.gte"] == "2026-11-21T16:41:07.000Z"
        if "cursor" not in request.url.params:
            others = [{**PAYMENT, "metadata": {"payment_id": "p2"}}, {**PAYMENT, "metadata": None}]
            return httpx.Response(200, json={"type": "list", "items": others, "next_cursor": "c"})
        return httpx.Response(200, json={"type": "list", "items": [PAYMENT]})

    assert client(answer).search("p1", NOW, NOW) is not None
    assert client(answer).search("p3", NOW, NOW) is None


@pytest.mark.parametrize(("url", "shop", "secret"), [("ftp://x", "1", "s"), ("https://x/v3", "", "s"), ("x", "1", "")])
def test_a_provider_that_cannot_be_is_said_at_start(url: str, shop: str, secret: str) -> None:
    with pytest.raises(ConfigError):
        YooKassa(url, shop, secret)
