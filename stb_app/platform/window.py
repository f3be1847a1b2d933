"""SDL's window on a desktop, or the full screen of a box, with a keyboard in place of the remote."""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import pygame

from device.api.errors import ConfigError
from stb_app.input.keys import Key, KeyEvent
from stb_app.platform.port import Event, Exposed, Platform, Quit

_EXPOSING = (pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED, pygame.WINDOWSIZECHANGED)


_WAITING = ("x11", "wayland")
"""SDL's drivers that sleep until something happens. Others, a box's KMSDRM too, look a thousand times a second, which
is 2 % of a processor for a picture that stands still."""
LOOK_S = 0.25
"""So often is looked whether the window was closed or uncovered, where SDL cannot sleep and nothing else wakes us."""

_UNSEEN = ("dummy", "offscreen")
"""SDL's drivers that show nothing: it takes them of itself where there is no display."""


def _refuse_unseen(driver: str) -> None:
    if driver in _UNSEEN and os.environ.get("SDL_VIDEODRIVER") != driver:
        raise pygame.error("there is no display")


class WindowPlatform(Platform):
    """``keys`` maps SDL's key names to logical keys; other keys are ignored."""

    def __init__(self, size: tuple[int, int], keys: Mapping[str, Key], title: str, *, full_screen: bool) -> None:
        try:
            pygame.display.init()
            _refuse_unseen(pygame.display.get_driver())
            flags = 0
            if full_screen:
                # Scaling costs a renderer, so only where the display has another size than the picture
                fits = size == tuple(pygame.display.get_desktop_sizes()[0])
                flags = pygame.FULLSCREEN if fits else pygame.FULLSCREEN | pygame.SCALED
            self._surface = pygame.display.set_mode(size, flags, 32)
        except pygame.error as error:
            raise ConfigError(f"no picture can be opened: {error}", remedy="connect one, or set DISPLAY") from None
        pygame.display.set_caption(title)
        pygame.mouse.set_visible(not full_screen)
        pygame.key.set_repeat()
        self._keys = dict(keys)
        self._fed = pygame.event.custom_type()
        self._queue: queue.SimpleQueue[Event] | None = None
        if not keys and pygame.display.get_driver() not in _WAITING:
            self._queue = queue.SimpleQueue()

    def canvas(self) -> pygame.Surface:
        return self._surface

    def present(self, rects: Sequence[pygame.Rect]) -> None:
        pygame.display.update(list(rects))

    def wait(self, timeout: float | None) -> list[Event]:
        if self._queue is not None:
            return self._wait_for_others(self._queue, timeout)
        first = pygame.event.wait() if timeout is None else pygame.event.wait(max(1, round(timeout * 1000)))
        return self._all_translated((first, *pygame.event.get()))

    def _wait_for_others(self, fed: queue.SimpleQueue[Event], timeout: float | None) -> list[Event]:
        """Events come from other threads; SDL has no keys for us, and is asked now and then."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            events = self._all_translated(pygame.event.get())
            while not fed.empty():
                events.append(fed.get())
            left = LOOK_S if deadline is None else min(LOOK_S, deadline - time.monotonic())
            if events or left <= 0:
                return events
            with suppress(queue.Empty):
                return [fed.get(timeout=left)]

    def _all_translated(self, found: Sequence[pygame.event.Event]) -> list[Event]:
        # SDL releases all keys itself when the window loses them (SDL_ResetKeyboard): nobody let them go
        lost = any(each.type == pygame.WINDOWFOCUSLOST for each in found)
        events = [self._translated(each, lost) for each in found]
        return [event for event in events if event is not None]

    def _translated(self, event: pygame.event.Event, lost: bool) -> Event | None:
        if event.type == self._fed:
            fed: Event = event.event
            return fed
        if event.type == pygame.QUIT:
            return Quit()
        if event.type in _EXPOSING:
            return Exposed()
        if event.type in (pygame.KEYDOWN, pygame.KEYUP):
            key = self._keys.get(pygame.key.name(event.key))
            down = event.type == pygame.KEYDOWN
            return KeyEvent(key, down, lost=lost and not down) if key else None
        return None

    def feed(self, event: Event) -> None:
        if self._queue is not None:
            self._queue.put(event)
            return
        pygame.event.post(pygame.event.Event(self._fed, event=event))

    def close(self) -> None:
        pygame.display.quit()
