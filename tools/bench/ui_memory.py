"""Rows ``memory`` and ``drift``: what the app holds after many screens and keys, and what it has grown by meanwhile.

``python -m tools.bench.ui_memory SECONDS`` is the process: it plays the app under a fake clock for so long, or until
all is played, and answers one JSON line. PSS is the kernel's (/proc/self/smaps_rollup), beside that of a bare window.
"""

from __future__ import annotations

import gc
import itertools
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from stb_app.input.keys import Key
from tools.bench.asked import answer_of
from tools.bench.rows import Row
from tools.bench.ui_app import PresentTimes, gateway_with_messages
from tools.bench.ui_windows import LIMIT_S, bare_window
from tools.pilot.pilot import STILL, Pilot

CHANGES, KEYS = 20_000, 36_000
SECONDS = 8.0
WARM_CHANGES, WARM_PART = 8000, 0.6
"""So many screen changes fill the cache up to its cap; where all would take too long, such a part of the time."""
MEMORY_MB, DRIFT_MB = 120.0, 2.0
MEGABYTE = 1000 * 1000
KEY_GAP_S = 0.2
SEED = 4
OPENING = (Key.BLUE, Key.GREEN, Key.RED, Key.INFO, Key.OK, Key.BACK, Key.BACK)
MOVING = (Key.UP, Key.DOWN, Key.LEFT, Key.RIGHT)


def memory_rows(*, full: bool) -> list[Row]:
    """CannotMeasure where the process ends before its time."""
    seconds = 3600.0 if full else SECONDS
    command = [sys.executable, "-m", "tools.bench.ui_memory", str(seconds)]
    played = answer_of("memory", command, seconds + LIMIT_S)
    with bare_window() as (window, _):
        bare = proportional_set(window.pid)
    said = f"a bare window of 1920x1080; {played['changes']} screen changes, {played['keys']} keys"
    return [
        Row("memory", played["pss"] / MEGABYTE, "MB", said, bare / MEGABYTE, None, absolute=MEMORY_MB),
        Row("drift", played["drift"] / MEGABYTE, "MB", "what it held when warm", None, None, absolute=DRIFT_MB),
    ]


def proportional_set(pid: int | str = "self") -> int:
    """PSS in bytes: what is shared with others counts in part."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))


def main(arguments: Sequence[str]) -> int:
    seconds = float(arguments[0])
    gateway = gateway_with_messages(12)
    pilot = Pilot(gateway, STILL, platform=PresentTimes((1920, 1080)))
    chance = random.Random(SEED)
    began = time.monotonic()
    keys = changes = warm = 0
    screen = pilot.screen
    for number in itertools.count(1):
        # More keys than changes, as a viewer presses them; each place is seen with each of its rows
        pilot.press(chance.choice(OPENING if number % 2 else MOVING))
        pilot.advance(KEY_GAP_S)
        gateway.calls.clear()  # what it was asked is kept for tests, and is not the app's
        keys += 1
        if pilot.screen != screen:
            screen, changes = pilot.screen, changes + 1
        gone = time.monotonic() - began
        if not warm and (changes >= WARM_CHANGES or gone > seconds * WARM_PART):
            gc.collect()
            warm = proportional_set()
        if gone > seconds or (changes >= CHANGES and keys >= KEYS):
            break
    gc.collect()
    held = proportional_set()
    sys.stdout.write(json.dumps({"pss": held, "drift": held - warm, "changes": changes, "keys": keys}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
