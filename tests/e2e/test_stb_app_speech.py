"""The command ``stb-app`` with speech: what is said goes where it was asked to, and no sound is no reason to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from tools.simulator.processes import ROOT

pytestmark = pytest.mark.e2e

LIMIT_S = 60.0


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The app without a device service, a screen, a loudspeaker; its stdout and stderr in files of these names."""
    (folder / "asound.conf").write_text("")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")},
        "SDL_VIDEODRIVER": "dummy", "ALSA_CONFIG_PATH": str(folder / "asound.conf"), "PULSE_SERVER": "unix:/nowhere",
    }  # fmt: skip
    command = [sys.executable, "-m", "stb_app", "--socket", "/nonexistent/device.sock", "--remote", "none"]
    command += ["--preferences", str(folder / "preferences.json"), *arguments]
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=errors)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 0, (folder / "stderr").read_text()
    finally:
        process.kill()
        process.wait()


def test_the_log_voice_writes_what_would_be_said_to_stdout_and_nothing_of_it_to_the_log(tmp_path: Path) -> None:
    with running(tmp_path, "--speech", "log", "--language", "en"):
        wait_until(lambda: "en: " in (tmp_path / "stdout").read_text(), limit=LIMIT_S, what="a line")
    assert "MTS Satellite TV." in (tmp_path / "stdout").read_text()
    assert "MTS Satellite" not in (tmp_path / "stderr").read_text()


@pytest.mark.needs_peer("espeak-ng")
def test_without_a_loudspeaker_the_app_says_so_once_and_goes_on(tmp_path: Path) -> None:
    with running(tmp_path, "--speech", "on") as process:
        wait_until(lambda: "cannot speak" in (tmp_path / "stderr").read_text(), limit=LIMIT_S, what="a line")
        assert process.poll() is None
    assert (tmp_path / "stderr").read_text().count("goes on without speech") == 1
    assert (tmp_path / "stdout").read_text() == ""
