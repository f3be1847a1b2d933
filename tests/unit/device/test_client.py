"""DeviceClient against real servers: many calls at once, a server that dies in mid-call, versions, callbacks."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from device.api.errors import ApiError
from device.api.waiting import wait_until
from device.client import DeviceClient, RpcClient

SERVER = """
import asyncio, sys, pathlib
from device.api.methods import METHODS, Method, Param, Role
from device.rpc.server import RpcServer

async def main():
    version, path = sys.argv[1], pathlib.Path(sys.argv[2])
    table = [m for m in METHODS if m.name in ("api.version", "events.subscribe")]
    table += [Method("sleep", Role.viewer, ""), Method("echo", Role.viewer, "", (Param("n", {"type": "integer"}),)),
              Method("tell", Role.viewer, "")]
    async def sleep(call):
        await asyncio.sleep(60)
    async def echo(call):
        await asyncio.sleep(0.001 * (call.params["n"] % 3))
        return call.params["n"]
    def subscribe(call):
        call.peer.subscribe(frozenset(call.params["events"]))
        return []
    handlers = {"api.version": lambda call: {"version": version, "compatible": True}, "sleep": sleep, "echo": echo,
                "tell": lambda call: server.notify("session.changed", {"state": "no_card"}),
                "events.subscribe": subscribe}
    server = RpcServer(table, handlers, lambda uid: Role.viewer)
    await server.start(path)
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


class Server:
    def __init__(self, path: Path, version: str = "1.0") -> None:
        self.path = path
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, version, str(path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "d.sock")
    yield server
    server.kill()


def test_calls_from_many_threads_each_get_their_own_answer(server: Server) -> None:
    with DeviceClient(server.path) as client:
        wrong: list[Any] = []

        def work(first: int) -> None:
            for n in range(first, first + 40):
                answer = client.call("echo", {"n": n})
                if answer != n:
                    wrong.append((n, answer))

        threads = [threading.Thread(target=work, args=(1000 * number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert wrong == []


def test_a_server_killed_in_mid_call(server: Server) -> None:
    lost = threading.Event()
    client = DeviceClient(server.path, on_disconnect=lost.set)
    threading.Timer(0.1, server.process.send_signal, (signal.SIGKILL,)).start()
    begun = time.monotonic()
    with pytest.raises(ApiError) as raised:
        client.call("sleep", timeout=30)
    assert raised.value.code == "device_unreachable"
    assert time.monotonic() - begun < 5
    assert lost.wait(5)
    with pytest.raises(ApiError) as again:
        client.call("echo", {"n": 1})
    assert again.value.code == "device_unreachable"
    client.close()


def test_a_call_without_answer_times_out_and_the_rest_goes_on(server: Server) -> None:
    with DeviceClient(server.path) as client:
        with pytest.raises(ApiError) as raised:
            client.call("sleep", timeout=0.05)
        assert raised.value.code == "timeout"
        assert client.call("echo", {"n": 5}) == 5


def test_events_come_on_the_reader_thread_and_a_call_from_there_is_refused(server: Server) -> None:
    seen: list[tuple[str, dict[str, Any], str]] = []

    def on_event(event: str, params: dict[str, Any]) -> None:
        try:
            client.call("echo", {"n": 1})
        except RuntimeError:
            seen.append((event, params, threading.current_thread().name))

    with DeviceClient(server.path) as client:
        client.subscribe(["session.changed"], on_event)
        client.call("tell")
        wait_until(lambda: seen, limit=5, what="the event")
    assert seen[0][:2] == ("session.changed", {"state": "no_card"})
    assert seen[0][2].startswith("rpc-")


def test_no_server_and_a_stale_socket(tmp_path: Path) -> None:
    with pytest.raises(ApiError) as nothing:
        DeviceClient(tmp_path / "none.sock")
    assert nothing.value.code == "device_unreachable"
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(tmp_path / "stale.sock"))
    stale.close()
    with pytest.raises(ApiError) as dead:
        DeviceClient(tmp_path / "stale.sock")
    assert dead.value.code == "device_unreachable"


def test_another_major_version_is_refused(tmp_path: Path) -> None:
    server = Server(tmp_path / "d.sock", version="2.3")
    try:
        with pytest.raises(ApiError) as raised:
            DeviceClient(server.path)
        assert raised.value.code == "api_version"
        assert "2.3" in raised.value.message
    finally:
        server.kill()


def test_close_ends_waiting_calls_and_is_no_loss(server: Server) -> None:
    lost: list[bool] = []
    client = DeviceClient(server.path, on_disconnect=lambda: lost.append(True))
    codes: list[str] = []

    def work() -> None:
        try:
            client.call("sleep", timeout=30)
        except ApiError as error:
            codes.append(error.code)

    thread = threading.Thread(target=work)
    thread.start()
    client.call("echo", {"n": 1})
    client.close()
    thread.join(5)
    assert codes == ["device_unreachable"] and lost == []


@pytest.mark.parametrize("noise", [b"garbage\n", b"[1]\n", b"x" * (1024 * 1024 + 2), b"[" * 50_000 + b"\n"])
def test_a_server_that_speaks_something_else_ends_the_connection(tmp_path: Path, noise: bytes) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "odd.sock"))
    listener.listen()
    client = RpcClient(tmp_path / "odd.sock")
    peer, _ = listener.accept()

    def answer() -> None:
        peer.recv(65536)
        try:
            peer.sendall(noise)
        except OSError:
            return  # the client was faster with its end

    thread = threading.Thread(target=answer)
    thread.start()
    with pytest.raises(ApiError) as raised:
        client.call("echo", timeout=10)
    assert raised.value.code == "device_unreachable"
    thread.join(5)
    for each in (peer, listener):
        each.close()
    client.close()


def test_parameters_that_are_not_json_are_the_callers_error(server: Server) -> None:
    with DeviceClient(server.path) as client:
        for params in ({"n": b"x"}, {"n": "\ud800"}):
            with pytest.raises(ApiError) as raised:
                client.call("echo", params)
            assert raised.value.code == "invalid_params"
        assert client.call("echo", {"n": 2}) == 2


def test_the_client_imports_neither_service_nor_libraries() -> None:
    code = "import sys, json, device.client; print(json.dumps(sorted(sys.modules)))"
    raw = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=Path(__file__).parents[3], env=os.environ
    ).stdout
    loaded = set(json.loads(raw))
    assert not loaded & {"asyncio", "requests", "cryptography", "yaml", "device.rpc", "device.domain", "smartcard"}
