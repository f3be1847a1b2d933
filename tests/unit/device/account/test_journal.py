"""The journal: on disk before anything goes out, whatever is pulled; no secret in it; nothing twice, nothing lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pytest

from device.account.journal import MAX_ENTRIES, Entry, Journal, JournalUnavailable, may_be_resent
from device.api.errors import ApiError
from device.api.state_file import StateFile
from device.domain.times import parse_rfc3339
from device.ports.account_service import AccountRequest

OWNER, OTHER = "a" * 64, "b" * 64
SINCE = "2026-11-21T10:00:00Z"
ODD = Entry("key-odd1", OWNER, "POST", "/v1/messages/m1/read", {}, None, True, SINCE)


def journal(folder: Path) -> Journal:
    return Journal(StateFile(folder / "journal.json", 1))


def change(key: str, body: Mapping[str, object] | None = None) -> AccountRequest:
    return AccountRequest("POST", "/v1/messages/m1/read", {}, None if body is None else dict(body), key)


def test_what_is_added_is_there_after_a_restart_until_it_is_removed(tmp_path: Path) -> None:
    first = journal(tmp_path)
    first.add(OWNER, change("key-0001", {"n": 1}), "key-0001", SINCE)
    first.add(OTHER, change("key-0002"), "key-0002", SINCE)
    again = journal(tmp_path)
    assert [entry.to_json() for entry in again.of(OWNER)] == [
        {
            "idempotency_key": "key-0001",
            "method": "POST",
            "path": "/v1/messages/m1/read",
            "body": {"n": 1},
            "since": SINCE,
        }
    ]
    assert again.of(OWNER)[0].request() == change("key-0001", {"n": 1})
    again.remove("key-0001")
    again.remove("key-0001")
    assert journal(tmp_path).of(OWNER) == [] and len(journal(tmp_path).of(OTHER)) == 1


def test_the_same_key_stands_for_one_change(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    kept.add(OWNER, change("key-0001", {"n": 1}), "key-0001", SINCE)
    kept.add(OWNER, change("key-0001", {"n": 1}), "key-0001", "2026-11-21T11:00:00Z")
    assert [entry.since for entry in kept.of(OWNER)] == [SINCE]
    for owner, body in ((OWNER, {"n": 2}), (OTHER, {"n": 1})):
        with pytest.raises(ApiError) as raised:
            kept.add(owner, change("key-0001", body), "key-0001", SINCE)
        assert raised.value.code == "key_reused"


def test_secrets_are_not_written_and_such_a_change_is_not_sent_by_itself(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    kept.add(OWNER, change("key-0001", {"pin": "4711", "sum": 5}), "key-0001", SINCE)
    text = (tmp_path / "journal.json").read_text()
    assert "4711" not in text and '"sum":5' in text
    assert (tmp_path / "journal.json").stat().st_mode & 0o077 == 0
    now = parse_rfc3339(SINCE) + 60
    assert not may_be_resent(kept.of(OWNER)[0], now)
    kept.add(OWNER, change("key-0002", {"sum": 5}), "key-0002", SINCE)
    whole = kept.of(OWNER)[1]
    assert may_be_resent(whole, now)
    assert not may_be_resent(whole, now + 86400), "the service may have forgotten the key by now"


def test_what_cannot_be_written_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    kept = Journal(StateFile(tmp_path / "file" / "journal.json", 1))
    with pytest.raises(JournalUnavailable):
        kept.add(OWNER, change("key-0001"), "key-0001", SINCE)
    assert kept.of(OWNER) == []


def test_it_is_bounded(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    for number in range(MAX_ENTRIES):
        kept.add(OWNER, change(f"key-{number:04}"), f"key-{number:04}", SINCE)
    with pytest.raises(JournalUnavailable):
        kept.add(OWNER, change("key-more"), "key-more", SINCE)


def test_what_nobody_waits_for_is_forgotten_after_a_month(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    kept.add(OWNER, change("key-0001"), "key-0001", SINCE)
    kept.forget_before(parse_rfc3339(SINCE) + 29 * 86400)
    assert len(kept.of(OWNER)) == 1
    kept.forget_before(parse_rfc3339(SINCE) + 31 * 86400)
    assert kept.of(OWNER) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"version":1,"data":{"entries":5}}',
        b'{"version":1,"data":{"entries":[5,{},{"key":1}]}}',
        json.dumps({"version": 1, "data": {"entries": [{**asdict(ODD), "since": "never"}]}}).encode(),
        json.dumps({"version": 1, "data": {"entries": [{**asdict(ODD), "query": []}]}}).encode(),
    ],
)
def test_a_broken_journal_stops_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal.json").write_bytes(content)
    kept = journal(tmp_path)
    assert kept.of(OWNER) == []
    kept.add(OWNER, change("key-0001"), "key-0001", SINCE)
    assert len(journal(tmp_path).of(OWNER)) == 1


WRITER = """
import sys
from collections.abc import Mapping
from pathlib import Path
from tests.unit.device.account.test_journal import OWNER, SINCE, change, journal
kept = journal(Path(sys.argv[1]))
number = 0
while True:
    key = f"key-{number:06}"
    kept.add(OWNER, change(key, {"n": number}), key, SINCE)
    print(key, flush=True)
    if number >= 3:
        kept.remove(f"key-{number - 3:06}")
    number += 1
"""


def test_killed_at_any_moment_every_change_it_told_of_is_there(tmp_path: Path) -> None:
    root = Path(__file__).parents[4]
    for attempt in range(4):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, cwd=root)
        assert writer.stdout is not None
        for _ in range(20 + 7 * attempt):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        told = [
            line.decode().strip() for line in writer.stdout.read().splitlines(keepends=True) if line.endswith(b"\n")
        ]
        writer.wait()
        writer.stdout.close()
        entries = journal(folder).of(OWNER)
        assert 3 <= len(entries) <= 5
        numbers = [int(entry.key[4:]) for entry in entries]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        if told:
            assert int(told[-1][4:]) in numbers
        assert json.loads((folder / "journal.json").read_bytes())["version"] == 1
        assert not list(folder.glob("*.broken"))
