"""``--reader``: the box reads the card through a real pcscd, where the simulated card is plugged in as vpcd's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.card_sim.cards import card_of_household
from tools.card_sim.pcscd import DRIVER, PcscDaemon
from tools.card_sim.vpcd import VpcdFace
from tools.provisioning import KeyRing
from tools.simulator.processes import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.needs_peer("pcscd", f"vpcd:{DRIVER}")]

LIMIT_S = 90.0


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[PcscDaemon]:
    folder = tmp_path / "pcscd"
    folder.mkdir()
    daemon = PcscDaemon(folder)
    daemon.start()
    yield daemon
    daemon.stop()


def _run(daemon: PcscDaemon, tmp_path: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "script.txt"
    file.write_text(script, encoding="utf-8")
    command = [sys.executable, "-m", "tools.simulator", "--headless", "--reader", "pcsc:", "--script", str(file)]
    command += arguments
    return subprocess.run(
        command, cwd=ROOT, env=daemon.environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )


def test_a_card_in_a_real_pcscd_signs_the_box_in(daemon: PcscDaemon, tmp_path: Path) -> None:
    state = tmp_path / "state"
    face = VpcdFace(card_of_household("family", KeyRing(state / "keys")), f"127.0.0.1:{daemon.port}")
    face.start()
    try:
        done = _run(daemon, tmp_path, 'wait "Баланс" 30\nexpect "1 284,50 ₽"\n', "--state", str(state))
    finally:
        face.stop()
    assert done.returncode == 0, done.stderr


def test_an_empty_reader_asks_for_the_card(daemon: PcscDaemon, tmp_path: Path) -> None:
    done = _run(daemon, tmp_path, 'wait "Вставьте смарт-карту" 30\n')
    assert done.returncode == 0, done.stderr


def test_a_script_cannot_pull_a_card_out_of_a_real_reader(daemon: PcscDaemon, tmp_path: Path) -> None:
    done = _run(daemon, tmp_path, "fault card.remove\n")
    assert done.returncode == 2
    assert "script.txt:1: the card is in pcsc:: it is put in and taken out by hand" in done.stderr


def test_what_names_no_reader_is_bad_usage(daemon: PcscDaemon, tmp_path: Path) -> None:
    done = _run(daemon, tmp_path, 'wait "Баланс"\n', "--reader", "usb")
    assert done.returncode == 2
    assert "'usb' names no reader" in done.stderr
