"""Rows ``first_picture``, ``balance_shown``, ``idle_presents`` and ``idle_cpu``: the real program in a real home.

The account service, the box and its card are the simulator's; ``stb-app`` is started beside its TV, on SDL's driver
without a screen, as often as there is time. Of the starts the median counts.
"""

from __future__ import annotations

import json
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.bench.rows import CannotMeasure, Row
from tools.bench.ui_windows import LIMIT_S, bare_window, first_line, started

STARTS, IDLE_S, SETTLE_S = 4, 3.0, 1.5
PICTURE_S, BALANCE_S, IDLE_PRESENTS, IDLE_CPU = 0.6, 1.0, 0.0, 1.0
_MINUTE_S = 60.0


def start_rows(*, full: bool) -> list[Row]:
    """CannotMeasure where the home does not come up."""
    pictures, balances, bare = [], [], []
    with _home() as socket:
        for turn in range(STARTS * (4 if full else 1)):
            with bare_window() as (_, seconds):
                if turn:
                    bare.append(seconds)
            with _app(socket) as app:
                keys, balance = app.seconds_until("keys"), app.seconds_until("balance")
                if turn:
                    pictures.append(keys)
                    balances.append(balance)
                if turn == 1:
                    idle = _idle(app, IDLE_S * (5 if full else 1))
    with bare_window() as (window, _):
        bare_cpu = _cpu_percent(window.pid, SETTLE_S)
    said, beside = "import pygame and set_mode alone", statistics.median(bare)
    return [
        Row("first_picture", statistics.median(pictures), "s", said, beside, None, absolute=PICTURE_S),
        Row("balance_shown", statistics.median(balances), "s", said, beside, None, absolute=BALANCE_S),
        Row("idle_presents", idle[0], "1/s", "nothing: a clock of minutes", None, None, absolute=IDLE_PRESENTS),
        Row("idle_cpu", idle[1], "%", "a bare window that waits", bare_cpu, None, absolute=IDLE_CPU),
    ]


class _App:
    """A process that tells what happened."""

    def __init__(self, process: subprocess.Popen[bytes], began: float) -> None:
        self.process = process
        self._began = began
        self._happened: dict[str, list[float]] = {}

    def seconds_until(self, what: str) -> float:
        """From the start of the process; CannotMeasure where it does not come."""
        deadline = time.monotonic() + LIMIT_S
        while what not in self._happened:
            if not self._read(deadline - time.monotonic()):
                raise CannotMeasure(f"stb-app: no {what} within {LIMIT_S:g} s")
        return self._happened[what][0] - self._began

    def count(self, what: str, seconds: float) -> int:
        """How often it happens in the next so many seconds."""
        self._happened.pop(what, None)
        deadline = time.monotonic() + seconds
        while self._read(deadline - time.monotonic()):
            pass
        return len(self._happened.get(what, ()))

    def _read(self, seconds: float) -> bool:
        out = self.process.stdout
        if out is None or seconds <= 0 or not select.select([out], [], [], seconds)[0]:
            return False
        line = out.readline()
        if not line:
            raise CannotMeasure("stb-app ended before its time")
        told = json.loads(line)
        self._happened.setdefault(told["told"], []).append(told["at"])
        return True


@contextmanager
def _home() -> Iterator[str]:
    """A simulated home; the device service's socket."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        command = [sys.executable, "-m", "tools.simulator", "--headless", "--resolution", "1280x720", "--state", folder]
        with started(command) as process:
            yield json.loads(first_line(process.stdout, "the simulator"))["device_socket"]


@contextmanager
def _app(socket: str) -> Iterator[_App]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        # A folder without devices in place of the box's: as there, the keys are not SDL's
        options = ["--socket", socket, "--remote", folder, "--preferences", str(Path(folder) / "preferences.json")]
        began = time.monotonic()
        with started([sys.executable, "-m", "tools.bench.ui_told", *options]) as process:
            yield _App(process, began)


def _idle(app: _App, seconds: float) -> tuple[float, float]:
    """Presents a second and processor share while nobody does anything, within one minute of the clock shown."""
    left = _MINUTE_S - time.time() % _MINUTE_S
    app.count("present", SETTLE_S if left > seconds + 2 * SETTLE_S else left + SETTLE_S)
    before = _processor_seconds(app.process.pid)
    presents = app.count("present", seconds)
    return presents / seconds, (_processor_seconds(app.process.pid) - before) / seconds * 100


def _cpu_percent(pid: int, seconds: float) -> float:
    before = _processor_seconds(pid)
    time.sleep(seconds)
    return (_processor_seconds(pid) - before) / seconds * 100


def _processor_seconds(pid: int) -> float:
    """Of all threads; the scheduler counts nanoseconds, /proc/PID/stat hundredths only."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9
