"""The platform port: a canvas, its presentation, and one queue of events with a wait that costs nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pygame

from device.api.errors import ApiError
from stb_app.input.keys import KeyEvent


@dataclass(frozen=True, slots=True)
class Woken:
    """Another thread left work for the loop."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """The whole picture must be presented again."""


@dataclass(frozen=True, slots=True)
class Quit:
    """The window was closed, or the process was asked to end."""


Event = KeyEvent | Woken | Exposed | Quit


class Platform(ABC):
    """All but ``wake`` and ``feed`` are for the UI loop's thread."""

    @abstractmethod
    def canvas(self) -> pygame.Surface:
        """The surface to draw on, 32 bits a pixel, the size of the picture."""

    @property
    def steps(self) -> tuple[int, int, int]:
        """How far the levels of red, green and blue are apart that the screen can show, of 256."""
        return 1, 1, 1

    @abstractmethod
    def present(self, rects: Sequence[pygame.Rect]) -> None:
        """Show these parts of the canvas."""

    @abstractmethod
    def wait(self, timeout: float | None) -> list[Event]:
        """Events in order; none after ``timeout`` seconds (None: no limit)."""

    @abstractmethod
    def feed(self, event: Event) -> None:
        """Put an event into the queue, from any thread."""

    def wake(self) -> None:
        """Make a waiting ``wait`` return, from any thread."""
        self.feed(Woken())

    def save(self, path: Path) -> None:
        """Write the picture as PNG, whole or not at all; ApiError where the disk refuses."""
        temporary = path.with_name(f".{path.name}.new.png")
        try:
            pygame.image.save(self.canvas(), str(temporary))
            temporary.replace(path)
        except (OSError, pygame.error) as error:
            temporary.unlink(missing_ok=True)
            raise ApiError(f"{path}: the picture cannot be written: {error}", code="disk") from None

    @abstractmethod
    def close(self) -> None:
        """Give the screen back."""
