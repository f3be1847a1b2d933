"""Row ``held_key``: DOWN held on a long list whose every present takes longer than the repeat of the remote.

The real loop at real time; ``python -m tools.bench.ui_held`` is the process, and answers one JSON line: how many rows
the focus went in one picture at most, and how many more after the key was let go.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Sequence
from itertools import pairwise

import pygame

from stb_app.bootstrap import build
from stb_app.clock import SystemClock
from stb_app.companions import Companion, Presented
from stb_app.input.keys import Key, KeyEvent
from stb_app.input.repeat import NORMAL
from stb_app.platform.offscreen import OffscreenPlatform
from stb_app.preferences import Preferences
from tools.bench.asked import answer_of
from tools.bench.rows import Row
from tools.bench.ui_app import gateway_with_messages

MESSAGES, HELD_S, AFTER_S = 60, 2.0, 0.6
OPENS_S, LIMIT_S = 20.0, 60.0
PRESENT_S = 2.5 * NORMAL.period
STEPS = 1.0


def held_rows(*, full: bool) -> list[Row]:  # noqa: ARG001 - it takes its time in any case
    """The worse of both figures: each has the same target."""
    command = [sys.executable, "-m", "tools.bench.ui_held"]
    at_once, after = answer_of("a held key", command, LIMIT_S)
    said = f"presents of {PRESENT_S * 1000:.0f} ms, a repeat each {NORMAL.period * 1000:.0f} ms"
    return [Row("held_key", max(at_once, after), "keys", said, None, None, absolute=STEPS)]


class _SlowScreen(OffscreenPlatform):
    """A picture on its way for as long as a weak box takes."""

    def present(self, rects: Sequence[pygame.Rect]) -> None:
        time.sleep(PRESENT_S)
        super().present(rects)


class _FocusSeen(Companion):
    """Which message has the focus on each picture, and when it was presented."""

    def __init__(self) -> None:
        self.messages: list[tuple[float, int]] = []
        self.home, self.opened = threading.Event(), threading.Event()

    def presented(self, picture: Presented, now: float) -> None:
        if picture.screen == "home":
            self.home.set()
        elif picture.screen == "messages":
            self.opened.set()
        name = picture.focus or ""
        if name.startswith("message.m"):
            self.messages.append((now, int(name.removeprefix("message.m"))))


def main() -> int:
    platform, seen = _SlowScreen((1920, 1080)), _FocusSeen()
    clock = SystemClock()
    app = build(Preferences(), platform, gateway_with_messages(MESSAGES), clock)
    app.companions.append(seen)
    released: list[float] = []

    def hold() -> None:
        seen.home.wait(OPENS_S)
        for pressed in (True, False):
            platform.feed(KeyEvent(Key.BLUE, pressed))
        seen.opened.wait(OPENS_S)
        for pressed, seconds in ((True, HELD_S), (False, AFTER_S)):
            platform.feed(KeyEvent(Key.DOWN, pressed))
            if not pressed:
                released.append(clock.monotonic())
            time.sleep(seconds)
        app.stop()

    viewer = threading.Thread(target=hold)
    viewer.start()
    app.run()
    viewer.join()
    rows = [row for _, row in seen.messages]
    until = [row for at, row in seen.messages if at <= released[0]]
    if len(until) < 3:
        raise SystemExit("the held key does not repeat")
    at_once = max(after - before for before, after in pairwise(rows))
    sys.stdout.write(json.dumps([at_once, rows[-1] - until[-1]]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
