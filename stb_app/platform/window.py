"""SDL's window on a desktop, or the full screen of a box, with a keyboard in place of the remote."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import pygame

from device.api.errors import ConfigError
from stb_app.input.keys import Key, KeyEvent
from stb_app.platform.port import Event, Exposed, Platform, Quit

_EXPOSING = (pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED, pygame.WINDOWSIZECHANGED)


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

    def canvas(self) -> pygame.Surface:
        return self._surface

    def present(self, rects: Sequence[pygame.Rect]) -> None:
        pygame.display.update(list(rects))

    def wait(self, timeout: float | None) -> list[Event]:
        first = pygame.event.wait() if timeout is None else pygame.event.wait(max(1, round(timeout * 1000)))
        found = (first, *pygame.event.get())
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
        pygame.event.post(pygame.event.Event(self._fed, event=event))

    def close(self) -> None:
        pygame.display.quit()
