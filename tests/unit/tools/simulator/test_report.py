"""The folder of ``--out``: made, never stale, with the logs that the processes leave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.simulator.errors import SimulatorError
from tools.simulator.report import Report, StepResult


def test_steps_of_an_earlier_run_say_nothing_of_this_one(tmp_path: Path) -> None:
    Report(tmp_path).add(StepResult(1, "sleep 0", True, 0.0, None))
    assert len(json.loads((tmp_path / "steps.json").read_text())) == 1
    Report(tmp_path)
    assert not (tmp_path / "steps.json").exists()


def test_logs_are_kept(tmp_path: Path) -> None:
    logs = tmp_path / "state" / "logs"
    logs.mkdir(parents=True)
    (logs / "TV.log").write_text("hello")
    (logs / "TV.out").write_text("{}")
    report = Report(tmp_path / "a" / "b")
    report.keep_logs(logs)
    assert [path.name for path in (report.folder / "logs").iterdir()] == ["TV.log"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SimulatorError, match=r"--out .*file/out: cannot be made: Not a directory"):
        Report(tmp_path / "file" / "out")
