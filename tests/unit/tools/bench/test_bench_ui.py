"""The benchmarks of the app: their names and targets are those of quality.md, and what they start does what it says."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.python_peers import python_with
from tools.bench import ui, ui_keys, ui_memory, ui_start
from tools.bench.asked import answer_of, asked
from tools.bench.peers import Peer, PeerMissing
from tools.bench.rows import CannotMeasure
from tools.bench.ui_lists import app_list

TARGETS = {
    "key_to_picture_vs_pygame_menu": "<= 0.125, abs <= 3 ms",
    "key_to_picture_vs_qt": "<= 0.5, abs <= 3 ms",
    "screen_change": "abs <= 30 ms",
    "first_picture": "abs <= 0.6 s",
    "balance_shown": "abs <= 1 s",
    "idle_presents": "abs <= 0 1/s",
    "idle_cpu": "abs <= 1 %",
    "held_key": "abs <= 1 keys",
    "memory": "abs <= 120 MB",
    "drift": "abs <= 2 MB",
}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round of each: what is measured is not what is looked at."""
    monkeypatch.setattr(ui_keys, "ROUNDS", 1)
    monkeypatch.setattr(ui_start, "STARTS", 2)
    monkeypatch.setattr(ui_start, "IDLE_S", 0.2)
    monkeypatch.setattr(ui_start, "SETTLE_S", 0.1)
    monkeypatch.setattr(ui_memory, "SECONDS", 1.0)


@pytest.mark.usefixtures("quick")
def test_each_row_has_its_name_and_target(monkeypatch: pytest.MonkeyPatch) -> None:
    # a test of their own walks the peers
    def stand_in(stack: ExitStack, peer: Peer, program: str) -> Callable[[], Any]:
        return lambda: [0.01]

    monkeypatch.setattr(ui_keys, "_peer", stand_in)
    missing: list[str] = []
    rows = ui.ui_rows(missing, full=False)
    assert missing == []
    assert {row.name: row.target for row in rows} == TARGETS
    assert all(row.value > 0 for row in rows if row.name not in ("idle_presents", "idle_cpu", "drift"))


@pytest.mark.parametrize("name", ui_keys.PEERS)
def test_a_peer_walks_its_list(name: str) -> None:
    peer, program, _ = ui_keys.PEERS[name]
    command = [str(python_with(peer)), "-I", str(Path(app_list.__file__).with_name(program))]
    with asked(peer.requirement, command) as ask:
        seconds = ask()
    assert len(seconds) == 2 * (app_list.ROWS - 1) * app_list.PASSES
    assert all(each > 0 for each in seconds)


def test_a_peer_that_is_not_to_be_had_costs_its_row_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(peer: object) -> Path:
        raise PeerMissing("pygame-menu cannot be installed: no network")

    monkeypatch.setattr(ui_keys, "ROUNDS", 1)
    monkeypatch.setattr(ui_keys, "peer_python", none)
    missing: list[str] = []
    rows = ui_keys.key_rows(missing, full=False)
    assert [row.name for row in rows] == ["screen_change"]
    assert len(missing) == 2 and "no network" in missing[0]


def test_a_program_that_ends_early_says_why_in_one_line() -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no display\\nat all')"]
    with asked("the list", command) as ask, pytest.raises(CannotMeasure, match=r"^the list: at all$"):
        ask()


def test_a_held_key_goes_row_by_row_and_stops() -> None:
    at_once, after = answer_of("a held key", [sys.executable, "-m", "tools.bench.ui_held"], 60)
    assert at_once == 1 and after <= 1
