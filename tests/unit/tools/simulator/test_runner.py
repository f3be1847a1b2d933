"""A script line by line against a TV of the tests' own: what is done, what is written, what is said of a failure."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.simulator.fakes import FakeTelevision, FakeWorld, screen
from tools.simulator.faults import Fault
from tools.simulator.parser import parse_script
from tools.simulator.report import Report, StepResult
from tools.simulator.runner import LineFailed, Runner


@pytest.fixture
def television() -> FakeTelevision:
    return FakeTelevision(screen("Баланс", "1\u202f284,50\u00a0₽", "Оплатить", focus="Оплатить"))


def run(
    text: str, television: FakeTelevision, world: FakeWorld | None = None, folder: Path | None = None
) -> list[StepResult]:
    told: list[StepResult] = []
    report = Report(folder) if folder else None
    runner = Runner(television, world or FakeWorld(), report, threading.Event(), told.append)
    try:
        runner.run(parse_script(text.encode(), "demo.txt"))
    finally:
        television.done.append(f"{len(told)} told")
    return told


def steps_of(folder: Path) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = json.loads((folder / "steps.json").read_text())
    return steps


def test_every_step_reaches_the_tv_or_the_world_in_order(television: FakeTelevision, tmp_path: Path) -> None:
    world = FakeWorld()
    script = """
        wait "Баланс" 3   # at start
        press DOWN x2
        hold OK 1.5
        expect "1 284,50 ₽"
        refuse "Ошибка"
        focus "Оплатить"
        fault network.slow 20
        screenshot home
        dump said
        sleep 0
    """
    told = run(script, television, world, tmp_path / "out")
    assert television.done == ["wait Баланс 3", "press DOWN", "press DOWN", "hold OK 1.5", "10 told"]
    assert world.faults == [Fault("network.slow", 20)]
    assert (tmp_path / "out" / "home.png").read_bytes() == b"picture"
    assert json.loads((tmp_path / "out" / "said.json").read_text()) == television.tree
    steps = steps_of(tmp_path / "out")
    assert [step["line"] for step in steps] == list(range(2, 12))
    assert steps[0] == {
        "line": 2,
        "text": 'wait "Баланс" 3',
        "ok": True,
        "seconds": told[0].seconds,
        "why": None,
    }
    assert all(step["ok"] and step["why"] is None for step in steps)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('wait "Пакеты" 0', "not there within 0 s"),
        ('expect "Пакеты"', "not there"),
        ('refuse "284,50"', "it is there"),
        ('focus "Баланс"', "the focus is on 'Оплатить'"),
        ("fault card.swap nobody", "no such card"),
        ("screenshot home", "there is no folder for it (--out DIR)"),
    ],
)
def test_a_failed_line_says_file_line_text_why_and_screen(television: FakeTelevision, line: str, why: str) -> None:
    with pytest.raises(LineFailed) as caught:
        run(f"sleep 0\n{line}\npress OK", television, FakeWorld("card.swap"))
    assert str(caught.value) == f"demo.txt:2: {line}: {why}; on screen: Баланс | 1 284,50 ₽ | Оплатить"
    assert "press OK" not in television.done, "nothing runs after a failed line"


def test_a_failed_line_is_the_last_of_steps_json(television: FakeTelevision, tmp_path: Path) -> None:
    with pytest.raises(LineFailed):
        run('sleep 0\nexpect "Пакеты"\nsleep 0', television, folder=tmp_path)
    steps = steps_of(tmp_path)
    assert [(step["line"], step["ok"], step["why"]) for step in steps] == [(1, True, None), (2, False, "not there")]


def test_without_focus_the_line_says_so(television: FakeTelevision) -> None:
    television.tree = screen("Баланс")
    with pytest.raises(LineFailed, match="nothing has the focus"):
        run('focus "Баланс"', television)


def test_a_tv_that_is_gone_is_said_once_and_clearly(television: FakeTelevision) -> None:
    television.gone = True
    with pytest.raises(LineFailed) as caught:
        run("press OK", television)
    assert str(caught.value) == "demo.txt:1: press OK: the TV does not answer; on screen: the TV does not answer"


def test_a_screen_full_of_texts_is_cut(television: FakeTelevision) -> None:
    television.tree = screen(*(f"row {i}" for i in range(100)))
    with pytest.raises(LineFailed) as caught:
        run('expect "x"', television)
    assert str(caught.value).endswith("row 38 | row 39 …")


def test_stop_ends_a_sleep_and_the_script(television: FakeTelevision, tmp_path: Path) -> None:
    stop = threading.Event()
    timer = threading.Timer(0.05, stop.set)
    timer.start()
    runner = Runner(television, FakeWorld(), Report(tmp_path), stop)
    with pytest.raises(LineFailed, match=r"^demo\.txt:1: sleep 60: stopped$"):
        runner.run(parse_script(b"sleep 60\npress OK", "demo.txt"))
    timer.join()
    assert television.done == []
    assert [step["why"] for step in steps_of(tmp_path)] == ["stopped"]
