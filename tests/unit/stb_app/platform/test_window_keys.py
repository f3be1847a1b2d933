"""Keys of a window: SDL's names become logical keys; what SDL lets go by itself was not let go by the viewer."""

from __future__ import annotations

from collections.abc import Iterator

import pygame
import pytest

from stb_app.bootstrap import desktop_keys
from stb_app.input.keys import Key, KeyEvent
from stb_app.platform.port import Event
from stb_app.platform.window import WindowPlatform


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowPlatform]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    made = WindowPlatform((640, 360), desktop_keys(), "test", full_screen=False)
    pygame.event.clear()
    yield made
    made.close()


def after(window: WindowPlatform, *events: tuple[int, dict[str, int]]) -> list[Event]:
    for kind, values in events:
        pygame.event.post(pygame.event.Event(kind, values))
    return [event for event in window.wait(0.01) if isinstance(event, KeyEvent)]


def test_a_key_that_nobody_knows_is_nothing(window: WindowPlatform) -> None:
    pressed = (pygame.KEYDOWN, {"key": pygame.K_RETURN}), (pygame.KEYDOWN, {"key": pygame.K_F12})
    assert after(window, *pressed, (pygame.KEYUP, {"key": pygame.K_RETURN})) == [
        KeyEvent(Key.OK, True), KeyEvent(Key.OK, False)
    ]  # fmt: skip


def test_a_window_that_loses_the_keys_confirms_nothing(window: WindowPlatform) -> None:
    held = (pygame.KEYDOWN, {"key": pygame.K_RETURN})
    assert after(window, held) == [KeyEvent(Key.OK, True)]
    up = {"key": pygame.K_RETURN}
    assert after(window, (pygame.KEYUP, up), (pygame.WINDOWFOCUSLOST, {})) == [KeyEvent(Key.OK, False, lost=True)]
