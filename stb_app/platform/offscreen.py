"""A platform with no screen: the picture is in memory, keys are fed by the caller."""

from __future__ import annotations

import queue
from collections.abc import Sequence

import pygame

from stb_app.platform.port import Event, Platform


class OffscreenPlatform(Platform):
    """``presents`` counts the pictures that were shown, for those who measure."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._surface = pygame.Surface(size, 0, 32)
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.presents = 0

    def canvas(self) -> pygame.Surface:
        return self._surface

    def present(self, rects: Sequence[pygame.Rect]) -> None:  # noqa: ARG002 - memory has nothing to send
        self.presents += 1

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

    def close(self) -> None:
        """Nothing was taken."""
