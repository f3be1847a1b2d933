"""StateFile on a bad day: every system call fails in turn, every one is the last; the state is the old or the new."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from device.api.state_file import StateFile
from tests.unit.device.api.syscalls import fail_at

OLDER, OLD, NEW = ({"n": n, "fill": str(n) * 9000} for n in range(3))


def prepared(folder: Path) -> StateFile:
    """A state file in ``folder`` whose state is OLD and whose last one is OLDER."""
    file = StateFile(folder / "s.json", 1)
    file.write(OLDER)
    file.write(OLD)
    return file


def state(folder: Path) -> dict[str, Any] | None:
    return StateFile(folder / "s.json", 1).read()


def litter(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()} - {"s.json", "s.json.last"}


def steps(folder: Path) -> Iterator[tuple[int, Path]]:
    """Numbers with a folder each."""
    return ((number, folder / str(number)) for number in count())


def fails(number: int, code: int, work: Callable[[], object]) -> bool | None:
    """Whether ``work`` fails when its system call ``number`` does; None where it makes fewer calls."""
    try:
        reached = fail_at(number, OSError(code, "told to fail"), work)
    except OSError as error:
        return error.errno == code
    return False if reached else None


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_whatever_call_fails_the_state_is_the_old_or_the_new_one(tmp_path: Path, code: int) -> None:
    found = []
    for number, folder in steps(tmp_path):
        file = prepared(folder)
        failed = fails(number, code, lambda file=file: file.write(NEW))  # type: ignore[misc]
        if failed is None:
            break
        found.append(state(folder))
        assert failed or found[-1] == NEW
        assert litter(folder) == set()
        file.write(OLD)  # the writer goes on from what it believes to be on the disk
        assert state(folder) == OLD
    assert state(folder) == NEW
    assert len(found) >= 10
    assert OLD in found and NEW in found and all(each in (OLD, NEW) for each in found)


def test_a_first_write_that_fails_leaves_nothing_or_the_whole(tmp_path: Path) -> None:
    found = []
    for number, folder in steps(tmp_path):
        file = StateFile(folder / "deep" / "s.json", 1)
        if fails(number, errno.ENOSPC, lambda file=file: file.write(NEW)) is None:  # type: ignore[misc]
            break
        found.append(state(folder / "deep"))
    assert None in found and NEW in found and all(each in (None, NEW) for each in found)


def test_a_removal_that_fails_never_brings_back_an_older_state(tmp_path: Path) -> None:
    found = []
    for number, folder in steps(tmp_path):
        if fails(number, errno.EIO, prepared(folder).remove) is None:
            break
        found.append(state(folder))
    assert OLD in found and None in found and OLDER not in found


KILL = """
import sys
from pathlib import Path
from tests.unit.device.api.syscalls import killed_at
from tests.unit.device.api.test_api_state_file_faults import NEW, prepared

root = Path(sys.argv[1])
number = 0
while True:
    folder = root / str(number)
    file = prepared(folder)
    if not killed_at(number, (lambda: file.write(NEW)) if sys.argv[2] == "write" else file.remove):
        break
    number += 1
print(number)
"""


@pytest.mark.parametrize("work", ["write", "remove"])
def test_killed_at_any_call_it_is_the_old_or_the_new_state_and_works_on(tmp_path: Path, work: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILL, str(tmp_path), work],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parents[4],
    )
    new = NEW if work == "write" else None
    assert int(done.stdout) >= 7
    outcomes = []
    for number in range(int(done.stdout)):
        found = state(tmp_path / str(number))
        assert found in (OLD, new)
        outcomes.append(found == new)
        StateFile(tmp_path / str(number) / "s.json", 1).write({"n": 9})
        assert state(tmp_path / str(number)) == {"n": 9}
        assert litter(tmp_path / str(number)) == set()
    assert outcomes == sorted(outcomes) and set(outcomes) == {True, False}


WRITER = """
import sys
from pathlib import Path
from device.api.state_file import StateFile
file = StateFile(Path(sys.argv[1]), 1)
n = (file.read() or {"n": 0})["n"]
while True:
    n += 1
    file.write({"n": n, "fill": str(n) * 20_000})
    print(n, flush=True)
"""


def test_a_writer_killed_again_and_again_never_loses_what_it_said_was_written(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    said = 0
    for life in range(32):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(1 + life % 5):
                said = int(writer.stdout.readline())
            writer.kill()
            said = int(([str(said), *writer.stdout.read().split()])[-1])
        document = json.loads(path.read_bytes())["data"]
        assert document["n"] in (said, said + 1)
        assert document["fill"] == str(document["n"]) * 20_000
        assert state(tmp_path) == document


FULL = """
import resource, sys
from pathlib import Path
from device.api.state_file import StateFile
path = Path(sys.argv[1])
file = StateFile(path, 1)
file.write({"n": 1})
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
try:
    file.write({"fill": "x" * 100_000})
except OSError as error:
    print(error.errno)
print(StateFile(path, 1).read(), sorted(each.name for each in path.parent.iterdir()))
file.write({"n": 2})
print(StateFile(path, 1).read())
"""


def test_a_file_that_the_system_cuts_short_is_not_the_state(tmp_path: Path) -> None:
    """A real short write: the first 4096 bytes are taken, the next call fails."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "s.json")], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.splitlines() == [str(errno.EFBIG), "{'n': 1} ['s.json']", "{'n': 2}"]


READ_ONLY = """
import os, sys
from pathlib import Path
from device.api.state_file import StateFile
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
file = StateFile(Path("s.json"), 1)
print(file.read())
for work in (lambda: file.write({"n": 2}), file.remove):
    try:
        work()
    except OSError as error:
        print(error.errno)
print(StateFile(Path("s.json"), 1).read())
print(StateFile(Path("broken.json"), 1).read())
"""


def test_in_a_folder_that_takes_nothing_the_state_is_still_read(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    StateFile(folder / "s.json", 1, mode=0o644).write({"n": 1})
    (folder / "broken.json").write_bytes(b"broken")
    StateFile(folder / "broken.json.last", 1, mode=0o644).write({"n": 0})
    folder.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(folder)], capture_output=True, text=True, timeout=30, check=True
        )
    finally:
        folder.chmod(0o755)
    assert done.stdout.splitlines() == ["{'n': 1}", "13", "13", "{'n': 1}", "{'n': 0}"]
    assert done.stderr.count("cannot be set aside: Permission denied") == 1


def test_a_folder_in_the_files_place_is_an_oserror_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "s.json").mkdir()
    (tmp_path / "file").touch()
    assert state(tmp_path) is None
    for path in (tmp_path / "s.json", tmp_path / "file" / "s.json"):
        with pytest.raises((IsADirectoryError, FileExistsError, PermissionError)):
            StateFile(path, 1).write({"n": 1})
    assert litter(tmp_path) == {"file"}


def test_a_file_that_cannot_be_read_says_so_and_the_last_one_is_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = prepared(tmp_path)
    file.path.unlink()
    file.path.symlink_to(file.path)
    assert state(tmp_path) == OLDER
    (record,) = caplog.records
    assert "cannot be read" in record.getMessage() and str(file.path) in record.getMessage()
