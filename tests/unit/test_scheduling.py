"""Tests that share what they have started go to one process."""

from __future__ import annotations

from pathlib import Path

from tests.support.scheduling import SPREAD, belongs_to

ROOT = Path(__file__).parents[2]


def test_a_files_tests_belong_together_but_for_the_files_that_are_spread() -> None:
    assert belongs_to("tests/e2e/test_window.py::test_a[1]") == belongs_to("tests/e2e/test_window.py::test_b")
    long = [f"tests/screens/test_walk.py::test_every_place_is_sound[{size}]" for size in ("S", "M")]
    assert [belongs_to(test) for test in long] == long


def test_every_file_that_is_spread_is_there() -> None:
    assert [file for file in SPREAD if not (ROOT / file).is_file()] == []
