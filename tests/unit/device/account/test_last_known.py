"""What is kept of answers: by card, bounded, written only on change, survives what can be survived."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from device.account.known import MAX_BYTES, MAX_CARDS, Known, LastKnown

OWNER, OTHER = "a" * 64, "b" * 64
AT = "2026-11-21T10:00:00Z"


def file_of(folder: Path, owner: str = OWNER) -> Path:
    return folder / f"{owner[:32]}.json"


def test_by_card_and_over_a_restart(tmp_path: Path) -> None:
    LastKnown(tmp_path).put(OWNER, "account", Known({"balance": 1}, AT))
    again = LastKnown(tmp_path)
    assert again.get(OWNER, "account") == Known({"balance": 1}, AT)
    assert again.get(OTHER, "account") is None and again.get(OWNER, "receipts") is None
    assert file_of(tmp_path).stat().st_mode & 0o077 == 0


def test_the_same_again_is_not_written_within_ten_minutes(tmp_path: Path) -> None:
    known = LastKnown(tmp_path)
    known.put(OWNER, "account", Known({"balance": 1}, AT))
    before = file_of(tmp_path).stat().st_mtime_ns
    known.put(OWNER, "account", Known({"balance": 1}, "2026-11-21T10:09:00Z"))
    assert file_of(tmp_path).stat().st_mtime_ns == before
    assert known.get(OWNER, "account") == Known({"balance": 1}, "2026-11-21T10:09:00Z"), "in memory it is fresh"
    known.put(OWNER, "account", Known({"balance": 1}, "2026-11-21T10:11:00Z"))
    assert LastKnown(tmp_path).get(OWNER, "account") == Known({"balance": 1}, "2026-11-21T10:11:00Z")
    known.put(OWNER, "account", Known({"balance": 2}, "2026-11-21T10:11:01Z"))
    assert LastKnown(tmp_path).get(OWNER, "account") == Known({"balance": 2}, "2026-11-21T10:11:01Z")


def test_it_is_bounded_and_the_oldest_goes_first(tmp_path: Path) -> None:
    known = LastKnown(tmp_path)
    piece = "я" * (MAX_BYTES // 20)
    for number in range(15):
        known.put(OWNER, f"r{number}", Known(piece, f"2026-11-21T10:00:{number:02}Z"))
    assert file_of(tmp_path).stat().st_size < MAX_BYTES + 4096
    assert known.get(OWNER, "r14") is not None and known.get(OWNER, "r0") is None
    known.put(OWNER, "huge", Known("x" * (MAX_BYTES // 2), AT))
    assert known.get(OWNER, "huge") is None and known.get(OWNER, "r14") is not None
    for number in range(MAX_CARDS + 2):
        owner = f"{number:064}"[::-1]
        known.put(owner, "account", Known(number, AT))
        os.utime(file_of(tmp_path, owner), (number, number))
    known.put("f" * 64, "account", Known(1, AT))
    assert len(list(tmp_path.glob("*.json"))) <= MAX_CARDS
    assert LastKnown(tmp_path).get("f" * 64, "account") is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b'{"version":1,"data":[]}',
        b"[" * 100_000,
        b'{"version":1,"data":{"account":{"as_of":1}}}',
        b'{"version":1,"data":{"account":{"as_of":"never","body":1}}}',
    ],
)
def test_a_broken_file_is_set_aside_and_the_last_good_one_used(tmp_path: Path, content: bytes) -> None:
    known = LastKnown(tmp_path)
    known.put(OWNER, "account", Known(1, AT))
    known.put(OWNER, "account", Known(2, AT))
    file_of(tmp_path).write_bytes(content)
    after = LastKnown(tmp_path).get(OWNER, "account")
    assert after in (None, Known(1, AT))
    LastKnown(tmp_path).put(OWNER, "account", Known(3, AT))
    assert LastKnown(tmp_path).get(OWNER, "account") == Known(3, AT)


def test_a_disk_that_takes_nothing_is_said_once_and_memory_serves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    known = LastKnown(tmp_path / "file" / "known")
    for number in range(3):
        known.put(OWNER, f"r{number}", Known(number, AT))
    assert known.get(OWNER, "r2") == Known(2, AT)
    assert len([record for record in caplog.records if "cannot be kept" in record.message]) == 1


def test_a_newer_softwares_file_is_kept(tmp_path: Path) -> None:
    file_of(tmp_path).write_text(json.dumps({"version": 2, "data": {"new": True}}))
    LastKnown(tmp_path).put(OWNER, "account", Known(1, AT))
    assert (tmp_path / f"{OWNER[:32]}.json.v2").exists()
