"""The local API from the caller's side: `RpcClient` for any server of device.rpc, `DeviceClient` for the box's own.

Imports the standard library and device.api only, so that the app can use it without the service.
"""

from __future__ import annotations

import json
import logging
import secrets
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from device.api.errors import ApiError, InvalidParams
from device.api.methods import API_VERSION

logger = logging.getLogger(__name__)

EventCallback = Callable[[str, dict[str, Any]], None]

MAX_LINE = 1024 * 1024
CONNECT_SECONDS = 2.0
SEND_SECONDS = 5
_RECEIVE_BYTES = 64 * 1024


def _unreachable(path: Path | str, why: str) -> ApiError:
    return ApiError(f"{path}: {why}", code="device_unreachable", remedy="is the service running?")


class _Waiting:
    """A call that waits for its answer."""

    def __init__(self) -> None:
        self.answered = threading.Event()
        self.message: dict[str, Any] | None = None


class RpcClient:
    """Connects at once. Any thread may call, several calls may be in flight; answers and events come on one reader
    thread. A lost connection ends the object: every waiting and later call raises ``device_unreachable``, and
    ``on_disconnect`` is called once on the reader thread. Connecting anew is the caller's, with a new object.
    """

    def __init__(self, path: Path | str, *, on_disconnect: Callable[[], None] | None = None) -> None:
        self.path = Path(path)
        self._on_disconnect = on_disconnect
        self._prefix = secrets.token_hex(4)
        self._count = 0
        self._lock = threading.Lock()
        self._send_lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}
        self._callbacks: list[tuple[frozenset[str], EventCallback]] = []
        self._lost = False
        self._closed = False
        self._socket = self._connect()
        self._reader = threading.Thread(target=self._read, name=f"rpc-{self.path.name}", daemon=True)
        self._reader.start()

    def _connect(self) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.settimeout(CONNECT_SECONDS)
            sock.connect(str(self.path))
            sock.settimeout(None)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
        except OSError as error:
            sock.close()
            raise _unreachable(self.path, error.strerror or str(error)) from None
        return sock

    def call(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        timeout: float = 5.0,
        *,
        request_id: str | None = None,
    ) -> Any:
        """The result of ``method``. ApiError with the service's code; ``device_unreachable`` where the connection is
        gone; ``timeout`` after ``timeout`` seconds. ``request_id`` (unique, [A-Za-z0-9._:-]) runs into the logs.
        """
        if threading.current_thread() is self._reader:
            raise RuntimeError("a call from an event's callback would wait for itself")
        waiting = _Waiting()
        with self._lock:
            if self._lost:
                raise _unreachable(self.path, "the connection is lost")
            self._count += 1
            call_id = request_id or f"{self._prefix}-{self._count}"
            if call_id in self._waiting:
                raise ValueError(f"a call {call_id!r} is in flight already")
            self._waiting[call_id] = waiting
        try:
            self._send({"jsonrpc": "2.0", "id": call_id, "method": method, "params": params or {}})
            if not waiting.answered.wait(timeout):
                raise ApiError(f"{method}: no answer in {timeout:g} s", code="timeout")
        finally:
            with self._lock:
                self._waiting.pop(call_id, None)
        if waiting.message is None:
            raise _unreachable(self.path, "the connection was lost before the answer came")
        return _result(waiting.message)

    def _send(self, message: dict[str, Any]) -> None:
        try:
            line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        except (UnicodeEncodeError, TypeError) as error:
            raise InvalidParams(f"{message['method']}: the parameters are not JSON: {error}") from None
        if len(line) > MAX_LINE:
            raise ApiError(f"a message of {len(line)} bytes; at most {MAX_LINE} are taken", code="line_too_long")
        try:
            with self._send_lock:
                self._socket.sendall(line + b"\n")
        except OSError as error:
            self._shut()  # half a line may be out: nothing after it would be understood
            raise _unreachable(self.path, error.strerror or str(error)) from None

    def subscribe(self, events: Iterable[str], callback: EventCallback) -> None:
        """``callback(event, params)`` on the reader thread for each of ``events`` from now on; it must not block."""
        wanted = frozenset(events)
        with self._lock:
            self._callbacks.append((wanted, callback))
        self.call("events.subscribe", {"events": sorted(wanted)})

    def close(self) -> None:
        """End the connection; waiting calls raise ``device_unreachable``; ``on_disconnect`` is not called."""
        self._closed = True
        self._shut()
        if threading.current_thread() is not self._reader:
            self._reader.join(timeout=2)

    def __enter__(self) -> RpcClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _shut(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other end was first

    def _read(self) -> None:
        received = bytearray()
        try:
            while True:
                try:
                    data = self._socket.recv(_RECEIVE_BYTES)
                except OSError:
                    break
                if not data:
                    break
                start = len(received)
                received += data
                if not self._take_lines(received, start):
                    logger.error("%s: what comes is not JSON-RPC: connection ended", self.path)
                    break
        finally:
            self._end()

    def _take_lines(self, received: bytearray, start: int) -> bool:
        while (end := received.find(b"\n", start)) >= 0:
            line = bytes(received[:end])
            del received[: end + 1]
            start = 0
            try:
                message = json.loads(line)
            except (ValueError, RecursionError):
                return False
            if not isinstance(message, dict):
                return False
            self._take(message)
        return len(received) <= MAX_LINE

    def _take(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if isinstance(method, str):
            params = message.get("params")
            with self._lock:
                callbacks = [callback for events, callback in self._callbacks if method in events]
            for callback in callbacks:
                callback(method, params if isinstance(params, dict) else {})
            return
        with self._lock:
            waiting = self._waiting.get(str(message.get("id")))
        if waiting is not None:
            waiting.message = message
            waiting.answered.set()

    def _end(self) -> None:
        with self._lock:
            self._lost = True
            waiting = list(self._waiting.values())
        self._socket.close()
        for each in waiting:
            each.answered.set()
        if not self._closed and self._on_disconnect is not None:
            self._on_disconnect()


class DeviceClient(RpcClient):
    """A connection to the device service; refuses one whose API has another major version (``api_version``)."""

    def __init__(
        self, path: Path | str, *, name: str = "stb-app", on_disconnect: Callable[[], None] | None = None
    ) -> None:
        super().__init__(path, on_disconnect=on_disconnect)
        try:
            answer = self.call("api.version", {"client": name, "version": API_VERSION})
            theirs = str(answer.get("version", "")) if isinstance(answer, dict) else ""
            if theirs.partition(".")[0] != API_VERSION.partition(".")[0]:
                raise ApiError(
                    f"{path}: the service speaks API {theirs or 'of no version'}, this program {API_VERSION}",
                    code="api_version",
                    remedy="install service and app of one release",
                )
        except ApiError:
            self.close()
            raise


def _result(message: dict[str, Any]) -> Any:
    error = message.get("error")
    if error is None:
        return message.get("result")
    data = error.get("data") if isinstance(error, dict) else None
    if isinstance(data, dict):
        raise ApiError.from_json(data)
    text = str(error.get("message", "")) if isinstance(error, dict) else "an error without a text"
    raise ApiError(text, code="rpc_error")
