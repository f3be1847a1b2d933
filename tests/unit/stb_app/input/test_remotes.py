"""Reading remotes as they come and go: FIFOs carry the kernel's bytes, a fake kernel answers the ioctls."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device.api.errors import ConfigError
from device.api.waiting import wait_until
from stb_app.bootstrap import remote_keys
from stb_app.input import remotes as module
from stb_app.input.kernel import CODES, EV_KEY, SYN_DROPPED, SYN_REPORT, Identity, InputEvent, Kernel, LinuxKernel
from stb_app.input.keys import Key, KeyEvent
from stb_app.input.recording import Recorder, load_recording
from stb_app.input.remotes import Remotes
from tests.support.event_device import LIMIT_S, events, key, wait_for_writer, writer

DEVICES = remote_keys()
REMOTE = Identity("Test remote", 3, 0x1234, 1)
DOWN, UP = 1, 0


class FakeKernel(Kernel):
    """Every FIFO is a device of ``REMOTE``; ``errors`` is what an ioctl refuses with, by name."""

    def __init__(self) -> None:
        self.others: dict[str, set[int]] = {}
        """Name of a node -> what it can send, where that is not ``can``."""
        self.can = {CODES["KEY_OK"], CODES["KEY_UP"]}
        self.down: frozenset[int] = frozenset()
        self.errors: dict[str, int] = {}
        self.grabs = 0

    def _maybe(self, name: str) -> None:
        if name in self.errors:
            raise OSError(self.errors[name], os.strerror(self.errors[name]))

    def identity(self, fd: int) -> Identity:
        self._maybe("identity")
        return REMOTE

    def codes(self, fd: int) -> frozenset[int]:
        return frozenset(self.others.get(Path(f"/proc/self/fd/{fd}").readlink().name, self.can))

    def held(self, fd: int) -> frozenset[int]:
        self._maybe("held")
        return self.down

    def grab(self, fd: int) -> None:
        self._maybe("grab")
        self.grabs += 1

    def use_monotonic_clock(self, fd: int) -> None:
        self._maybe("clock")


class Box:
    """A folder of devices, what the app would get, and a way to plug."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.got: queue.SimpleQueue[KeyEvent] = queue.SimpleQueue()
        self.kernel = FakeKernel()
        self._stack = contextlib.ExitStack()
        self._writers: set[int] = set()

    def start(
        self, source: Path | None = None, *, kernel: Kernel | None = None, recorder: Recorder | None = None
    ) -> None:
        remotes = Remotes(source or self.folder, DEVICES, self.got.put, kernel=kernel or self.kernel, recorder=recorder)
        remotes.start()
        self._stack.callback(remotes.close)

    def plug(self, name: str) -> Path:
        os.mkfifo(self.folder / name)
        return self.folder / name

    def writer(self, path: Path) -> int:
        """The device's own end."""
        fd = wait_for_writer(path)
        self._writers.add(fd)
        return fd

    def end(self, fd: int) -> None:
        """The device is gone."""
        self._writers.remove(fd)
        os.close(fd)

    def next(self) -> KeyEvent:
        return self.got.get(timeout=LIMIT_S)

    def close(self) -> None:
        self._stack.close()
        for fd in self._writers:
            os.close(fd)
        self._writers.clear()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    folder = tmp_path / "input"
    folder.mkdir()
    made = Box(folder)
    yield made
    made.close()


def said(caplog: pytest.LogCaptureFixture, text: str) -> Callable[[], bool]:
    return lambda: any(text in record.getMessage() for record in list(caplog.records))


def test_a_remote_that_is_there_is_grabbed_and_read_with_the_kernels_times(box: Box) -> None:
    device = box.plug("event0")
    box.start()
    os.write(box.writer(device), key("KEY_OK", DOWN, 12.5) + key("KEY_OK", UP, 12.6))
    assert [box.next(), box.next()] == [KeyEvent(Key.OK, True, 12.5), KeyEvent(Key.OK, False, 12.6)]
    assert box.kernel.grabs == 1


def test_remotes_come_go_and_come_back(box: Box) -> None:
    box.start()
    for name in ("event7", "event8", "event7"):
        device = box.plug(name)
        writer = box.writer(device)
        os.write(writer, key("KEY_OK", DOWN))
        assert box.next() == KeyEvent(Key.OK, True, 1.0)
        device.unlink()
        box.end(writer)
        assert box.next() == KeyEvent(Key.OK, False, lost=True), "unplugged while it was held"
    assert box.kernel.grabs >= 3


def test_the_folder_itself_may_come_later(tmp_path: Path) -> None:
    box = Box(tmp_path / "input")
    try:
        box.start()
        box.folder.mkdir()
        os.write(box.writer(box.plug("event0")), key("KEY_OK", DOWN))
        assert box.next().key is Key.OK
    finally:
        box.close()


def test_one_device_can_be_read_alone(box: Box) -> None:
    alone, other = box.plug("event0"), box.plug("event1")
    box.start(alone)
    os.write(box.writer(alone), key("KEY_UP", DOWN))
    assert box.next().key is Key.UP
    assert writer(other) is None


def test_what_is_no_remote_is_left_alone(box: Box) -> None:
    box.kernel.others["event0"] = {0x110, CODES["KEY_POWER"], CODES["KEY_MUTE"]}
    mouse = box.plug("event0")
    box.start()
    os.write(box.writer(box.plug("event1")), key("KEY_OK", DOWN))
    assert box.next().key is Key.OK
    assert box.kernel.grabs == 1
    assert writer(mouse) is None


def test_an_unknown_code_is_told_with_device_and_map(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    device = box.plug("event0")
    box.start()
    event = InputEvent(1.0, EV_KEY, 0x2FE, DOWN).to_bytes()
    os.write(box.writer(device), event + key("KEY_OK", DOWN))
    assert box.next().key is Key.OK
    assert said(caplog, f"Test remote ({device}): key 0x2fe is not in default.yaml")()


def test_a_device_that_another_program_holds_is_told_and_taken_when_it_is_free(
    box: Box, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPLAIN_AFTER_S", 0.01)
    monkeypatch.setattr(module, "RETRY_S", 0.02)
    box.kernel.errors["grab"] = errno.EBUSY
    device = box.plug("event0")
    box.start()
    told = f"{device} cannot be read: Device or resource busy; another program holds it"
    wait_until(said(caplog, told), limit=LIMIT_S, what="the complaint")
    del box.kernel.errors["grab"]
    os.write(box.writer(device), key("KEY_OK", DOWN))
    assert box.next().key is Key.OK
    complaints = [each for each in caplog.records if "cannot be read" in each.getMessage()]
    assert len(complaints) == 1, "one clear line"


def test_no_permission_is_one_clear_line(
    box: Box, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPLAIN_AFTER_S", 0.01)
    monkeypatch.setattr(module, "RETRY_S", 0.02)
    device, opened = box.plug("event0"), os.open

    def refusing(path: Path, flags: int, *mode: int) -> int:
        if path == device and not flags & os.O_WRONLY:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, flags, *mode)

    monkeypatch.setattr(os, "open", refusing)
    box.start()
    told = f"{device} cannot be read: Permission denied; let the app's user into"
    wait_until(said(caplog, told), limit=LIMIT_S, what="the complaint")
    threading.Event().wait(0.1)
    assert sum("Permission denied" in each.getMessage() for each in caplog.records) == 1


def test_a_file_that_is_no_device_is_told_and_the_others_go_on(
    box: Box, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPLAIN_AFTER_S", 0.01)
    (box.folder / "event0").write_bytes(b"no device")
    pipe = box.plug("event1")
    box.start(kernel=LinuxKernel())
    wait_until(said(caplog, "event0 cannot be read: Inappropriate ioctl"), limit=LIMIT_S, what="the complaint")
    os.write(box.writer(pipe), key("KEY_OK", DOWN))
    assert box.next() == KeyEvent(Key.OK, True), "a pipe has no clock: the time is now"


def test_waiting_costs_nothing(box: Box) -> None:
    device = box.plug("event0")
    box.start()
    writing = box.writer(device)
    os.write(writing, key("KEY_OK", DOWN))
    box.end(writing)
    assert [box.next().pressed, box.next().pressed] == [True, False], "the writer is gone, the FIFO is still there"
    thread = next(each for each in threading.enumerate() if each.name == "remotes")
    switches = Path(f"/proc/self/task/{thread.native_id}/status")
    wait_until(lambda: "S (sleeping)" in switches.read_text(), limit=LIMIT_S, what="the thread at rest")
    before = _wakes(switches)
    threading.Event().wait(0.5)
    assert _wakes(switches) == before


def _wakes(status: Path) -> int:
    line = next(each for each in status.read_text().splitlines() if each.startswith("voluntary_ctxt_switches"))
    return int(line.split()[1])


def test_what_is_read_can_be_recorded(box: Box, tmp_path: Path) -> None:
    path = tmp_path / "new.rec"
    recorder = Recorder(path)
    device = box.plug("event0")
    box.start(recorder=recorder)
    os.write(box.writer(device), key("KEY_7", DOWN) + key("KEY_7", UP) + key("KEY_OK", DOWN))
    assert [box.next().key for _ in range(3)] == [Key.DIGIT_7, Key.DIGIT_7, Key.OK]
    recorder.close()
    recorded = load_recording(path)
    assert {each.device for each in recorded} == {REMOTE}
    assert [each.event.code for each in recorded if each.event.type == EV_KEY] == [CODES["KEY_0"]] * 2 + [
        CODES["KEY_OK"]
    ]


def test_a_kernel_without_the_clock_is_read_all_the_same(box: Box) -> None:
    box.kernel.errors["clock"] = errno.EINVAL
    device = box.plug("event0")
    box.start()
    os.write(box.writer(device), key("KEY_OK", DOWN, 12.5))
    assert box.next() == KeyEvent(Key.OK, True)


def test_after_dropped_events_the_kernel_is_asked_what_is_held(box: Box) -> None:
    device = box.plug("event0")
    box.start()
    writing = box.writer(device)
    os.write(writing, key("KEY_OK", DOWN))
    assert box.next() == KeyEvent(Key.OK, True, 1.0)
    box.kernel.down = frozenset({CODES["KEY_UP"]})
    os.write(writing, events((0, SYN_DROPPED, 0), (EV_KEY, CODES["KEY_UP"], 1), (0, SYN_REPORT, 0)))
    assert [box.next(), box.next()] == [KeyEvent(Key.OK, False, lost=True), KeyEvent(Key.UP, True)]
    box.kernel.errors["held"] = errno.ENODEV
    os.write(writing, events((0, SYN_DROPPED, 0), (0, SYN_REPORT, 0)))
    assert box.next() == KeyEvent(Key.UP, False, lost=True)


def test_closing_gives_the_devices_back_at_once(box: Box) -> None:
    device = box.plug("event0")
    box.start()
    box.writer(device)
    begun = time.monotonic()
    box.close()
    assert time.monotonic() - begun < LIMIT_S / 2
    assert writer(device) is None
    assert "remotes" not in {each.name for each in threading.enumerate()}


def test_a_place_that_cannot_be_watched_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refused(folder: Path) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(module, "FolderWatch", refused)
    with pytest.raises(ConfigError, match="cannot be watched: Too many open files"):
        Remotes(tmp_path, DEVICES, print)
