"""Lists of the real app on a surface in memory: ``WAY`` of ``main`` says what is measured."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence

from stb_app.input.keys import Key, KeyEvent
from stb_app.preferences import Preferences
from tools.bench.ui_app import PresentTimes, gateway_with_entries, gateway_with_messages
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot

ROWS, PASSES, CHANGES = 12, 3, 24
GLIDE_S = 0.2
"""Longer than the ring moves."""


class Viewer:
    """Presses keys and knows when their pictures were presented. ``enter`` leads from the screen before to the list."""

    def __init__(self, gateway: FakeGateway, *way: Key) -> None:
        self.platform = PresentTimes((1920, 1080))
        self.pilot = Pilot(gateway, Preferences(), platform=self.platform)
        *before, self.enter = way
        self.pilot.press(*before)

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
        """Down and up the first rows of the list, which is left where it was entered."""
        self.pilot.press(self.enter)
        keys = ([Key.DOWN] * (ROWS - 1) + [Key.UP] * (ROWS - 1)) * PASSES
        taken = [self.seconds(key) for key in keys]
        self.pilot.press(Key.BACK)
        return taken

    def change(self) -> list[float]:
        """Into the list and back, with what both screens show already known."""
        return [self.seconds(key) for _ in range(CHANGES // 2) for key in (self.enter, Key.BACK)]

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
    """``WAY [ROWS]``: ``keys`` in the list of messages, ``screens`` into it and out of it, ``blits`` of a picture,
    ``month-keys`` and ``month-screens`` the same with a month of so many entries.
    """
    way, rows = arguments[0], int(arguments[1]) if len(arguments) > 1 else ROWS
    if way.startswith("month-"):
        viewer = Viewer(gateway_with_entries(rows), Key.GREEN, Key.OK)
    else:
        viewer = Viewer(gateway_with_messages(rows), Key.BLUE)
    measures: dict[str, Callable[[], list[float]]] = {
        "keys": viewer.walk, "screens": viewer.change, "blits": viewer.blits
    }  # fmt: skip
    for _ in sys.stdin:
        sys.stdout.write(json.dumps(measures[way.removeprefix("month-")]()) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
