"""A JSON-RPC 2.0 server on a Unix socket: a method table, a handler for each, and who may call what.

Knows nothing of what it serves: the device service and any other local server give it their table and handlers.
The caller holds a lock of its own before `start`, since a socket path can be taken over from a live server.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from device.api.errors import ApiError, Forbidden
from device.api.methods import Method, Role
from device.rpc import messages, schema
from device.rpc.connection import Peer

logger = logging.getLogger(__name__)

MAX_PEERS = 64
MAX_IN_FLIGHT = 64
"""Calls of one peer that are not answered yet."""

FLUSH_SECONDS = 0.5
"""For the last answers to be read when the server stops."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(slots=True)
class Call:
    """One call as its handler sees it: parameters already checked against the table, the role against the peer."""

    peer: Peer
    params: dict[str, Any]
    request_id: str | None
    """The caller's id where it can go into a log and an HTTP header as it is; it runs through to the service's log."""


Handler = Callable[[Call], Any]
"""Returns the result, or an awaitable of it; raises ApiError for what the caller shall see. Never blocks."""


class RpcServer:
    """``role_of(uid)`` gives a peer's role, None for a uid that may do nothing. Lives on one asyncio loop."""

    def __init__(
        self,
        methods: Iterable[Method],
        handlers: Mapping[str, Handler],
        role_of: Callable[[int], Role | None],
    ) -> None:
        self._methods = {method.name: method for method in methods}
        if set(self._methods) != set(handlers):
            raise ValueError(f"methods and handlers differ in {sorted(set(self._methods) ^ set(handlers))}")
        for method in self._methods.values():
            for param in method.params:
                schema.refuse_unknown_keywords(param.schema)
        self._handlers = dict(handlers)
        self._role_of = role_of
        self._peers: set[Peer] = set()
        self._server: asyncio.Server | None = None
        self._stopped = False
        self._path: Path | None = None

    async def start(self, path: Path, mode: int = 0o660) -> None:
        """Listen at ``path`` (a left-over is replaced); OSError where that cannot be. The folder is the caller's."""
        path.unlink(missing_ok=True)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.bind(str(path))
            path.chmod(mode)  # before listen: nobody connects under the mode that the umask gave
            self._server = await asyncio.get_running_loop().create_unix_server(self._new_peer, sock=sock, backlog=64)
        except OSError:
            sock.close()
            raise
        self._path = path

    async def stop(self) -> None:
        """Stop listening, end every connection and call, remove the socket."""
        self._stopped = True
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        peers = tuple(self._peers)
        for peer in peers:
            peer.close()
        if peers:
            await asyncio.wait([peer.closed for peer in peers], timeout=FLUSH_SECONDS)
        for peer in peers:
            peer.abort()
        await server.wait_closed()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def notify(self, event: str, params: dict[str, Any]) -> None:
        """Send ``event`` to every peer that subscribed to it; on the loop's thread."""
        line = None
        for peer in tuple(self._peers):
            if event in peer.events:
                line = line or messages.notification_line(event, params)
                peer.send(line)

    def _new_peer(self) -> Peer:
        return Peer(self._opened, self._received, self._peers.discard)

    def _opened(self, peer: Peer) -> None:
        if self._stopped:
            peer.abort()  # taken from the queue after the end
            return
        peer.role = self._role_of(peer.uid)
        if len(self._peers) >= MAX_PEERS:
            error = ApiError(f"{MAX_PEERS} programs are connected already", code="busy")
            peer.send(messages.api_error_line(None, error))
            peer.close()
            return
        self._peers.add(peer)

    def _received(self, peer: Peer, line: bytes) -> None:
        if not line.strip():
            return
        try:
            request = messages.parse_request(line)
        except messages.RpcError as error:
            peer.send(messages.rpc_error_line(error))
            return
        with _Border(peer, request) as border:
            if len(peer.tasks) >= MAX_IN_FLIGHT:
                raise ApiError(f"{MAX_IN_FLIGHT} calls wait for their answers already", code="busy")
            result = self._checked_handler(peer, request)(Call(peer, request.params, _loggable(request.id)))
            if inspect.isawaitable(result):
                task = asyncio.get_running_loop().create_task(_answer_later(border, result))
                peer.tasks.add(task)
                task.add_done_callback(peer.tasks.discard)
                if inspect.iscoroutine(result):
                    task.add_done_callback(lambda _: result.close())  # cancelled before its first step
            else:
                border.answer(result)

    def _checked_handler(self, peer: Peer, request: messages.Request) -> Handler:
        if peer.role is None:
            raise Forbidden(f"uid {peer.uid} has no role here", remedy="give it one in the service's config: roles")
        method = self._methods.get(request.method)
        if method is None:
            raise messages.RpcError(
                messages.METHOD_NOT_FOUND, "method_not_found", f"no method {request.method[:64]!r}", request.id
            )
        if peer.role < method.role:
            raise Forbidden(f"{method.name} needs the role {method.role.name}, uid {peer.uid} is {peer.role.name}")
        schema.check_params(method, request.params)
        return self._handlers[request.method]


class _Border:
    """Where calls end: whatever a handler raises becomes a typed answer, its defects also a line in the log, and
    neither the connection nor the service is lost by it. A cancelled call is not answered."""

    __slots__ = ("_peer", "_request")

    def __init__(self, peer: Peer, request: messages.Request) -> None:
        self._peer = peer
        self._request = request

    def answer(self, result: Any) -> None:
        if self._request.answered:
            self._peer.answer(self._request.id, messages.result_line(self._request.id, result))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        request_id = self._request.id
        match error:
            case ApiError():
                line = messages.api_error_line(request_id, error)
            case messages.RpcError():
                line = messages.rpc_error_line(error)
            case Exception():
                logger.error("%s failed", self._request.method, exc_info=error)
                data = ApiError("the service failed at this call; its log says where").to_json()
                line = messages.error_line(request_id, messages.INTERNAL_ERROR, data)
            case _:
                return False
        if self._request.answered:
            self._peer.answer(request_id, line)
        return True


async def _answer_later(border: _Border, result: Awaitable[Any]) -> None:
    with border:
        border.answer(await result)


def _loggable(request_id: messages.Id) -> str | None:
    return request_id if isinstance(request_id, str) and _REQUEST_ID.fullmatch(request_id) else None
