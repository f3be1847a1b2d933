"""A platform with no screen: the picture is in memory, keys are fed by the caller."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from stb_app.platform.queued import QueuedPlatform


class OffscreenPlatform(QueuedPlatform):
    """``presents`` counts the pictures that were shown, for those who measure."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self._surface = pygame.Surface(size, 0, 32)
        self.presents = 0

    def canvas(self) -> pygame.Surface:
        return self._surface

    def present(self, rects: Sequence[pygame.Rect]) -> None:  # noqa: ARG002 - memory has nothing to send
        self.presents += 1

    def close(self) -> None:
        """Nothing was taken."""
