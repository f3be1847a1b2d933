"""Lock, saved time, systemd, the system's clocks, the names out of server-sent events."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters import systemd
from device.adapters.lock_file import LockFile, LockHeld
from device.adapters.saved_time import SavedTime
from device.adapters.server_sent import MAX_LINE, EventNames
from device.adapters.system_clock import SystemClock
from device.api.errors import ConfigError
from device.api.state_file import StateFile

HOLDER = """
import sys, time, pathlib
from device.adapters.lock_file import LockFile
LockFile(pathlib.Path(sys.argv[1])).acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_the_lock_names_its_holder_and_dies_with_it(tmp_path: Path) -> None:
    path = tmp_path / "s.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[4]
    )
    assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
    with pytest.raises(LockHeld) as raised:
        LockFile(path).acquire()
    assert raised.value.pid == holder.pid and str(holder.pid) in raised.value.message
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    lock = LockFile(path)
    lock.acquire()
    assert path.read_text() == f"{os.getpid()}\n"
    with pytest.raises(LockHeld):
        LockFile(path).acquire()
    lock.release()
    again = LockFile(path)
    again.acquire()
    again.release()


def test_a_lock_that_cannot_be_made_and_one_that_is_a_link(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        LockFile(tmp_path / "none" / "s.lock").acquire()
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "link").symlink_to(tmp_path / "precious")
    with pytest.raises(ConfigError):
        LockFile(tmp_path / "link").acquire()
    assert (tmp_path / "precious").read_text() == "precious"


def test_time_is_saved_once_an_hour_and_never_back(tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    saved = SavedTime(StateFile(file, 1))
    assert saved.load() is None
    saved.save(1000.0)
    written = file.stat().st_mtime_ns
    saved.save(4000.0)
    saved.save(10.0)
    assert file.stat().st_mtime_ns == written
    saved.save(4600.0)
    assert SavedTime(StateFile(file, 1)).load() == 4600.0


def test_a_time_that_cannot_be_saved_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "blocked").touch()
    saved = SavedTime(StateFile(tmp_path / "blocked" / "t.json", 1))
    saved.save(1000.0)
    saved.save(2000.0)
    assert len([record for record in caplog.records if "cannot be kept" in record.message]) == 1
    (tmp_path / "t.json").write_text('{"version": 1, "data": {"service_time": "tomorrow"}}')
    assert SavedTime(StateFile(tmp_path / "t.json", 1)).load() is None


def test_systemd_is_told_by_path_and_by_abstract_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    abstract = f"stb-test-{os.getpid()}-{time.monotonic_ns()}"
    for bound, told in ((str(tmp_path / "n"), str(tmp_path / "n")), (f"\0{abstract}", f"@{abstract}")):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(bound)
            manager.settimeout(5)
            systemd.notify("READY=1", {"NOTIFY_SOCKET": told})
            assert manager.recv(64) == b"READY=1"
    systemd.notify("READY=1", {})
    assert not caplog.records
    systemd.notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "none")})
    assert len(caplog.records) == 1


def test_the_system_clock() -> None:
    clock = SystemClock()
    assert abs(clock.system_time() - time.time()) < 5
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert before <= clock.boottime() <= before + 5


STREAM = (
    b": hello\n\nevent: account.changed\ndata: {}\n\ndata: x\r\n\r\n: keep-alive\n\n"
    b"event:b\nid: 3\ndata: 1\ndata: 2\n\nevent: cut"
)


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_event_names_however_the_stream_is_cut(cuts: list[int]) -> None:
    names = EventNames()
    places = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[a:b] for a, b in pairwise(places)]
    assert [name for piece in pieces for name in names.feed(piece)] == ["account.changed", "message", "b"]


def test_an_endless_line_takes_no_memory() -> None:
    names = EventNames()
    for _ in range(100):
        assert list(names.feed(b"x" * MAX_LINE)) == []
    assert len(names._rest) <= MAX_LINE
    assert list(names.feed(b"\n\nevent: a\ndata\n\n")) == ["a"]


@given(st.binary(max_size=300))
def test_whatever_the_stream_says_nothing_is_raised(noise: bytes) -> None:
    assert all(isinstance(name, str) for name in EventNames().feed(noise))
