"""Supervision with real processes: started, watched, ended, and gone with whoever started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from tools.simulator.errors import StartError, Stopped
from tools.simulator.processes import ROOT, Child, Supervisor

LIMIT_S = 20.0


def gone(pid: int) -> bool:
    """No such process, or one that only waits to be read off."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with closing(Supervisor(tmp_path)) as supervisor:
        yield supervisor


def start(supervisor: Supervisor, behaviour: str) -> Child:
    return supervisor.start("test server", "tests.unit.tools.simulator.server", behaviour)


def test_a_child_says_where_it_listens_and_ends_with_the_supervisor(supervisor: Supervisor) -> None:
    child = start(supervisor, "listens")
    assert child.wait_listening(LIMIT_S) == ["here", "there"]
    assert not gone(child.pid)
    supervisor.close()
    assert gone(child.pid)
    assert supervisor.lost() is None
    with pytest.raises(Stopped):
        start(supervisor, "listens")


def test_one_that_ends_before_it_listens_is_quoted(supervisor: Supervisor) -> None:
    child = start(supervisor, "dies")
    with pytest.raises(StartError, match=r"^the test server ended with 1: the port is taken$"):
        child.wait_listening(LIMIT_S)
    assert supervisor.lost() is child


def test_one_that_says_something_else_is_quoted(supervisor: Supervisor) -> None:
    with pytest.raises(StartError, match="the test server says 'hello' and not where it listens"):
        start(supervisor, "babbles").wait_listening(LIMIT_S)


def test_one_that_says_nothing_is_waited_for_so_long(supervisor: Supervisor) -> None:
    with pytest.raises(StartError, match=r"waited 0\.1 s for the test server to listen; its last words: nothing"):
        start(supervisor, "silent").wait_listening(0.1)


def test_one_that_does_not_obey_is_killed_in_time(supervisor: Supervisor) -> None:
    child = start(supervisor, "stubborn")
    child.wait_listening(LIMIT_S)
    started = time.monotonic()
    supervisor.close()
    assert time.monotonic() - started < 3.0
    assert gone(child.pid)


def test_a_killed_child_is_not_missed(supervisor: Supervisor) -> None:
    child = start(supervisor, "listens")
    child.wait_listening(LIMIT_S)
    child.kill()
    assert gone(child.pid)
    assert supervisor.lost() is None


def test_a_child_that_was_killed_from_outside_is_missed(supervisor: Supervisor) -> None:
    child = start(supervisor, "listens")
    child.wait_listening(LIMIT_S)
    os.kill(child.pid, signal.SIGKILL)
    wait_until(lambda: supervisor.lost(), limit=LIMIT_S, what="the loss")
    assert "ended with -9" in child.obituary()


def test_children_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from tools.simulator.processes import Supervisor\n"
        "child = Supervisor(Path(sys.argv[1])).start('x', 'tests.unit.tools.simulator.server', 'stubborn')\n"
        "child.wait_listening(20); print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not gone(pid)
        parent.kill()
    wait_until(lambda: gone(pid), limit=LIMIT_S, what="the child to die too")
