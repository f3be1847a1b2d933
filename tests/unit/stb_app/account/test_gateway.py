"""The gateway against a real server of the device's local API: connect, lose it, come back, leave nothing behind."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from device.api.errors import ApiError
from device.api.methods import METHODS, Role
from device.api.waiting import wait_until
from device.rpc.server import Call, Handler, RpcServer
from stb_app.account.gateway import DeviceGateway, Listener
from tools.pilot import documents


class Heard(Listener):
    """Keeps what the gateway says."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.errors: list[str] = []
        self.events: list[tuple[str, dict[str, Any]]] = []

    def connected(self) -> None:
        self.said.append("connected")

    def disconnected(self, error: ApiError) -> None:
        self.said.append("disconnected")
        self.errors.append(error.code)

    def event(self, name: str, params: dict[str, Any]) -> None:
        self.events.append((name, params))


class Service:
    """A device service of one answer, on a loop of its own thread; ``kill`` ends it as SIGKILL would: at once."""

    def __init__(self, path: Path, version: str = "1.0") -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="service")
        self._thread.start()
        self._version = version
        handlers: dict[str, Handler] = {method.name: self._refuse for method in METHODS}
        handlers |= {"api.version": self._about, "events.subscribe": self._subscribe, "session.status": self._session}
        self._server = RpcServer(METHODS, handlers, lambda uid: Role.viewer if uid == os.getuid() else None)
        self._run(self._server.start(path))

    def _about(self, _: Call) -> dict[str, Any]:
        return {"version": self._version, "compatible": True}

    def _subscribe(self, call: Call) -> list[str]:
        call.peer.subscribe(frozenset(call.params["events"]))
        return sorted(call.peer.events)

    def _session(self, _: Call) -> dict[str, Any]:
        return documents.session()

    def _refuse(self, _: Call) -> None:
        raise ApiError("not today", code="busy", retry_after=3)

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def notify(self, event: str, params: dict[str, Any]) -> None:
        self._loop.call_soon_threadsafe(self._server.notify, event, params)

    def kill(self) -> None:
        self._run(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[DeviceGateway]:
    result = DeviceGateway(tmp_path / "device.sock")
    yield result
    result.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    result = Service(tmp_path / "device.sock")
    yield result
    if not result._loop.is_closed():
        result.kill()


def until(condition: Any, what: str) -> None:
    wait_until(condition, limit=5, what=what)


def ask(gateway: DeviceGateway, method: str) -> tuple[list[Any], list[ApiError]]:
    """Call and wait for the one answer."""
    done: list[Any] = []
    failed: list[ApiError] = []
    gateway.call(method, None, done.append, failed.append)
    until(lambda: done or failed, f"an answer to {method}")
    return done, failed


def test_it_connects_subscribes_and_calls(service: Service, gateway: DeviceGateway, heard: Heard) -> None:
    gateway.start(heard)
    until(lambda: heard.said == ["connected"], "the connection")
    done, failed = ask(gateway, "session.status")
    assert (done, failed) == ([documents.session()], [])
    service.notify("session.changed", {"state": "no_card"})
    until(lambda: heard.events, "the event")
    assert heard.events == [("session.changed", {"state": "no_card"})]


def test_a_typed_error_comes_through(service: Service, gateway: DeviceGateway, heard: Heard) -> None:
    gateway.start(heard)
    until(lambda: heard.said, "the connection")
    done, failed = ask(gateway, "smartcard.status")
    assert done == []
    assert [(error.code, error.retry_after) for error in failed] == [("busy", 3.0)]


def test_a_killed_service_is_noticed_and_taken_up_again(
    service: Service, gateway: DeviceGateway, heard: Heard, tmp_path: Path
) -> None:
    gateway.start(heard)
    until(lambda: heard.said == ["connected"], "the connection")
    service.kill()
    until(lambda: heard.said[1:2] == ["disconnected"], "the loss")
    done, failed = ask(gateway, "session.status")
    assert done == [] and [error.code for error in failed] == ["device_unreachable"]
    again = Service(tmp_path / "device.sock")
    try:
        until(lambda: heard.said[-1] == "connected", "the new connection")
        assert ask(gateway, "session.status")[0] == [documents.session()]
    finally:
        again.kill()


def test_no_service_is_said_once_and_tried_without_end(gateway: DeviceGateway, heard: Heard, tmp_path: Path) -> None:
    gateway.start(heard)
    until(lambda: heard.said, "the complaint")
    late = Service(tmp_path / "device.sock")
    try:
        until(lambda: heard.said[-1] == "connected", "the connection")
        assert heard.said == ["disconnected", "connected"]
        assert heard.errors == ["device_unreachable"]
    finally:
        late.kill()


def test_a_service_of_another_version_is_said_to_be_one(gateway: DeviceGateway, heard: Heard, tmp_path: Path) -> None:
    other = Service(tmp_path / "device.sock", version="2.0")
    try:
        gateway.start(heard)
        until(lambda: heard.errors, "the complaint")
        assert heard.errors == ["api_version"]
    finally:
        other.kill()


def test_closing_leaves_no_thread_and_no_connection(service: Service, heard: Heard, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    gateway = DeviceGateway(tmp_path / "device.sock")
    gateway.start(heard)
    until(lambda: heard.said == ["connected"], "the connection")
    ask(gateway, "session.status")
    gateway.close()
    assert set(threading.enumerate()) <= before
    until(lambda: not service._server._peers, "the end of the connection")
    assert heard.said == ["connected"], "closing is no loss"


def test_closing_while_there_is_no_service_is_quick_and_clean(heard: Heard, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    gateway = DeviceGateway(tmp_path / "none.sock")
    gateway.start(heard)
    until(lambda: heard.said, "the complaint")
    gateway.close()
    assert set(threading.enumerate()) <= before


def test_a_subscription_that_fails_leaves_no_connection_open(heard: Heard, tmp_path: Path) -> None:
    """Each try that ends at the subscription closes what it opened; else the service runs out of peers."""
    service = Service(tmp_path / "device.sock")
    service._server._handlers["events.subscribe"] = service._refuse
    gateway = DeviceGateway(tmp_path / "device.sock")
    try:
        gateway.start(heard)
        until(lambda: heard.errors, "the complaint")
        assert heard.errors == ["busy"]
        until(lambda: not service._server._peers, "the end of the connection")
    finally:
        gateway.close()
        service.kill()
