"""The box's clock as a file: what is set goes on ticking, and everybody who reads the file sees it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from tools.simulator.clock import ClockFile

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def test_without_a_file_the_box_is_right(tmp_path: Path) -> None:
    assert abs(ClockFile(tmp_path / "clock.json").now() - time.time()) < 5


def test_a_set_clock_goes_on_and_is_seen_by_a_reader_that_looked_before(tmp_path: Path) -> None:
    setter, reader = ClockFile(tmp_path / "clock.json"), ClockFile(tmp_path / "clock.json")
    assert reader.now() > 1_000_000_000
    setter.set(EPOCH)
    first = reader.now()
    assert 0 <= first < 5
    assert reader.now() > first
    setter.set(datetime(2100, 1, 1, tzinfo=UTC))
    assert reader.now() > 4_000_000_000
    assert ClockFile(tmp_path / "clock.json").now() > 4_000_000_000
    setter.reset()
    setter.reset()
    assert abs(reader.now() - time.time()) < 5
