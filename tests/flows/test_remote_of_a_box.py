"""The app on a box: the kernel's bytes through a device that the app reads itself, with its real clock and threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from device.api.waiting import wait_until
from stb_app.app import App
from stb_app.bootstrap import build, remote_keys
from stb_app.clock import SystemClock
from stb_app.input.kernel import CODES, EV_KEY, SYN_DROPPED, SYN_REPORT
from stb_app.input.recording import Recorder
from stb_app.input.sources import Sources
from stb_app.platform.offscreen import OffscreenPlatform
from stb_app.preferences import Preferences
from tests.support.event_device import LIMIT_S, events, tap, wait_for_writer
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot

RECORDINGS = Path(__file__).parents[1] / "unit" / "stb_app" / "input" / "recordings"


class Box:
    """The real loop on a thread of its own; ``press`` writes what the kernel would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        platform = OffscreenPlatform((1280, 720))
        self.app: App = build(Preferences(), platform, FakeGateway(), SystemClock())
        self._keys = Sources(remote=folder).open(remote_keys(), platform.feed)
        self._thread = threading.Thread(target=self.app.run, name="app")
        self._thread.start()

    def close(self) -> None:
        self._keys.close()
        self.app.stop()
        self._thread.join(LIMIT_S)

    def plug(self, name: str) -> int:
        os.mkfifo(self.folder / name)
        return wait_for_writer(self.folder / name)

    def dump(self) -> dict[str, Any]:
        found: list[dict[str, Any]] = []
        asked = threading.Event()

        def look() -> None:
            found.append(self.app.dump())
            asked.set()

        self.app.post(look)
        assert asked.wait(LIMIT_S)
        return found[0]

    def shows(self, screen: str) -> None:
        wait_until(lambda: self.dump()["screen"] == screen, limit=LIMIT_S, what=screen)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path)
    yield made
    made.close()


def comes_to(pilot: Pilot, screen: str) -> None:
    def is_there() -> bool:
        pilot.settle()
        return pilot.screen == screen

    wait_until(is_there, limit=LIMIT_S, what=screen)


def test_a_remote_is_plugged_in_used_pulled_out_and_another_one_takes_over(box: Box) -> None:
    box.shows("home")
    remote = box.plug("event0")
    os.write(remote, tap("KEY_GREEN"))
    box.shows("charges")
    os.write(remote, tap("KEY_LEFT") * 2 + tap("KEY_SELECT"))
    box.shows("month")
    os.write(remote, events((EV_KEY, CODES["KEY_BACK"], 1)))
    box.shows("charges")
    (box.folder / "event0").unlink()
    os.close(remote)
    other = box.plug("event1")
    os.write(other, events((EV_KEY, 0x2FE, 1), (EV_KEY, 0x2FE, 0)) + tap("KEY_BACK"))
    box.shows("home")
    os.write(other, tap("KEY_EXIT"))
    box.shows("tv")
    os.close(other)


def test_torn_and_dropped_events_leave_nothing_held(box: Box) -> None:
    box.shows("home")
    remote = box.plug("event0")
    os.write(remote, tap("KEY_GREEN"))
    box.shows("charges")
    first = str(box.dump()["focus"])
    torn = events((EV_KEY, CODES["KEY_LEFT"], 1))
    os.write(remote, torn[:7])
    os.write(remote, torn[7:] + events((0, SYN_REPORT, 0), (0, SYN_DROPPED, 0), (0, SYN_REPORT, 0)))
    wait_until(lambda: box.dump()["focus"] != first, limit=LIMIT_S, what="one step")
    stands = box.dump()["focus"]
    threading.Event().wait(0.8)
    assert box.dump()["focus"] == stands, "a key that is not down any more went on repeating"
    os.close(remote)


def test_a_recording_plays_through_the_app() -> None:
    pilot = Pilot()
    with Sources(replay=RECORDINGS / "two_receivers.rec").open(remote_keys(), pilot.platform.feed):
        comes_to(pilot, "pay")
    assert len(pilot.app._history) == 2, "two receivers saw one press"


def test_a_recording_of_the_box_is_made_while_it_runs(tmp_path: Path) -> None:
    path = tmp_path / "new.rec"
    recorder = Recorder(path)
    recorder.close()
    box_folder = tmp_path / "input"
    box_folder.mkdir()
    os.mkfifo(box_folder / "event0")
    pilot = Pilot()
    with Sources(remote=box_folder, record=path).open(remote_keys(), pilot.platform.feed):
        fd = wait_for_writer(box_folder / "event0")
        os.write(fd, tap("KEY_GREEN"))
        comes_to(pilot, "charges")
        os.close(fd)
    assert "KEY_GREEN 1" in path.read_text()
