"""A platform that has no events of its own: one queue, fed from any thread."""

from __future__ import annotations

import queue

from stb_app.platform.port import Event, Platform


class QueuedPlatform(Platform):
    """Where the picture goes is the subclass's."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def wait(self, timeout: float | None) -> list[Event]:
        try:
            events = [
                self._events.get(timeout=timeout) if timeout is None or timeout > 0 else self._events.get_nowait()
            ]
        except queue.Empty:
            return []
        while True:
            try:
                events.append(self._events.get_nowait())
            except queue.Empty:
                return events

    def feed(self, event: Event) -> None:
        self._events.put(event)
