"""What a benchmark says; nothing here measures time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.bench import __main__ as bench
from tools.bench.peers import Peer, PeerMissing, peer_python
from tools.bench.progress import Progress
from tools.bench.rows import Row

FIELDS = ["name", "value", "unit", "reference", "reference_value", "ratio", "target", "holds"]
GOOD = Row("good", 2.0, "ms", "the reference", 4.0, 0.5)
BAD = Row("bad", 2.1, "ms", "the reference", 4.0, 0.5)
Capture = pytest.CaptureFixture[str]


def test_a_row_and_its_document() -> None:
    assert (GOOD.ratio, GOOD.holds, GOOD.target) == (0.5, True, "<= 0.5")
    assert not BAD.holds
    assert Row("rate", 3.0, "1/s", "", 2.0, 1.2, at_least=True).holds
    assert not Row("rate", 2.0, "1/s", "", 2.0, 1.2, at_least=True).holds
    assert Row("rate", 2.0, "1/s", "", 2.0, 1.2, at_least=True).target == ">= 1.2"
    document = Row("exact", 1.23456, "ms", "x", 2.0, 1.0).document()
    assert list(document) == FIELDS
    assert (document["value"], document["ratio"]) == (1.235, 0.6173)


@pytest.mark.parametrize(
    ("rows", "missing", "status"),
    [([GOOD], [], 0), ([GOOD, BAD], [], 1), ([GOOD], ["pcscd"], 1), ([], [], 1)],
)
def test_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, rows: list[Row], missing: list[str], status: int
) -> None:
    def measured(told: list[str], *, full: bool) -> list[Row]:
        told.extend(missing)
        return rows

    monkeypatch.setattr(bench, "BENCHES", {"card": measured})
    assert bench.main(["card", "--json"]) == status
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"rows": [row.document() for row in rows]}
    assert all(f"not measured: {why}" in captured.err for why in missing)
    assert bench.main([]) == status
    page = capsys.readouterr().out
    assert ("DOES NOT HOLD" in page) is (BAD in rows)


def test_bad_usage_is_one_line_and_exit_2(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(["cards"])
    assert ended.value.code == 2
    captured = capsys.readouterr()
    assert captured.err == f"python -m tools.bench: no benchmark 'cards'; known: {', '.join(bench.BENCHES)}\n"


def test_nothing_but_rows_goes_to_stdout() -> None:
    """Not what a library says of itself when it is imported."""
    command = [sys.executable, "-m", "tools.bench", "cards"]
    environment = {name: value for name, value in os.environ.items() if name != "PYGAME_HIDE_SUPPORT_PROMPT"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1


def test_a_peer_that_cannot_be_had_says_why_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    peer = Peer("none", "none==1", needs="gcc")
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(PeerMissing, match=r"none==1: .*(exists|Not a directory)"):
        peer_python(peer, file)
    monkeypatch.setattr("tools.bench.peers.sys.executable", "/bin/false")
    with pytest.raises(PeerMissing, match=r"^none==1 cannot be installed \(needs gcc\): pip failed$"):
        peer_python(peer, tmp_path)


def test_a_peer_is_made_once_and_again_for_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def run(peer: Peer, command: list[str]) -> None:
        commands.append(command)
        (tmp_path / peer.name).mkdir(exist_ok=True)

    monkeypatch.setattr("tools.bench.peers._run", run)
    for requirement, made in (("a==1", 2), ("a==1", 2), ("a==2", 4)):
        assert peer_python(Peer("a", requirement), tmp_path) == tmp_path / "a" / "bin" / "python"
        assert len(commands) == made
    assert commands[-1][-1] == "a==2"


def test_an_absolute_target_stands_beside_the_ratio() -> None:
    row = Row("key", 2.0, "ms", "the reference", 20.0, 0.125, absolute=3.0)
    assert (row.holds, row.target) == (True, "<= 0.125, abs <= 3 ms")
    assert not Row("key", 3.1, "ms", "the reference", 200.0, 0.125, absolute=3.0).holds
    assert not Row("key", 2.0, "ms", "the reference", 10.0, 0.125, absolute=3.0).holds


def test_a_figure_without_a_reference() -> None:
    idle = Row("idle", 0.0, "1/s", "nothing", None, None, absolute=0.0)
    assert (idle.ratio, idle.holds, idle.target) == (None, True, "abs <= 0 1/s")
    assert not Row("idle", 0.25, "1/s", "nothing", None, None, absolute=0.0).holds
    assert json.loads(json.dumps(idle.document()))["reference_value"] is None


def test_progress_is_told_every_two_seconds_and_nothing_of_what_is_over_before() -> None:
    said: list[str] = []
    now = [10.0]
    progress = Progress("accounts made", 30_000, lambda: now[0], said.append)
    for at, done in ((11.9, 10_000), (12.0, 20_000), (13.0, 25_000), (14.1, 30_000)):
        now[0] = at
        progress(done)
    assert said == ["  accounts made: 20,000 of 30,000\n"]
