"""ApiError: what one program says, the other understands, and nothing that a peer sends breaks the reading."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.api.errors import MAX_RETRY_AFTER_S, ApiError, ConfigError, Forbidden, InvalidParams, Offline

TEXTS = st.text(max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(TEXTS, TEXTS.filter(bool), TEXTS, st.none() | st.floats(0, MAX_RETRY_AFTER_S))
def test_an_error_comes_out_of_json_as_it_went_in(message: str, code: str, remedy: str, after: float | None) -> None:
    sent = ApiError(message, code=code, remedy=remedy, retry_after=after)
    received = ApiError.from_json(json.loads(json.dumps(sent.to_json())))
    assert (received.message, received.code, received.remedy, received.retry_after) == (message, code, remedy, after)
    assert str(received) == str(sent)


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("message", "code", "remedy", "retry_after", "other"), JSON)))
def test_any_object_of_a_peer_is_read(document: dict[str, Any]) -> None:
    error = ApiError.from_json(document)
    assert isinstance(error.message, str) and isinstance(error.code, str) and error.code and str(error) is not None
    assert error.retry_after is None or (math.isfinite(error.retry_after) and error.retry_after >= 0)


@pytest.mark.parametrize("after", [math.nan, math.inf, -1, 10**400, MAX_RETRY_AFTER_S + 1, "5", None, [5]])
def test_a_waiting_time_that_nobody_can_wait_is_left_out(after: Any) -> None:
    assert ApiError.from_json({"code": "busy", "retry_after": after}).retry_after is None


def test_null_is_not_a_text() -> None:
    error = ApiError.from_json({"message": None, "code": None, "remedy": None})
    assert (error.message, error.code, error.remedy) == ("", "internal", "")


def test_a_waiting_time_is_data_and_only_where_somebody_said_it() -> None:
    assert ApiError("x", retry_after=0).to_json()["retry_after"] == 0
    assert "retry_after" not in ApiError("x").to_json()


@pytest.mark.parametrize(
    ("kind", "code"),
    [(ApiError, "internal"), (Offline, "offline"), (InvalidParams, "invalid_params"), (Forbidden, "forbidden")],
)
def test_each_kind_has_its_code_unless_told_another(kind: type[ApiError], code: str) -> None:
    assert kind("x").to_json()["code"] == code
    assert kind("x", code="other").code == "other"
    assert kind("x").code == code  # an instance's own code does not stick to the class


def test_the_remedy_stands_behind_the_message() -> None:
    assert str(ConfigError("box.yaml:3: no CA", remedy="add 'ca:'")) == "box.yaml:3: no CA; add 'ca:'"
    assert str(ConfigError("box.yaml:3: no CA")) == "box.yaml:3: no CA"
