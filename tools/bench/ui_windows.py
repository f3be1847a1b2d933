"""Processes with a picture, on SDL's driver without a screen: the app, and a window with nothing in it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tools.bench.rows import CannotMeasure

LIMIT_S = 40.0
"""Whatever has not started by then does not."""
UNSEEN = {"SDL_VIDEODRIVER": "dummy", "SDL_FRAMEBUFFER_ACCELERATION": "0", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
_BARE = """
import time, pygame
pygame.display.init()
pygame.display.set_mode((1920, 1080))
print(time.monotonic(), flush=True)
while pygame.event.wait().type != pygame.QUIT:
    pass
"""


@contextmanager
def bare_window() -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """The process, and its seconds from the start to the open window."""
    began = time.monotonic()
    with started([sys.executable, "-c", _BARE]) as process:
        yield process, float(first_line(process.stdout, "a bare window")) - began


@contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | UNSEEN
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, bufsize=0
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def first_line(out: IO[bytes] | None, what: str) -> bytes:
    if out is None or not select.select([out], [], [], LIMIT_S)[0] or not (line := out.readline()):
        raise CannotMeasure(f"{what} did not start")
    return line
