"""``python -m tools.simulator`` as people run it: what it prints, how it ends, what it leaves behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from device.api.waiting import wait_until
from tools.simulator.processes import ROOT

pytestmark = pytest.mark.e2e

START_LIMIT_S = 60.0
END_LIMIT_S = 3.0
PNG = b"\x89PNG\r\n\x1a\n"


class Running:
    """The simulator in a process of its own, with its first line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self._out = process.stdout
        self.first: dict[str, Any] = json.loads(self.line())
        self.state = Path(self.first["state"])

    def line(self) -> str:
        """Its next line on stdout."""
        return self._out.readline()

    def end(self, number: signal.Signals) -> tuple[int, float]:
        """Exit status after a signal, and the seconds that it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(START_LIMIT_S)
        return status, time.monotonic() - started


@contextmanager
def running(*arguments: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "tools.simulator", "--headless", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Running(process)
        finally:
            process.kill()


def processes_of(folder: Path) -> dict[int, str]:
    """Command lines that name ``folder``, by process id: every process of a simulator does, but the simulator."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(folder) in command:
                found[int(entry.name)] = command
    return found


def simulate(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.simulator", "--headless", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_balance_without_a_key_and_nothing_left_after_a_signal(number: signal.Signals) -> None:
    with running() as simulator:
        first = simulator.first
        assert set(first) == {"listening", "device_socket", "service", "page", "state"}
        assert first["page"] is None
        assert first["listening"] == [first["service"], first["device_socket"]]
        for name, mode in {"device.pem": 0o600, "card.pem": 0o600, "card.crt": 0o644, "ca.crt": 0o644}.items():
            assert (simulator.state / name).stat().st_mode & 0o777 == mode, name
        assert Path(first["device_socket"]).parent.stat().st_mode & 0o777 == 0o750
        line = simulator.line()
        assert "1 284,50 ₽" in line
        picture = Path(line.rsplit(" ", 1)[1].strip())
        assert picture.read_bytes().startswith(PNG)
        assert len(processes_of(simulator.state)) >= 4, "head-end, box, TV, keeper"
        status, seconds = simulator.end(number)
        assert status == 0
        assert seconds < END_LIMIT_S
        assert not simulator.state.exists()
        assert processes_of(simulator.state) == {}


def test_a_killed_simulator_leaves_no_process_socket_or_folder() -> None:
    with running() as simulator:
        assert processes_of(simulator.state)
        simulator.end(signal.SIGKILL)
        wait_until(lambda: not processes_of(simulator.state), limit=START_LIMIT_S, what="the processes to end")
        assert not simulator.state.exists()


@pytest.mark.parametrize(("module", "said"), [("tools.headend", "head-end"), ("tools.simulator.box", "device service")])
def test_a_process_that_ends_by_itself_is_named(module: str, said: str) -> None:
    with running() as simulator:
        victim = next(pid for pid, command in processes_of(simulator.state).items() if f" {module} " in command)
        os.kill(victim, signal.SIGKILL)
        assert simulator.process.wait(START_LIMIT_S) == 1
        assert simulator.process.stderr is not None
        assert f"the {said} ended with -9" in simulator.process.stderr.read().splitlines()[-1]
        assert not simulator.state.exists()


def test_a_signal_while_it_starts_leaves_nothing_either(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.simulator", "--headless", "--state", str(tmp_path / "home")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_until(lambda: (tmp_path / "home" / "logs" / "head-end.out").exists(), limit=START_LIMIT_S, what="a start")
        process.terminate()
        out, errors = process.communicate(timeout=START_LIMIT_S)
        assert (process.returncode, out) == (0, "")
        assert "Traceback" not in errors
    assert processes_of(tmp_path / "home") == {}


def test_a_state_folder_is_kept_and_used_again(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    script = tmp_path / "script.txt"
    script.write_text('wait "Баланс" 30\n')
    first = simulate("--state", str(folder), "--script", str(script))
    assert (first.returncode, first.stderr.count("Traceback")) == (0, 0), first.stderr
    key = (folder / "device.pem").read_bytes()
    assert (folder / "headend.db").exists()
    assert [path for path in folder.rglob("*") if path.is_socket()] == []
    second = simulate("--state", str(folder), "--script", str(script))
    assert second.returncode == 0, second.stderr
    assert (folder / "device.pem").read_bytes() == key


def test_a_script_leaves_pictures_dumps_log_and_steps(tmp_path: Path) -> None:
    script, out = tmp_path / "script.txt", tmp_path / "out" / "run"
    script.write_text('wait "Баланс" 30  # at once\nscreenshot home\ndump home\nsleep 0\n')
    done = simulate("--script", str(script), "--out", str(out), "--resolution", "1280x720", "--box", "2")
    assert done.returncode == 0, done.stderr
    assert "state" in json.loads(done.stdout.splitlines()[0])
    steps = json.loads((out / "steps.json").read_text())
    assert [(step["line"], step["text"], step["ok"], step["why"]) for step in steps] == [
        (1, 'wait "Баланс" 30', True, None),
        (2, "screenshot home", True, None),
        (3, "dump home", True, None),
        (4, "sleep 0", True, None),
    ]
    picture = (out / "home.png").read_bytes()
    assert picture.startswith(PNG)
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1280, 720)
    dump = json.loads((out / "home.json").read_text())
    assert set(dump) >= {"screen", "code", "language", "focus", "nodes"}
    assert (dump["screen"], dump["language"]) == ("home", "ru")
    assert "holds in" in (out / "log.txt").read_text()
    assert not Path(json.loads(done.stdout.splitlines()[0])["state"]).exists()


def test_no_log_holds_an_identifier_or_a_secret(tmp_path: Path) -> None:
    script, out = tmp_path / "script.txt", tmp_path / "out"
    script.write_text('wait "Баланс" 30\nfault card.swap family/kitchen\nfault device.kill\nfault device.start\n')
    assert simulate("--script", str(script), "--out", str(out)).returncode == 0
    logs = [out / "log.txt", *(out / "logs").glob("*.log")]
    assert len(logs) >= 4
    said = "\n".join(log.read_text(errors="replace") for log in logs)
    assert said.strip()
    for pattern in ("884100270011", "410273345801", "410273345819", "102733458021", "eyJ", "PRIVATE KEY"):
        assert pattern not in said


def test_a_line_that_does_not_hold_exits_1_and_is_named(tmp_path: Path) -> None:
    script, out = tmp_path / "demo.txt", tmp_path / "out"
    script.write_text('wait "Баланс" 30\n\nexpect "Нет такого"\npress OK\n')
    done = simulate("--script", str(script), "--out", str(out))
    assert done.returncode == 1
    line = done.stderr.splitlines()[-1]
    assert re.match(rf'{re.escape(str(script))}:3: expect "Нет такого": .+; on screen: .*1 284,50 ₽', line), line
    steps = json.loads((out / "steps.json").read_text())
    assert [(step["line"], step["ok"]) for step in steps] == [(1, True), (3, False)]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--household", "nobody"], "nobody"),
        (["--box", "7"], "--box 7"),
        (["--resolution", "huge"], "huge"),
        (["--reader", "usb:x"], "--reader"),
        (["--script", "/nowhere/script.txt"], "/nowhere/script.txt:1: cannot be read"),
        (["--out", "/proc/nowhere/out"], "cannot be made"),
        (["--state", "/proc/nowhere/state"], "cannot be made"),
    ],
)
def test_bad_usage_exits_2_with_one_clear_line(arguments: list[str], why: str) -> None:
    done = simulate(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
