"""The command ``stb-app`` on a box: it reads a remote given by a path, records it, and says what is wrong in a line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from stb_app.input.kernel import EV_KEY
from tests.support.event_device import events, key, tap, wait_for_writer
from tools.simulator.processes import ROOT

pytestmark = pytest.mark.e2e

LIMIT_S = 60.0


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "stb_app", "--socket", "/nonexistent/device.sock", *arguments]


def environment() -> dict[str, str]:
    """No desktop, and SDL's driver that shows nothing because it was asked to."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, "SDL_VIDEODRIVER": "dummy"}


def test_the_app_reads_a_remote_and_ends_by_sigterm(tmp_path: Path) -> None:
    remote, recording = tmp_path / "remote", tmp_path / "new.rec"
    os.mkfifo(remote)
    arguments = command("--remote", str(remote), "--record", str(recording), "--debounce", "40", "--key-repeat", "slow")
    with subprocess.Popen(arguments, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True) as process:
        try:
            fd = wait_for_writer(remote)
            os.write(fd, tap("KEY_5") + key("KEY_INFO", 1) + events((EV_KEY, 0x2FE, 1)))
            os.close(fd)
            wait_until(lambda: "0x2fe 1" in recording.read_text(), limit=LIMIT_S, what="the recording")
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=LIMIT_S)
        finally:
            process.kill()
    assert process.returncode == 0, errors
    assert "KEY_INFO 1" in recording.read_text() and "KEY_5" not in recording.read_text()
    assert "remote: key 0x2fe is not in default.yaml" in errors.replace(f" ({remote})", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--input", "/nonexistent.rec"), "stb-app: /nonexistent.rec: cannot be read: No such file or directory"),
        (("--input", "/dev/null"), "stb-app: /dev/null: no recording of input events"),
        (("--record", "/nonexistent/new.rec"), "stb-app: /nonexistent/new.rec: cannot be written"),
        (("--record", "/tmp/new.rec", "--remote", "none"), "nothing to record: no remote is read; add --remote"),
        (("--debounce", "-1"), "expected 0 to 500 ms"),
        (("--key-repeat", "fast"), "invalid choice: 'fast'"),
        (("--framebuffer", "/nonexistent/fb0"), "stb-app: /nonexistent/fb0: no such device"),
        (("--framebuffer", "/dev/null"), "stb-app: /dev/null: not a framebuffer; name one, such as /dev/fb0"),
        (("--framebuffer", "--resolution", "1280x720"), "--resolution: a framebuffer has its own; leave it out"),
        (("--theme", "loud"), "invalid choice: 'loud'"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_one_clear_line(arguments: tuple[str, ...], says: str) -> None:
    done = subprocess.run(
        command(*arguments), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert done.returncode == 2
    assert says in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
