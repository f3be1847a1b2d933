"""The JSON-RPC server over a real Unix socket: roles, typed errors, limits, notifications, leftovers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.api.errors import ApiError
from device.api.methods import Method, Param, Role
from device.rpc import messages
from device.rpc.connection import MAX_LINE
from device.rpc.server import MAX_IN_FLIGHT, Call, Handler, RpcServer
from tests.unit.device.support import LoopThread

METHODS = (
    Method("echo", Role.viewer, "back", (Param("text", {"type": "string"}),)),
    Method("slow", Role.viewer, "waits until it is let"),
    Method("secret", Role.installer, "for installers"),
    Method("fail", Role.viewer, "a typed error"),
    Method("broken", Role.viewer, "a defect"),
    Method("huge", Role.viewer, "more than a line"),
    Method("subscribe", Role.viewer, "events", (Param("events", {"type": "array", "items": {"enum": ["a", "b"]}}),)),
)


class Served:
    """A server on a thread's loop, its role switch, and what its slow calls wait for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.role: Role | None = Role.viewer
        self.thread = LoopThread()
        self.calls: list[Call] = []
        self.let = self.thread.call(asyncio.Event)
        self.server = RpcServer(METHODS, self._handlers(), lambda uid: self.role if uid == os.getuid() else None)
        self.thread.run(self.server.start(path))

    def _handlers(self) -> dict[str, Handler]:
        async def slow(call: Call) -> str:
            self.calls.append(call)
            await self.let.wait()
            return "done"

        def fail(call: Call) -> None:
            raise ApiError("no luck", code="unlucky", remedy="try again", retry_after=3)

        def broken(call: Call) -> None:
            raise ZeroDivisionError

        def subscribe(call: Call) -> list[str]:
            call.peer.subscribe(frozenset(call.params["events"]))
            return sorted(call.peer.events)

        return {
            "echo": lambda call: call.params["text"],
            "slow": slow,
            "secret": lambda _: "s",
            "fail": fail,
            "broken": broken,
            "huge": lambda _: "x" * MAX_LINE,
            "subscribe": subscribe,
        }

    def connect(self) -> Line:
        return Line(self.path)

    def close(self) -> None:
        self.thread.run(self.server.stop())
        self.thread.close()


class Line:
    """A raw connection that speaks lines."""

    def __init__(self, path: Path) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(str(path))
        self.file = self.sock.makefile("rb")

    def send(self, raw: bytes) -> None:
        self.sock.sendall(raw)

    def read(self) -> dict[str, Any]:
        line = self.file.readline()
        assert line, "the connection ended"
        return dict(json.loads(line))

    def ask(self, method: Any, params: Any = None, call_id: Any = 1) -> dict[str, Any]:
        message = {"jsonrpc": "2.0", "id": call_id, "method": method}
        if params is not None:
            message["params"] = params
        self.send(json.dumps(message).encode() + b"\n")
        return self.read()

    def close(self) -> None:
        self.file.close()
        self.sock.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("rpc") / "s.sock")
    yield served
    served.close()


@pytest.fixture
def line(served: Served) -> Iterator[Line]:
    served.role = Role.viewer
    line = served.connect()
    yield line
    line.close()


def test_answers_by_id_and_keeps_the_text(line: Line) -> None:
    assert line.ask("echo", {"text": "привет ₽"}, "k-1") == {"jsonrpc": "2.0", "id": "k-1", "result": "привет ₽"}


@pytest.mark.parametrize(
    ("raw", "number", "code"),
    [
        (b"{", -32700, "parse_error"),
        (b"\xff\xfe", -32700, "parse_error"),
        (b'{"jsonrpc":"2.0","id":NaN,"method":"echo"}', -32700, "parse_error"),
        (b'{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"\\ud800"}}', -32700, "parse_error"),
        (b'{"jsonrpc":"2.0","id":1,"method":"echo","params":{"n":1e999}}', -32700, "parse_error"),
        (b"[" * 100_000, -32700, "parse_error"),
        (b'{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":' + b"[" * 40 + b"]" * 40 + b"}}", -32700, None),
        (b"[]", -32600, "invalid_request"),
        (b'[{"jsonrpc":"2.0","id":1,"method":"echo"}]', -32600, "invalid_request"),
        (b'"echo"', -32600, "invalid_request"),
        (b'{"id":1,"method":"echo"}', -32600, "invalid_request"),
        (b'{"jsonrpc":"2.0","id":1}', -32600, "invalid_request"),
        (b'{"jsonrpc":"2.0","id":true,"method":"echo"}', -32600, "invalid_request"),
        (b'{"jsonrpc":"2.0","id":null,"method":"echo"}', -32600, "invalid_request"),
        (b'{"jsonrpc":"2.0","id":1,"method":"nothing"}', -32601, "method_not_found"),
        (b'{"jsonrpc":"2.0","id":1,"method":"echo"}', -32602, "invalid_params"),
        (b'{"jsonrpc":"2.0","id":1,"method":"echo","params":["x"]}', -32602, "invalid_params"),
        (b'{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":5}}', -32602, "invalid_params"),
        (b'{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"x","more":1}}', -32602, "invalid_params"),
        (b'{"jsonrpc":"2.0","id":1,"method":"fail"}', -32000, "unlucky"),
        (b'{"jsonrpc":"2.0","id":1,"method":"broken"}', -32603, "internal"),
        (b'{"jsonrpc":"2.0","id":1,"method":"huge"}', -32000, "answer_too_long"),
    ],
)
def test_every_bad_line_gets_a_typed_error_and_the_connection_goes_on(
    line: Line, raw: bytes, number: int, code: str | None
) -> None:
    line.send(raw + b"\n")
    error = line.read()["error"]
    assert error["code"] == number
    assert set(error["data"]) >= {"code", "message", "remedy"}
    if code is not None:
        assert error["data"]["code"] == code
    assert line.ask("echo", {"text": "on"})["result"] == "on"


def test_an_errors_remedy_and_retry_reach_the_caller(line: Line) -> None:
    data = line.ask("fail")["error"]["data"]
    assert data == {"code": "unlucky", "message": "no luck", "remedy": "try again", "retry_after": 3}


def test_a_line_of_a_mebibyte_is_taken_and_one_byte_more_is_refused(line: Line) -> None:
    frame = b'{"jsonrpc":"2.0","id":1,"method":"nothing","params":{"x":"%s"}}'
    line.send(frame % (b"x" * (MAX_LINE - len(frame) + 2)) + b"\n")
    assert line.read()["error"]["data"]["code"] == "method_not_found"
    line.send(frame % (b"x" * (MAX_LINE - len(frame) + 3)) + b"\n")
    assert line.read()["error"]["data"]["code"] == "line_too_long"
    assert line.ask("echo", {"text": "on"})["result"] == "on"


def test_an_endless_line_is_refused_once_skipped_and_not_kept(served: Served, line: Line) -> None:
    for _ in range(5):
        line.send(b"x" * MAX_LINE)
    assert line.read()["error"]["data"]["code"] == "line_too_long"
    held = served.thread.call(lambda: max(len(peer._received) for peer in served.server._peers))
    assert held <= MAX_LINE + 256 * 1024
    line.send(b"\n")
    assert line.ask("echo", {"text": "on"})["result"] == "on"


def test_lines_in_pieces_and_several_at_once(line: Line) -> None:
    one = b'{"jsonrpc":"2.0","id":%d,"method":"echo","params":{"text":"t"}}\n'
    for byte in one % 1:
        line.send(bytes((byte,)))
    line.send(one % 2 + one % 3 + (one % 4)[:10])
    line.send((one % 4)[10:])
    assert [line.read()["id"] for _ in range(4)] == [1, 2, 3, 4]


def test_a_notification_of_the_peer_is_not_answered(line: Line) -> None:
    line.send(b'{"jsonrpc":"2.0","method":"fail"}\n{"jsonrpc":"2.0","method":"broken"}\n')
    assert line.ask("echo", {"text": "next"}, 7)["id"] == 7


def test_roles_by_uid(served: Served) -> None:
    for role, secret, echo in (
        (Role.viewer, "forbidden", None),
        (Role.installer, None, None),
        (Role.operator, None, None),
        (None, "forbidden", "forbidden"),
    ):
        served.role = role
        line = served.connect()
        for method, params, refusal in (("secret", None, secret), ("echo", {"text": "t"}, echo)):
            answer = line.ask(method, params)
            assert answer.get("error", {}).get("data", {}).get("code") == refusal
        line.close()


def test_an_unknown_uid_learns_no_method_names(served: Served) -> None:
    served.role = None
    line = served.connect()
    assert line.ask("nothing")["error"]["data"]["code"] == "forbidden"
    line.close()


def test_calls_do_not_wait_for_each_other_and_are_bounded(served: Served, line: Line) -> None:
    for number in range(MAX_IN_FLIGHT):
        line.send(b'{"jsonrpc":"2.0","id":"s-%d","method":"slow"}\n' % number)
    assert line.ask("echo", {"text": "t"}, 99)["error"]["data"]["code"] == "busy"
    served.thread.call(served.let.set)
    assert {line.read()["id"] for _ in range(MAX_IN_FLIGHT)} == {f"s-{number}" for number in range(MAX_IN_FLIGHT)}
    served.thread.call(served.let.clear)
    assert served.calls[-1].request_id == f"s-{MAX_IN_FLIGHT - 1}"


def test_events_go_to_those_who_asked(served: Served, line: Line) -> None:
    other = served.connect()
    assert line.ask("subscribe", {"events": ["a"]})["result"] == ["a"]
    assert other.ask("subscribe", {"events": ["b"]})["result"] == ["b"]
    for event in ("b", "a"):
        served.thread.call(lambda event=event: served.server.notify(event, {"n": event}))  # type: ignore[misc]
    assert line.read() == {"jsonrpc": "2.0", "method": "a", "params": {"n": "a"}}
    assert other.read()["method"] == "b"
    other.close()


def test_a_peer_that_does_not_read_is_cut_off(served: Served, line: Line) -> None:
    assert line.ask("subscribe", {"events": ["a"]})["result"] == ["a"]
    for _ in range(12):
        served.thread.call(lambda: served.server.notify("a", {"x": "y" * MAX_LINE}))

    def read_all() -> None:
        while True:
            line.read()

    with pytest.raises((AssertionError, ConnectionError, json.JSONDecodeError)):
        read_all()


def test_socket_mode_and_what_stop_leaves(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    path.write_text("left over")
    served = Served(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o660 and stat.S_ISSOCK(path.stat().st_mode)
    line = served.connect()
    assert line.ask("echo", {"text": "t"})["result"] == "t"
    line.send(b'{"jsonrpc":"2.0","id":1,"method":"slow"}\n')
    served.close()
    assert not path.exists()
    assert line.file.read() == b""
    line.close()


def test_a_table_without_its_handlers_is_refused() -> None:
    with pytest.raises(ValueError, match="echo"):
        RpcServer(METHODS[:1], {}, lambda _: None)
    odd = Method("odd", Role.viewer, "", (Param("x", {"type": "string", "pattern": "a+"}),))
    with pytest.raises(ValueError, match="pattern"):
        RpcServer([odd], {"odd": lambda _: None}, lambda _: None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.sampled_from(["2.0", "1.0", 2]),
        "id": JSON,
        "method": st.sampled_from(["echo", "secret", "subscribe", "fail", "", "rpc"]) | JSON,
        "params": JSON | st.fixed_dictionaries({"text": JSON}) | st.fixed_dictionaries({"events": JSON}),
    },
)


@settings(max_examples=150, deadline=None)
@given(lines=st.lists(st.binary(max_size=60) | REQUESTS.map(lambda doc: json.dumps(doc).encode()), max_size=6))
def test_whatever_comes_only_typed_errors_go_out(served: Served, lines: list[bytes]) -> None:
    served.role = Role.viewer
    line = served.connect()
    for raw in lines:
        line.send(raw.replace(b"\n", b" ") + b"\n")
    line.send(b'{"jsonrpc":"2.0","id":"the end","method":"echo","params":{"text":"t"}}\n')
    while (answer := line.read()).get("id") != "the end":
        if "error" in answer:
            assert answer["error"]["code"] in {-32700, -32600, -32601, -32602, -32000}
            assert {"code", "message", "remedy"} <= set(answer["error"]["data"])
    line.close()


@given(st.binary(max_size=200))
def test_decoding_raises_its_own_error_only(raw: bytes) -> None:
    with contextlib.suppress(messages.RpcError):
        messages.parse_request(raw)


def test_a_second_thread_of_peers_is_served_at_once(served: Served) -> None:
    served.role = Role.viewer
    answers: list[Any] = []

    def work() -> None:
        line = served.connect()
        answers.extend(line.ask("echo", {"text": str(number)})["result"] for number in range(50))
        line.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(answers) == 200
