"""Tells open event streams of an account that something of it changed (watching.py: in whatever process)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Listener:
    """One open stream: woken by ``tell`` and ``close``, from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._event = asyncio.Event()
        self.changed = False
        self.closing = False

    def wake(self, *, changed: bool = False, closing: bool = False) -> None:
        def set_flags() -> None:
            self.changed = self.changed or changed
            self.closing = self.closing or closing
            self._event.set()

        self._loop.call_soon_threadsafe(set_flags)

    async def wait(self, seconds: float) -> None:
        """Until woken, at most ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        self._event.clear()


class Hub:
    """The streams by account. Streams come and go on the event loop's thread; ``tell`` may come from any."""

    def __init__(self) -> None:
        self._listeners: dict[int, tuple[Listener, ...]] = {}
        self._versions: dict[int, int] = {}
        self._lock = threading.Lock()
        self._closing = False

    @contextmanager
    def listening(self, account_id: int, version: int) -> Iterator[Listener]:
        """A stream that opens; ``version``: of the account, not later than what its box reads afterwards."""
        listener = Listener(asyncio.get_running_loop())
        if self._closing:
            listener.closing = True
        with self._lock:
            # other streams may not have been told yet of what lies between their version and this one
            self._versions.setdefault(account_id, version)
        self._listeners[account_id] = (*self._listeners.get(account_id, ()), listener)
        try:
            yield listener
        finally:
            left = tuple(each for each in self._listeners[account_id] if each is not listener)
            if left:
                self._listeners[account_id] = left
            else:
                del self._listeners[account_id]
                with self._lock:
                    del self._versions[account_id]

    def accounts(self) -> list[int]:
        """The accounts that have streams open."""
        return list(self._listeners)

    def saw(self, account_id: int, version: int) -> None:
        """Wake the account's streams where they were not told of this version yet."""
        if self._is_new(account_id, version):
            self.tell(account_id)

    def _is_new(self, account_id: int, version: int) -> bool:
        with self._lock:
            known = self._versions.get(account_id)
            if known is None or version <= known:
                return False
            self._versions[account_id] = version
            return True

    def tell(self, account_id: int, *, changed: bool = True) -> None:
        """Wake the account's streams: to say that it changed, or (``changed`` False) to look at their session."""
        for listener in self._listeners.get(account_id, ()):
            listener.wake(changed=changed)

    def close(self) -> None:
        """End every stream, now and from now on."""
        self._closing = True
        for listeners in list(self._listeners.values()):
            for listener in listeners:
                listener.wake(closing=True)
