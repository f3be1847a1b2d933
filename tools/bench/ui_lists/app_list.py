"""The messages of the real app on a surface in memory: ``keys`` as the peers do, ``screens`` in and out, ``blits``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence

import pygame

from stb_app.input.keys import Key, KeyEvent
from stb_app.preferences import Preferences
from tools.bench.ui_app import PresentTimes, gateway_with_messages
from tools.pilot.pilot import Pilot

ROWS, PASSES, CHANGES = 12, 3, 24
GLIDE_S = 0.2
"""Longer than the ring moves."""


class Viewer:
    """Presses keys and knows when their pictures were presented."""

    def __init__(self) -> None:
        self.platform = PresentTimes((1920, 1080))
        self.pilot = Pilot(gateway_with_messages(ROWS), Preferences(), platform=self.platform)

    def seconds(self, key: Key) -> float:
        """From the key to the return of the present that shows what it did."""
        platform, app = self.platform, self.pilot.app
        began = time.perf_counter()
        platform.feed(KeyEvent(key, True))
        app.step()
        if platform.last < began:
            raise RuntimeError(f"{key} on {self.pilot.screen} changes nothing")
        taken = platform.last - began
        platform.feed(KeyEvent(key, False))
        self.pilot.advance(GLIDE_S)
        return taken

    def walk(self) -> list[float]:
        """Down and up the list, which is left where it was entered."""
        self.pilot.press(Key.BLUE)
        keys = ([Key.DOWN] * (ROWS - 1) + [Key.UP] * (ROWS - 1)) * PASSES
        taken = [self.seconds(key) for key in keys]
        self.pilot.press(Key.BACK)
        return taken

    def change(self) -> list[float]:
        """Into the list and back home, with what both show already known."""
        return [self.seconds(key) for _ in range(CHANGES // 2) for key in (Key.BLUE, Key.BACK)]

    def blits(self) -> list[float]:
        """Copies of a whole picture: what no screen change can be faster than."""
        canvas = self.platform.canvas()
        picture = canvas.copy()
        taken = []
        for _ in range(CHANGES):
            began = time.perf_counter()
            canvas.blit(picture, (0, 0))
            taken.append(time.perf_counter() - began)
        return taken


def main(arguments: Sequence[str]) -> int:
    pygame.display.init()
    viewer = Viewer()
    ways = {"keys": viewer.walk, "screens": viewer.change, "blits": viewer.blits}
    for _ in sys.stdin:
        sys.stdout.write(json.dumps(ways[arguments[0]]()) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
