"""One peer of the local API: its lines, its role, its subscriptions, bounded in memory whatever it sends or reads."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from device.api.errors import ApiError
from device.rpc import messages

if TYPE_CHECKING:
    from device.api.methods import Role

MAX_LINE = 1024 * 1024
"""Bytes of a line, without its line feed (contracts.md)."""

MAX_UNREAD = 4 * MAX_LINE
"""A peer that leaves this much unread is cut off: it would hold our memory."""


class Peer(asyncio.Protocol):
    """``pid`` and ``uid`` are the kernel's word (SO_PEERCRED at connect); ``role`` None may do nothing."""

    def __init__(
        self,
        on_open: Callable[[Peer], None],
        on_line: Callable[[Peer, bytes], None],
        on_close: Callable[[Peer], None],
    ) -> None:
        self.pid = 0
        self.uid = -1
        self.role: Role | None = None
        self.events: frozenset[str] = frozenset()
        self.tasks: set[asyncio.Task[None]] = set()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._on_open = on_open
        self._on_line = on_line
        self._on_close = on_close
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._skipping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("the local API is served over stream sockets")
        self._transport = transport
        sock = transport.get_extra_info("socket")
        self.pid, self.uid, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        self._on_open(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._transport = None
        for task in self.tasks:
            task.cancel()
        self._on_close(self)
        if not self.closed.done():
            self.closed.set_result(None)

    def data_received(self, data: bytes) -> None:
        if not self._received and not self._skipping and data.find(b"\n") == len(data) - 1 <= MAX_LINE:
            self._on_line(self, data[:-1])  # the usual case: exactly one whole line
            return
        self._received += data
        while self._transport is not None and not self._transport.is_closing():
            end = self._received.find(b"\n")
            if end < 0:
                break
            line = bytes(self._received[:end])
            del self._received[: end + 1]
            if self._skipping:
                self._skipping = False
            elif len(line) > MAX_LINE:
                self._refuse_length()
            else:
                self._on_line(self, line)
        if len(self._received) > MAX_LINE:
            if not self._skipping:
                self._refuse_length()
            self._skipping = True
            self._received.clear()

    def _refuse_length(self) -> None:
        error = messages.RpcError(messages.INVALID_REQUEST, "line_too_long", f"a line is at most {MAX_LINE} bytes")
        self.send(messages.rpc_error_line(error))

    def pause_writing(self) -> None:
        """The peer reads slower than it asks: nothing more is taken from it until it has read."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def send(self, line: bytes) -> None:
        """Queue ``line``; nothing where the peer is gone."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.write(line)
        if transport.get_write_buffer_size() > MAX_UNREAD:
            transport.abort()

    def answer(self, request_id: messages.Id, line: bytes) -> None:
        """Send an answer, or a typed error in its place where it is longer than a line may be."""
        if len(line) > MAX_LINE + 1:
            line = messages.api_error_line(
                request_id, ApiError(f"the answer is longer than {MAX_LINE} bytes", code="answer_too_long")
            )
        self.send(line)

    def subscribe(self, events: frozenset[str]) -> None:
        """``events`` from now on, besides those asked for before."""
        self.events |= events

    def close(self) -> None:
        """End the connection once what was sent is out; its calls are not answered any more."""
        for task in self.tasks:
            task.cancel()
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()
