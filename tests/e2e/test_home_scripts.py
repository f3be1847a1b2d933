"""Journeys of issue 2 as scripts (tests/e2e/scripts), through every process from the key to the picture."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.homes import SCRIPTS, StartedHome
from tools.simulator import matching
from tools.simulator.processes import ROOT

pytestmark = pytest.mark.e2e

RUSSIAN = sorted(path.stem for path in SCRIPTS.glob("*.txt") if path.stem != "english")


@pytest.mark.parametrize("name", RUSSIAN)
def test_script(name: str, family: StartedHome, tmp_path: Path) -> None:
    family.run(name, tmp_path)
    steps = json.loads((tmp_path / "steps.json").read_text())
    assert steps
    assert all(step["ok"] for step in steps)


def test_the_same_in_english(english_home: StartedHome, tmp_path: Path) -> None:
    english_home.run("english", tmp_path)


def test_the_picture_is_rid_of_the_account_within_a_second(family: StartedHome, tmp_path: Path) -> None:
    """Not only the words: the picture of an empty slot is the same, whether an account was on it before or not."""
    family.do('wait "1 284,50 ₽" 30\npress EXIT\nfault card.remove\npress MENU\nwait "Вставьте смарт-карту" 10')
    clean = tmp_path / "clean.png"
    family.television.screenshot(clean)
    family.do('fault card.insert\nwait "1 284,50 ₽" 30')
    started = time.monotonic()
    family.do('fault card.remove\nwait "Вставьте смарт-карту" 1')
    assert time.monotonic() - started < 1.5
    after = tmp_path / "after.png"
    family.television.screenshot(after)
    assert after.read_bytes() == clean.read_bytes()


def test_every_sum_and_number_goes_with_the_card(family: StartedHome) -> None:
    family.do('wait "1 284,50 ₽" 30')
    before = set(matching.texts(family.television.dump()))
    family.do('fault card.remove\nwait "Вставьте смарт-карту" 1')
    after = set(matching.texts(family.television.dump()))
    private = {text for text in before & after if any(sign in text for sign in "₽0123456789")}
    assert {text for text in private if ":" not in text and "0890" not in text} == set(), "the clock and help stay"


def test_the_time_on_the_screen_is_right_whatever_the_box_believes(family: StartedHome) -> None:
    family.do("""
        wait "1 284,50 ₽" 30
        fault clock 1970-01-01T00:00:00Z
        fault device.kill
        fault device.start
        wait "Часы приставки сбились" 30
    """)
    clock = next(node for node in matching.nodes(family.television.dump()) if node["id"] == "clock")
    now = datetime.now(ZoneInfo("Europe/Moscow"))
    around = [f"{now + timedelta(minutes=minutes):%H:%M}" for minutes in (-1, 0, 1)]
    assert clock["label"] in around


def test_a_box_revoked_in_the_middle_of_a_session_shows_it_and_nothing_else(family: StartedHome) -> None:
    family.do('wait "1 284,50 ₽" 30')
    _operator("revoke-box", family)
    try:
        family.do('press GREEN\nwait "Приставка отключена оператором" 30\nexpect "B-02"\nrefuse "₽"')
    finally:
        _operator("restore-box", family)
    family.do('fault card.insert\nwait "1 284,50 ₽" 30')


def _operator(command: str, home: StartedHome) -> None:
    database = ["--database", f"sqlite:///{home.state.database}"]
    chip_id = home.ask("device.info")["chip_id"]
    subprocess.run([sys.executable, "-m", "tools.headend", command, chip_id, *database], cwd=ROOT, check=True)
