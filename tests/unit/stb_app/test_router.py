"""Which screen is the root: the session decides, and every state of product.md S5 has its code."""

from __future__ import annotations

from typing import Any

import pytest

from device.api.errors import ApiError
from stb_app.account.models import Session
from stb_app.account.queries import ACCOUNT
from stb_app.account.store import Store
from stb_app.router import LINK_GRACE_S, SCREENS, make_root, root_key
from tools.pilot import documents
from tools.pilot.gateway import FakeGateway


def store(session: dict[str, Any], *, unreachable: bool = False, **account: Any) -> Store:
    gateway = FakeGateway(session)
    gateway.unreachable = unreachable
    gateway.bodies["/v1/account"] = documents.account(**account)
    result = Store(gateway, lambda work: work(), lambda: None)
    result.start()
    return result


@pytest.mark.parametrize(
    ("state", "code", "key"),
    [
        ("signed_in", None, ("home", "")),
        ("offline", "N-01", ("home", "")),
        ("starting", None, ("start", "")),
        ("no_card", "C-01", ("state", "C-01")),
        ("refused", "C-02", ("state", "C-02")),
        ("refused", "C-03", ("state", "C-03")),
        ("refused", "C-04", ("state", "C-04")),
        ("refused", "C-05", ("state", "C-05")),
        ("refused", "B-01", ("state", "B-01")),
        ("refused", "B-02", ("state", "B-02")),
        ("refused", "B-03", ("state", "B-03")),
        ("refused", None, ("state", "N-02")),
    ],
)
def test_the_session_decides(state: str, code: str | None, key: tuple[str, str]) -> None:
    assert root_key(store(documents.session(state, code)), 0.0) == key


@pytest.mark.parametrize("code", ["N-01", "N-02", "N-03"])
def test_offline_without_a_known_account_is_a_state(code: str) -> None:
    assert root_key(store(documents.session("offline", code), unreachable=True), 0.0) == ("state", code)


def test_an_account_that_does_not_come_is_a_busy_service() -> None:
    assert root_key(store(documents.session(), unreachable=True), 0.0) == ("state", "N-02")


@pytest.mark.parametrize(("service", "code"), [("stopped", "A-01"), ("suspended", "A-02")])
def test_a_service_that_does_not_run_is_a_state(service: str, code: str) -> None:
    halted = store(documents.session(), service={"state": service, "since": "2026-11-01", "until": None})
    assert root_key(halted, 0.0) == ("state", code)


def test_an_account_on_its_way_is_waited_for() -> None:
    gateway = FakeGateway()
    waiting = Store(gateway, lambda work: work(), lambda: None)
    waiting.start()
    gateway.held = []
    assert root_key(waiting, 0.0) == ("start", "")


def test_a_device_service_that_restarts_has_its_grace() -> None:
    lost = store(documents.session())
    lost.disconnected(ApiError("gone", code="device_unreachable"))
    assert root_key(lost, 0.0) == ("start", "")
    assert root_key(lost, LINK_GRACE_S - 0.01) == ("start", "")
    assert root_key(lost, LINK_GRACE_S) == ("state", "B-04")


def test_a_wrong_clock_is_never_a_refusal() -> None:
    wrong = store(documents.session(notices=["T-01"], clock_offset_s=-1.7e9))
    assert root_key(wrong, 0.0) == ("home", "")


def test_every_key_has_its_screen() -> None:
    for key in (("home", ""), ("state", "C-01"), ("start", "")):
        assert make_root(key).name == key[0]


def test_screens_have_names_of_their_own() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(set(names)) == len(names)


def test_nothing_of_an_account_is_asked_for_a_card_that_is_not_in() -> None:
    out = store(documents.session("no_card", "C-01"))
    root_key(out, 0.0)
    assert out.get(ACCOUNT).value is None
    assert out.session == Session(state="no_card", code="C-01")
