"""The parameters of account.request: what is sent on, and what is refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from device.account.request import account_request, known_as
from device.api.errors import InvalidParams

POST = {"method": "POST", "path": "/v1/messages/m/read", "idempotency_key": "key-12345678"}


def test_good_ones() -> None:
    request = account_request({**POST, "body": {"a": 1}}, "press-1")
    assert (request.method, request.path, request.body) == ("POST", "/v1/messages/m/read", {"a": 1})
    assert (request.idempotency_key, request.request_id) == ("key-12345678", "press-1")
    get = account_request({"method": "GET", "path": "/v1/ledger/entries", "query": {"b": "2", "a": "я"}}, None)
    assert known_as(get) == '["/v1/ledger/entries",[["a","я"],["b","2"]]]'


def test_a_pin_takes_no_key() -> None:
    pin = {"method": "POST", "path": "/v1/step-up", "body": {"pin": "4071"}}
    assert account_request(pin, None).idempotency_key is None
    with pytest.raises(InvalidParams, match="takes no idempotency_key"):
        account_request({**pin, "idempotency_key": "key-12345678"}, None)


@pytest.mark.parametrize(
    "params",
    [
        {**POST, "idempotency_key": None},
        {**POST, "idempotency_key": "short"},
        {**POST, "idempotency_key": "key 12345678"},
        {**POST, "idempotency_key": "key-12345678\r\nX: y"},
        {**POST, "idempotency_key": "k" * 65},
        {**POST, "body": {"a": "x" * 70_000}},
        {**POST, "path": "/v1/device/session"},
        {"method": "GET", "path": "/v1/account", "body": {}},
        {"method": "GET", "path": "/v1/account", "idempotency_key": "key-12345678"},
        {"method": "GET", "path": "/v1/account", "query": {"a": "x" * 300}},
        {"method": "GET", "path": "/v1/account", "query": {f"k{n}": "v" for n in range(20)}},
    ],
)
def test_bad_ones(params: dict[str, Any]) -> None:
    with pytest.raises(InvalidParams):
        account_request(params, None)
