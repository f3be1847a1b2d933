"""The way to the device service: worker threads make the calls, the connection mends itself.

Every callback runs on a worker's thread; who gives one brings it to where it belongs (the app: to its loop).
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from device.api.errors import ApiError
from device.client import DeviceClient

logger = logging.getLogger(__name__)

EVENTS = ["session.changed", "smartcard.changed", "account.changed"]
RETRY_S = 0.3
WORKERS = 2
CALL_TIMEOUT_S = 20.0

Answer = Callable[[Any], None]


class Listener(ABC):
    """Who hears of the connection and its events."""

    @abstractmethod
    def connected(self) -> None:
        """The service answers; ask it what is so."""

    @abstractmethod
    def disconnected(self, error: ApiError) -> None:
        """The service is gone, or speaks another version; it is tried again without end."""

    @abstractmethod
    def event(self, name: str, params: dict[str, Any]) -> None:
        """A notification of the service."""


class Gateway(ABC):
    """The port: calls of the box's local API without waiting."""

    @abstractmethod
    def start(self, listener: Listener) -> None:
        """Connect, and keep connected."""

    @abstractmethod
    def call(
        self, method: str, params: dict[str, Any] | None, done: Answer, failed: Callable[[ApiError], None]
    ) -> None:
        """Call ``method``; exactly one of ``done`` and ``failed`` is called, later, on a worker."""

    @abstractmethod
    def close(self) -> None:
        """End the connection and the workers."""


class DeviceGateway(Gateway):
    """The gateway over the Unix socket at ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="gateway")
        self._lock = threading.Lock()
        self._client: DeviceClient | None = None
        self._lost = threading.Event()
        self._closing = threading.Event()
        self._keeper: threading.Thread | None = None

    def start(self, listener: Listener) -> None:
        self._keeper = threading.Thread(target=self._keep, args=(listener,), name="device-link", daemon=True)
        self._keeper.start()

    def _keep(self, listener: Listener) -> None:
        said = False
        while True:
            self._lost.clear()
            if self._closing.is_set():
                return
            try:
                client = self._connected(listener)
            except ApiError as error:
                if not said:
                    logger.warning("no connection to the device service: %s", error)
                    listener.disconnected(error)
                    said = True
                self._closing.wait(RETRY_S)
                continue
            with self._lock:
                self._client = client
            said = False
            listener.connected()
            self._lost.wait()
            with self._lock:
                self._client = None
            client.close()
            if not self._closing.is_set():
                listener.disconnected(ApiError("the device service went away", code="device_unreachable"))

    def _connected(self, listener: Listener) -> DeviceClient:
        client = DeviceClient(self._path, name="stb-app", on_disconnect=self._lost.set)
        try:
            client.subscribe(EVENTS, listener.event)
        except ApiError:
            client.close()
            raise
        return client

    def call(
        self, method: str, params: dict[str, Any] | None, done: Answer, failed: Callable[[ApiError], None]
    ) -> None:
        def work() -> None:
            with self._lock:
                client = self._client
            try:
                if client is None:
                    raise ApiError("the device service is not connected", code="device_unreachable")
                answer = client.call(method, params, timeout=CALL_TIMEOUT_S)
            except ApiError as error:
                failed(error)
            else:
                done(answer)

        try:
            self._pool.submit(work)
        except RuntimeError:
            logger.debug("%s not sent: the app is closing", method)

    def close(self) -> None:
        self._closing.set()
        self._lost.set()
        with self._lock:
            client = self._client
        if client is not None:
            client.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._keeper is not None:
            self._keeper.join(timeout=2)
