"""StateFile on a healthy disk: what is written is read, the last good one helps out, nothing is eaten or worn."""

from __future__ import annotations

import json
import logging
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.api.state_file import StateFile
from tests.unit.device.api.syscalls import calls_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "s.json"


def names(path: Path) -> set[str]:
    return {each.name for each in path.parent.iterdir()}


def raw(version: int, data: Any) -> bytes:
    return json.dumps({"version": version, "data": data}).encode()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(st.characters(codec=None)), JSON, max_size=4))
def test_what_was_written_is_read(path: Path, data: dict[str, Any]) -> None:
    StateFile(path, 1).write(data)
    assert StateFile(path, 1).read() == data


def test_half_of_a_surrogate_pair_is_kept_as_it_came(path: Path) -> None:
    body = json.loads('{"title": "\\ud800 \\udfff"}')
    StateFile(path, 1).write(body)
    assert StateFile(path, 1).read() == body


def test_nothing_there_is_none_and_says_nothing(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert StateFile(path, 1).read() is None
    assert caplog.records == []


def test_what_no_json_can_say_leaves_the_state_alone(path: Path) -> None:
    file = StateFile(path, 1)
    file.write({"n": 1})
    with pytest.raises(TypeError):
        file.write({"n": object()})
    assert StateFile(path, 1).read() == {"n": 1}
    assert names(path) == {"s.json"}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_its_owner_may_read_it(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        file = StateFile(path, 1)
        file.write({"n": 1})
        file.write({"n": 2})
    finally:
        os.umask(before)
    assert {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


def test_a_mode_asked_for_is_the_mode_whatever_lay_there(path: Path) -> None:
    path.parent.mkdir()
    left = path.with_name(".s.json.new")
    left.write_bytes(b"left by a crash, open to everybody")
    left.chmod(0o666)
    StateFile(path, 1, mode=0o640).write({"n": 1})
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert json.loads(path.read_bytes()) == {"version": 1, "data": {"n": 1}}


def test_the_same_again_does_not_touch_the_disk(path: Path) -> None:
    file = StateFile(path, 1)
    file.write({"a": 1, "b": "д"})
    os.utime(path, ns=(1, 1))
    os.utime(path.parent, ns=(2, 2))
    for again in (file, StateFile(path, 1)):
        again.write({"b": "д", "a": 1})
        assert "write" not in calls_of(lambda again=again: again.write({"a": 1, "b": "д"}))  # type: ignore[misc]
    before = path.stat()
    assert (before.st_mtime_ns, path.parent.stat().st_mtime_ns) == (1, 2)
    file.write({"a": 2, "b": "д"})
    assert path.stat().st_ino != before.st_ino and path.stat().st_mtime_ns != 1


def test_the_one_before_is_kept(path: Path) -> None:
    file = StateFile(path, 1)
    for n in range(4):
        file.write({"n": n})
    assert names(path) == {"s.json", "s.json.last"}
    assert json.loads(path.with_name("s.json.last").read_bytes())["data"] == {"n": 2}


@pytest.mark.parametrize(
    "broken",
    [
        b"", b"\x00" * 4096, b'{"version":1,"data":{"n"', b"[1]", b"null", b'"x"', b'{"version":1}', b'{"data":{}}',
        raw(1, [1]), b'{"version":"1","data":{}}', b"\xff\xfe\x00", b"[" * 100_000, b'{"version":' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_a_broken_file_is_set_aside_with_one_line_and_the_last_good_one_is_used(
    path: Path, broken: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file = StateFile(path, 1)
    file.write({"n": 1})
    file.write({"n": 2})
    path.write_bytes(broken)
    reader = StateFile(path, 1)
    assert reader.read() == {"n": 1}
    assert reader.read() == {"n": 1}
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert str(path) in record.getMessage() and "s.json.broken" in record.getMessage()
    assert path.with_name("s.json.broken").read_bytes() == broken
    assert names(path) == {"s.json.broken", "s.json.last"}
    reader.write({"n": 3})
    assert StateFile(path, 1).read() == {"n": 3}


def test_where_both_are_broken_both_are_kept_and_it_begins_anew(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.mkdir()
    path.write_bytes(b"newest")
    path.with_name("s.json.last").write_bytes(b"older")
    assert StateFile(path, 1).read() is None
    assert path.with_name("s.json.broken").read_bytes() == b"newest"
    assert path.with_name("s.json.last.broken").read_bytes() == b"older"
    assert len(caplog.records) == 2


def test_a_file_that_breaks_under_a_running_service_is_written_anew(path: Path) -> None:
    file = StateFile(path, 1)
    file.write({"n": 1})
    path.write_bytes(b"broken")
    assert file.read() is None
    file.write({"n": 1})  # the same as before, but no longer on the disk
    assert StateFile(path, 1).read() == {"n": 1}


@pytest.mark.parametrize("read_first", [True, False])
def test_a_newer_version_is_kept_aside_and_survives_all_that_the_older_software_writes(
    path: Path, read_first: bool, caplog: pytest.LogCaptureFixture
) -> None:
    newer = StateFile(path, 2)
    newer.write({"n": 1})
    newer.write({"n": 2})
    newest = path.read_bytes()
    older = StateFile(path, 1)
    if read_first:
        assert older.read() is None
    for n in range(3):
        older.write({"old": n})
    assert path.with_name("s.json.v2").read_bytes() == newest
    assert StateFile(path, 1).read() == {"old": 2}
    assert "version 2, this software writes 1" in caplog.text


def test_remove_forgets_everything(path: Path) -> None:
    file = StateFile(path, 1)
    file.remove()
    file.write({"n": 1})
    file.write({"n": 2})
    path.with_name(".s.json.new").write_bytes(b"half")
    path.with_name(".s.json.link").write_bytes(b"half")
    file.remove()
    assert names(path) == set()
    assert file.read() is None
    file.write({"n": 2})
    assert StateFile(path, 1).read() == {"n": 2}


def test_what_is_on_the_disk_is_there_before_it_is_called_the_state(path: Path) -> None:
    """fsync of the content before the rename, of the folder after it: else a power cut leaves an empty file."""
    file = StateFile(path, 1)
    file.write({"n": 1})
    calls = [name for name in calls_of(lambda: file.write({"n": 2})) if name in ("write", "fsync", "replace")]
    assert calls[:2] == ["write", "fsync"]
    assert calls[-2:] == ["replace", "fsync"]
    assert "write" not in calls[2:]


def test_a_new_folder_is_on_the_disk_too(tmp_path: Path) -> None:
    deep = StateFile(tmp_path / "a" / "b" / "s.json", 1)
    assert (
        calls_of(lambda: deep.write({"n": 1})).count("fsync") == 4
    )  # content, its folder, and where a and b were made


def test_a_reader_beside_the_writer_never_misses_the_file(path: Path) -> None:
    """The simulated box reads a clock file that the simulator writes."""
    file = StateFile(path, 1)
    file.write({"n": -1, "fill": "x" * 20_000})
    done = threading.Event()
    seen: list[int] = []

    def read() -> None:
        while not done.is_set():
            seen.append(json.loads(path.read_bytes())["data"]["n"])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for n in range(100):
            file.write({"n": n, "fill": "x" * 20_000})
    finally:
        done.set()
        reader.join(10)
    assert len(seen) > 20 and seen == sorted(seen)
