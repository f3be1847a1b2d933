"""The relay over real sockets: what goes through, what is cut, what is slowed."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tools.simulator.network import Address, Relay

LIMIT_S = 5.0


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        try:
            while data := self.request.recv(65536):
                self.request.sendall(data)
        except ConnectionResetError:
            pass


class EchoServer:
    """A peer behind the relay that sends back what it gets."""

    def __init__(self) -> None:
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Echo)
        self._server.daemon_threads = True
        self.address: Address = ("127.0.0.1", int(self._server.server_address[1]))
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def echo() -> Iterator[EchoServer]:
    with closing(EchoServer()) as server:
        yield server


@pytest.fixture
def relay(echo: EchoServer) -> Iterator[Relay]:
    with closing(Relay()) as relay:
        relay.forward_to(echo.address)
        relay.up()
        yield relay


def connect(relay: Relay) -> socket.socket:
    return socket.create_connection(relay.address, LIMIT_S)


def exchange(connection: socket.socket, data: bytes) -> bytes:
    connection.sendall(data)
    answer = b""
    while len(answer) < len(data):
        piece = connection.recv(65536)
        if not piece:
            break
        answer += piece
    return answer


def test_bytes_go_both_ways_and_the_end_of_one_side_reaches_the_other(relay: Relay) -> None:
    with connect(relay) as connection:
        assert exchange(connection, b"x" * 200_000) == b"x" * 200_000
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""


def test_down_resets_what_is_connected_and_refuses_what_comes(relay: Relay) -> None:
    with connect(relay) as connection:
        assert exchange(connection, b"ping") == b"ping"
        relay.down()
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with pytest.raises(ConnectionRefusedError):
        connect(relay)
    relay.down()
    assert not relay.is_up


def test_up_again_under_the_same_address(relay: Relay) -> None:
    address = relay.address
    relay.down()
    relay.up()
    relay.up()
    assert relay.address == address
    with connect(relay) as connection:
        assert exchange(connection, b"ping") == b"ping"


def test_the_port_stays_taken_while_down(relay: Relay) -> None:
    relay.down()
    with socket.socket() as thief, pytest.raises(OSError, match="in use"):
        thief.bind(relay.address)


def test_slow_delays_each_direction_until_the_network_is_put_up_again(relay: Relay) -> None:
    relay.slow(60)
    with connect(relay) as connection:
        started = time.monotonic()
        assert exchange(connection, b"ping") == b"ping"
        assert time.monotonic() - started >= 0.12
        relay.up()
        started = time.monotonic()
        assert exchange(connection, b"ping") == b"ping"
        assert time.monotonic() - started < 0.12


def test_a_cut_does_not_wait_for_what_is_delayed(relay: Relay) -> None:
    relay.slow(60_000)
    with connect(relay) as connection:
        connection.sendall(b"ping")
        started = time.monotonic()
        relay.down()
        assert time.monotonic() - started < LIMIT_S
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_nothing_behind_the_relay_is_felt_as_a_reset(relay: Relay, echo: EchoServer) -> None:
    relay.forward_to(None)
    with pytest.raises(ConnectionResetError), connect(relay) as connection:
        connection.recv(1)
    relay.forward_to(echo.address)
    echo.close()
    with pytest.raises(ConnectionResetError), connect(relay) as connection:
        connection.recv(1)


def test_close_ends_connections_and_thread_and_frees_the_port(echo: EchoServer) -> None:
    relay = Relay()
    relay.forward_to(echo.address)
    relay.up()
    connection = connect(relay)
    relay.close()
    relay.close()
    with connection, pytest.raises(ConnectionResetError):
        connection.recv(1)
    with socket.socket() as heir:
        heir.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        heir.bind(relay.address)
    assert f"relay {relay.address[1]}" not in [thread.name for thread in threading.enumerate()]
