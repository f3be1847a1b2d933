"""Tells open event streams of an account that something of it changed; in this process alone."""

from __future__ import annotations

import asyncio
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
        self._closing = False

    @contextmanager
    def listening(self, account_id: int) -> Iterator[Listener]:
        listener = Listener(asyncio.get_running_loop())
        if self._closing:
            listener.closing = True
        self._listeners[account_id] = (*self._listeners.get(account_id, ()), listener)
        try:
            yield listener
        finally:
            left = tuple(each for each in self._listeners[account_id] if each is not listener)
            if left:
                self._listeners[account_id] = left
            else:
                del self._listeners[account_id]

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
