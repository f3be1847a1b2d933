"""Drives the real app without a screen: fake time, keys in, the tree and the picture out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pygame

from stb_app.app import App
from stb_app.bootstrap import OPERATOR, build
from stb_app.clock import Clock
from stb_app.input.keys import Key, KeyEvent
from stb_app.navigation import Destination
from stb_app.platform.offscreen import OffscreenPlatform
from stb_app.platform.port import Event
from stb_app.preferences import Preferences
from stb_app.speech.voice import Voice
from tools.pilot.gateway import FakeGateway


class FakeClock(Clock):
    """Time that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.today = datetime(2026, 11, 21, 16, 42, tzinfo=UTC)

    def wall(self) -> datetime:
        return self.today + timedelta(seconds=self.now - 1000.0)

    def monotonic(self) -> float:
        return self.now


class SteppedPlatform(OffscreenPlatform):
    """Ends the loop's wait at once, so that a test steps through the app."""

    def wait(self, timeout: float | None) -> list[Event]:  # noqa: ARG002 - time is the test's
        return super().wait(0)


STILL = Preferences(motion=False)
"""A picture that a key causes is whole at once."""


class Pilot:
    """``press`` and friends return when the picture that they caused is presented."""

    def __init__(
        self,
        gateway: FakeGateway | None = None,
        preferences: Preferences = STILL,
        height: int = 1080,
        operator: str = OPERATOR,
        voice: Voice | None = None,
        platform: SteppedPlatform | None = None,
    ) -> None:
        self.gateway = gateway or FakeGateway()
        self._voice = voice
        self.clock = FakeClock()
        self.platform = platform or SteppedPlatform((height * 16 // 9, height))
        self.kept: list[Preferences] = []
        """What the viewer has chosen, one after the other."""
        self.app: App = self._built(preferences, operator)
        self.app.begin()
        self.settle()

    def _built(self, preferences: Preferences, operator: str) -> App:
        return build(
            preferences, self.platform, self.gateway, self.clock,
            operator=operator, keep=self.kept.append, voice=self._voice,
        )  # fmt: skip

    def settle(self) -> None:
        """Step until nothing more happens."""
        for _ in range(20):
            before = self.platform.presents
            self.app.step()
            if self.platform.presents == before and not self.app.busy:
                return

    def press(self, *keys: Key) -> None:
        for key in keys:
            self.platform.feed(KeyEvent(key, True))
            self.settle()
            self.platform.feed(KeyEvent(key, False))
            self.settle()

    def lead(self, destination: Destination) -> None:
        """Go where a screen could have led."""
        self.app._go(destination)
        self.settle()

    def advance(self, seconds: float) -> None:
        self.clock.now += seconds
        self.settle()

    @property
    def screen(self) -> str:
        return str(self.app.dump()["screen"])

    @property
    def focus(self) -> str | None:
        focus: str | None = self.app.dump()["focus"]
        return focus

    def nodes(self) -> list[dict[str, Any]]:
        return flat(self.app.dump()["nodes"])

    def texts(self) -> list[str]:
        return [text for node in self.nodes() for text in (node["label"], node["value"]) if text]

    def shows(self, text: str) -> bool:
        return any(text in plain(each) for each in self.texts())

    def picture(self, path: Path) -> None:
        pygame.image.save(self.platform.canvas(), str(path))


def plain(text: str) -> str:
    """White space of every kind as one plain space."""
    return " ".join(text.split())


def flat(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for node in nodes for each in (node, *flat(node["children"]))]
