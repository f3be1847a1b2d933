"""Keys of a window: SDL's names become logical keys; what SDL lets go by itself was not let go by the viewer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pygame
import pytest

from stb_app.bootstrap import desktop_keys
from stb_app.input.keys import Key, KeyEvent
from stb_app.platform.port import Event, Exposed, Quit
from stb_app.platform.window import WindowPlatform


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowPlatform]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    made = WindowPlatform((640, 360), desktop_keys(), "test", full_screen=False)
    pygame.event.clear()
    yield made
    made.close()


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowPlatform]:
    """A picture without a desktop: its keys come from other threads."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    made = WindowPlatform((640, 360), {}, "test", full_screen=False)
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


def test_keys_of_a_box_wake_the_wait_in_their_order(box: WindowPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stb_app.platform.window.LOOK_S", 30.0)
    pressed = [KeyEvent(Key.OK, True), KeyEvent(Key.OK, False), KeyEvent(Key.DOWN, True)]

    def press() -> None:
        for event in pressed:
            box.feed(event)

    feeder = threading.Timer(0.05, press)
    feeder.start()
    seen: list[Event] = []
    began = time.monotonic()
    while len(seen) < len(pressed):
        seen += box.wait(None)
    feeder.join()
    assert seen == pressed
    assert time.monotonic() - began < 20


def test_a_box_sleeps_while_nothing_happens(box: WindowPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []
    get = pygame.event.get

    def look() -> list[pygame.event.Event]:
        looks.append(time.monotonic())
        return get()

    monkeypatch.setattr("stb_app.platform.window.pygame.event.get", look)
    monkeypatch.setattr("stb_app.platform.window.LOOK_S", 0.1)
    assert box.wait(0.25) == []
    assert 2 <= len(looks) <= 5


def test_a_box_hears_that_its_picture_was_uncovered_or_closed(
    box: WindowPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stb_app.platform.window.LOOK_S", 0.01)
    pygame.event.post(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert box.wait(None) == [Exposed()]
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    assert box.wait(None) == [Quit()]
    assert box.wait(0) == []
