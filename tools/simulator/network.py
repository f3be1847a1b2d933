"""The network between box and head-end: a TCP relay that can be cut, mended and slowed.

It stands in front of the account service under an address that stays, so the service's origin holds while the
head-end behind it is killed and started anew. TLS passes through untouched.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tools.simulator.errors import StartError

logger = logging.getLogger(__name__)

T = TypeVar("T")

_CHUNK = 64 * 1024
_CALL_LIMIT_S = 5.0
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, 0 s: closing sends RST (POSIX.1, 2.10.16)."""

Address = tuple[str, int]


class Relay:
    """``down`` resets every connection and refuses new ones, ``slow`` lets each piece arrive later, both ways.

    Thread-safe: its loop runs in a thread of its own; every call returns when what it says holds.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        # A socket that is bound and never listens keeps the port ours while the relay refuses connections.
        self._keeper = _bound(host, 0)
        self.address: Address = self._keeper.getsockname()[:2]
        self._target: Address | None = None
        self._delay_s = 0.0
        self._listener: socket.socket | None = None
        self._connections: dict[asyncio.Task[None], socket.socket] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"relay {self.address[1]}", daemon=True)
        self._thread.start()

    @property
    def is_up(self) -> bool:
        return self._listener is not None

    def forward_to(self, target: Address | None) -> None:
        """Where new connections go; None: nothing is behind the relay, connections are reset."""
        self._target = target

    def up(self) -> None:
        """Take connections, without delay."""
        self._call(self._up())

    def down(self) -> None:
        """Reset what is connected and refuse what comes."""
        self._call(self._down())

    def slow(self, milliseconds: int) -> None:
        """From now on every piece arrives ``milliseconds`` later, in each direction; 0 as fast as it can."""
        self._delay_s = milliseconds / 1000

    def close(self) -> None:
        """End every connection and the thread; the port is free again."""
        if self._loop.is_closed():
            return
        self._call(self._down())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._keeper.close()

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_CALL_LIMIT_S)

    async def _up(self) -> None:
        self._delay_s = 0.0
        if self._listener is None:
            self._listener = _bound(*self.address)
            self._listener.setblocking(False)
            self._listener.listen()
            self._loop.add_reader(self._listener, self._accept, self._listener)

    async def _down(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            self._loop.remove_reader(listener)
            listener.close()
        connections = dict(self._connections)
        for serving in connections:
            serving.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        for near in connections.values():  # one whose serving had not begun is still open
            _close_with_reset(near)

    def _accept(self, listener: socket.socket) -> None:
        """Known from the moment it is accepted, so that ``down`` misses none."""
        try:
            near, _ = listener.accept()
        except OSError as error:  # the peer is gone again
            logger.info("a connection came to nothing: %s", error)
            return
        near.setblocking(False)
        serving = self._loop.create_task(self._serve(near))
        self._connections[serving] = near
        serving.add_done_callback(self._connections.pop)

    async def _serve(self, near: socket.socket) -> None:
        near_reader, near_writer = await asyncio.open_connection(sock=near)
        writers = [near_writer]
        end: Callable[[asyncio.StreamWriter], None] = _abort  # a cut or broken connection is felt as such
        try:
            if self._target is None:
                raise ConnectionRefusedError("no head-end")
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            writers.append(far_writer)
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(near_reader, far_writer))
                pumps.create_task(self._pump(far_reader, near_writer))
            end = asyncio.StreamWriter.close
        except* OSError as errors:
            logger.info("a connection broke: %s", errors.exceptions[0])
        finally:
            for writer in writers:
                end(writer)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(_CHUNK):
            if self._delay_s:
                await asyncio.sleep(self._delay_s)
            sink.write(data)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()


def _bound(host: str, port: int) -> socket.socket:
    # With the protocol named asyncio sets TCP_NODELAY on what is accepted; without, each answer waits 40 ms
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_CLOEXEC, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise StartError(f"the network's address {host}:{port} cannot be had: {error.strerror}") from None
    return bound


def _abort(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):  # the peer may have closed it already
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


def _close_with_reset(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed already
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()
