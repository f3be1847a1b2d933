"""The simulator's folder: removed with it, kept where it was given, cleared away after a kill, never shared."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from tools.simulator.errors import StartError
from tools.simulator.processes import ROOT
from tools.simulator.state import StateFolder

LIMIT_S = 20.0


def leave_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))


def test_a_folder_of_its_own_goes_with_the_simulator() -> None:
    state = StateFolder()
    assert state.run.is_dir()
    assert state.run.stat().st_mode & 0o777 == 0o750
    assert state.path.stat().st_mode & 0o777 == 0o700
    leave_socket(state.device_socket)
    state.close()
    assert not state.path.exists()


def test_a_given_folder_is_kept_without_its_sockets(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    state = StateFolder(folder)
    state.database.write_text("accounts")
    leave_socket(state.device_socket)
    state.close()
    assert state.database.read_text() == "accounts"
    assert not state.device_socket.exists()


def test_a_folder_in_use_is_refused_with_its_owner(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    try:
        with pytest.raises(StartError, match=r"the simulator with process id \d+ works there"):
            StateFolder(tmp_path, lock_wait_s=0.1)
    finally:
        state.close()
    StateFolder(tmp_path).close()


def test_a_path_too_long_for_a_socket_and_one_that_cannot_be_made_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="too long a path"):
        StateFolder(tmp_path / ("x" * 100))
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="cannot be made: Not a directory"):
        StateFolder(tmp_path / "file" / "state")


@pytest.mark.parametrize("given", [True, False])
def test_what_a_killed_simulator_leaves_is_cleared_away(given: bool, tmp_path: Path) -> None:
    program = (
        "import sys, time, socket; from pathlib import Path; from tools.simulator.state import StateFolder\n"
        "state = StateFolder(Path(sys.argv[1]) if sys.argv[1] else None)\n"
        "left = socket.socket(socket.AF_UNIX); left.bind(str(state.tv_socket))\n"
        "print(state.path, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path) if given else ""], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        path = Path(killed.stdout.readline().strip())
        assert (path / "tv.sock").exists()
        killed.kill()
    wait_until(lambda: not (path / "tv.sock").exists(), limit=LIMIT_S, what="the keeper to clear away")
    if given:
        StateFolder(tmp_path).close()  # free again once the keeper is done
    else:
        wait_until(lambda: not path.exists(), limit=LIMIT_S, what="the folder to go")
