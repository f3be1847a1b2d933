"""The card tool as a program, the simulated card in a real pcscd, and clients that nobody here wrote."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from device.api.waiting import wait_until
from tests.unit.smartcard.pcsc.daemon import FIRST_READER, PcscDaemon
from tools.card.__main__ import main
from tools.card_sim.core import SimulatedCard
from tools.card_sim.vpcd import VpcdFace

ROOT = Path(__file__).resolve().parents[3]


class CardTool:
    """``stb-card`` or ``python -m tools.card``, run as a person runs it."""

    def __init__(self, module: str, environment: dict[str, str]) -> None:
        self._command = [sys.executable, "-m", module]
        self._environment = environment

    def __call__(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._command, *arguments],
            cwd=ROOT,
            env=self._environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def json(self, *arguments: str, exit_status: int = 0) -> Any:
        """The one document on stdout."""
        answer = self(*arguments, "--json")
        assert answer.returncode == exit_status, answer.stdout + answer.stderr
        assert len(answer.stdout.splitlines()) == 1
        return json.loads(answer.stdout)


class CalledTool(CardTool):
    """The same without the second that a process takes to start."""

    def __call__(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        assert not stdin
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                status = main(arguments)
            except SystemExit as ended:
                status = int(ended.code or 0)
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def card_process() -> CardTool:
    return CardTool("tools.card", dict(os.environ))


@pytest.fixture(scope="session")
def card_tool() -> CardTool:
    return CalledTool("tools.card", dict(os.environ))


class Slot:
    """A pcscd of our own with one simulated card in its first reader."""

    def __init__(self, daemon: PcscDaemon, card: SimulatedCard, stb_card: CardTool) -> None:
        self.daemon = daemon
        self.card = card
        self.stb_card = stb_card
        self.reader = f"pcsc:{FIRST_READER}"

    def run(self, *command: str) -> str:
        """Somebody else's program, as a client of this pcscd: what it says on both outputs."""
        answer = subprocess.run(
            command, env=self.daemon.environment, capture_output=True, text=True, timeout=60, check=False
        )
        return answer.stdout + answer.stderr


class SlotMaker:
    """Starts a ``Slot`` for each card it is given; everything ends with the stack."""

    def __init__(self, stack: ExitStack, folders: pytest.TempPathFactory) -> None:
        self._stack = stack
        self._folders = folders

    def __call__(self, card: SimulatedCard) -> Slot:
        daemon = PcscDaemon(self._folders.mktemp("pcscd"))
        daemon.start()
        self._stack.callback(daemon.stop)
        face = VpcdFace(card, f"127.0.0.1:{daemon.port}")
        face.start()
        self._stack.callback(face.stop)
        slot = Slot(daemon, card, CardTool("smartcard.command", daemon.environment))
        wait_until(lambda: slot.stb_card("atr", "--reader", slot.reader).returncode == 0, limit=15, what="a card")
        return slot


@pytest.fixture(scope="module")
def slot_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlotMaker]:
    with ExitStack() as stack:
        yield SlotMaker(stack, tmp_path_factory)
