"""Runs the service's ASGI application under uvicorn: address, TLS, signals, the end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from device.api.errors import ConfigError
from tools.headend.one_write import OneWriteProtocol

KEEP_ALIVE_S = 75
"""A box asks again within a minute; opening TLS anew costs more than everything else."""
DROP_EVERY_S = 0.05
GRACE_S = 2
"""A request that runs gets this long at the end; with it the whole ends within 3 s of SIGTERM."""


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files."""

    certificate: Path
    key: Path


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; ConfigError in one line where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named; without that every answer waits for the
    # peer's delayed acknowledgement, 40 ms
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(512)
    except OSError as error:
        sock.close()
        raise ConfigError(f"cannot listen on {host} port {port}: {error.strerror or error}") from None
    return sock


def url_of(sock: socket.socket, tls: Tls | None) -> str:
    """The URL of a listening socket, with its real port."""
    host, port = sock.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{shown}:{port}"


class Server(uvicorn.Server):
    """uvicorn that leaves signals to its caller, says when it listens, and ends streams before it waits for them."""

    def __init__(
        self, app: ASGIApp, tls: Tls | None, *, on_listening: Callable[[], None], on_end: Callable[[], None]
    ) -> None:
        config = uvicorn.Config(
            app,
            http=OneWriteProtocol,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            # nobody in front is believed: an X-Forwarded-For would free its sender from the limits by address
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
            ssl_certfile=str(tls.certificate) if tls else None,
            ssl_keyfile=str(tls.key) if tls else None,
        )
        if tls is not None:
            _check(tls)
        super().__init__(config)
        self._on_listening = on_listening
        self._on_end = on_end

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_end()
        dropping = asyncio.create_task(self._drop_idle())
        try:
            await super().shutdown(sockets)
        finally:
            dropping.cancel()

    async def _drop_idle(self) -> None:
        """Cut connections on which nothing is being answered.

        asyncio waits 30 s for the peer's close_notify, and a box that keeps its connection for the next request
        does not send one: every such box would use up the whole grace.
        """
        while True:
            await asyncio.sleep(DROP_EVERY_S)
            for connection in list(self.server_state.connections):
                cycle, transport = getattr(connection, "cycle", None), getattr(connection, "transport", None)
                if transport is not None and (cycle is None or cycle.response_complete):
                    transport.abort()

    def stop(self) -> None:
        """End soon; from any thread or signal handler."""
        self.should_exit = True


def run_until_signal(server: Server, sock: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT."""

    def stop(_number: int, _frame: object) -> None:
        server.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.run(sockets=[sock])


def print_listening(url: str) -> None:
    """The one line on stdout (contracts.md, Commands)."""
    sys.stdout.write(json.dumps({"listening": [url]}) + "\n")
    sys.stdout.flush()


def _check(tls: Tls) -> None:
    for path in (tls.certificate, tls.key):
        try:
            path.read_bytes()
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.certificate, tls.key)
    except ssl.SSLError as error:
        reason = error.reason or "not PEM"
        raise ConfigError(f"{tls.certificate} and {tls.key} are no certificate with its key: {reason}") from None
