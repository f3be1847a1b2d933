"""What account.request lets through: the known paths, and none of the ways around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.account_paths import ACCOUNT_PATHS, account_path
from device.api.errors import InvalidParams


@pytest.mark.parametrize(
    ("method", "path", "template"),
    [
        ("GET", "/v1/account", "/v1/account"),
        ("GET", "/v1/receipts/r-17_A.b~c", "/v1/receipts/{receipt_id}"),
        ("POST", "/v1/messages/m3/read", "/v1/messages/{message_id}/read"),
    ],
)
def test_known_paths(method: str, path: str, template: str) -> None:
    assert account_path(method, path).template == template


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/v1",
        "/v1/",
        "/v1/account/",
        "/v1//account",
        "//evil.example/v1/account",
        "https://evil.example/v1/account",
        "http:/v1/account",
        "@evil.example/v1/account",
        ".evil.example/v1/account",
        ":80/v1/account",
        "v1/account",
        "/V1/account",
        "/v1/Account",
        "/v1/account?x=1",
        "/v1/account#x",
        "/v1/account;x",
        "/v1/account\n",
        "/v1/account\r\nHost: evil",
        "/v1/account\x00",
        "/v1/account ",
        "/v1/%61ccount",
        "/v1/receipts/%2e%2e",
        "/v1/receipts/..%2fdevice",
        "/v1/receipts/%2fdevice",
        "/v1/receipts/a%2Fb",
        "/v1/receipts/..",
        "/v1/receipts/.",
        "/v1/receipts/../account",
        "/v1/./account",
        "/v1/../v1/account",
        "/../v1/account",
        "/v1/receipts/a/../../device/session",
        "/v1/receipts\\..\\account",
        "/v1/receipts/а",
        "/v1/receipts/\uff0e\uff0e",
        "/v1/receipts/" + "a" * 300,
        "/v1/device/session",
        "/v1/device/challenge",
        "/v1/device/",
        "/v1/DEVICE/session",
        "/v1/events",
        "/v1/webhooks/yookassa",
        "/health",
        "/openapi.json",
        "/pay/x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_ways_around_are_refused(method: str, path: str) -> None:
    with pytest.raises(InvalidParams) as raised:
        account_path(method, path)
    assert raised.value.code == "path_refused"


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/account"), ("DELETE", "/v1/account"), ("GET", "/v1/messages/m3/read"), ("get", "/v1/account")],
)
def test_the_method_counts(method: str, path: str) -> None:
    with pytest.raises(InvalidParams):
        account_path(method, path)


@given(st.text(alphabet="/.%\\:@?#;v1account2fe \n\x00é", max_size=40).map(lambda tail: "/v1/" + tail))
def test_whatever_passes_is_a_plain_known_path(path: str) -> None:
    try:
        entry = account_path("GET", path)
    except InvalidParams:
        return
    assert path.isascii() and "%" not in path and "//" not in path and "/.." not in path
    assert len(path.split("/")) == len(entry.template.split("/"))


def test_every_change_is_marked() -> None:
    assert {entry.method for entry in ACCOUNT_PATHS if not entry.changes} == {"GET"}
