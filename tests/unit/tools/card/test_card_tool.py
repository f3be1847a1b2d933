"""The card tool on readers of the test's own: what it says when reader or card fail in the middle."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from device.api.waiting import wait_until
from smartcard.command import main
from smartcard.command import tool as tool_module
from smartcard.command.tool import Tool
from smartcard.errors import AccessDenied
from smartcard.reader import CardReader
from tools.card_sim.core import CardPulled, MuteCard, SimulatedCard
from tools.card_sim.in_process import InProcessReader
from tools.card_sim.piv_card import PivCard
from tools.provisioning import KeyRing

Capture = pytest.CaptureFixture[str]


class ShortLived(SimulatedCard):
    """Answers so many commands, then leaves the slot or falls silent."""

    atr = b"\x3b\x00"

    def __init__(self, answers: int, *, leaves: bool) -> None:
        self.left = answers
        self.leaves = leaves

    def reset(self) -> bytes:
        return self.atr

    def process(self, apdu: bytes) -> bytes:
        self.left -= 1
        if self.left >= 0:
            return b"\xaa\x90\x00"
        if self.leaves:
            raise CardPulled
        return b""


def run(capsys: Capture, reader: CardReader, *arguments: str) -> tuple[int, Any, str]:
    """Exit status, the document on stdout, stderr."""
    status = main([*arguments, "--json"], Tool("card", lambda _: reader))
    captured = capsys.readouterr()
    return status, json.loads(captured.out), captured.err


@pytest.mark.parametrize(("leaves", "kind"), [(True, "card_removed"), (False, "card_mute")])
def test_apdu_tells_what_was_answered_before_it_failed(capsys: Capture, leaves: bool, kind: str) -> None:
    reader = InProcessReader(ShortLived(2, leaves=leaves))
    status, document, complaint = run(capsys, reader, "apdu", "00A40400", "00A40401", "00A40402", "00A40403")
    assert (status, complaint) == (1, "")
    assert list(document) == ["error", "answers"]
    assert document["error"]["kind"] == kind
    assert document["answers"] == [
        {"command": "00A40400", "data": "AA", "sw": "9000"},
        {"command": "00A40401", "data": "AA", "sw": "9000"},
    ]


def test_trace_tells_what_failed(capsys: Capture) -> None:
    status, document, _ = run(capsys, InProcessReader(ShortLived(1, leaves=True)), "trace", "00A40400", "00A40401")
    assert status == 1
    assert document["error"]["kind"] == "card_removed"
    assert [each["sw"] for each in document["exchanges"]] == ["9000", None]
    assert document["exchanges"][1]["error"] == "card_removed"


@pytest.mark.parametrize("command", ["info", "prove", "trace"])
def test_a_mute_card(capsys: Capture, command: str) -> None:
    status, document, _ = run(capsys, InProcessReader(MuteCard()), command)
    assert (status, document["error"]["kind"]) == (1, "card_mute")


@pytest.mark.parametrize("command", ["info", "prove"])
def test_a_card_with_a_certificate_that_is_not_its_own(capsys: Capture, tmp_path: Path, command: str) -> None:
    ring = KeyRing(tmp_path)
    copied = ring.box("family", "kitchen", chip_id="1", card_number="990000000007")
    own = ring.box("family", "hall", chip_id="2", card_number="990000000008")
    card = PivCard(own.load_card_key(), copied.load_card_certificate())
    status, document, _ = run(capsys, InProcessReader(card), command)
    assert (status, document["error"]["kind"]) == (1, "card_untrue")
    assert "PROVEN" not in str(document)


def test_an_empty_slot(capsys: Capture) -> None:
    status, document, _ = run(capsys, InProcessReader(), "info")
    assert (status, document) == (1, {"error": {"kind": "card_absent", "message": "no card in the slot"}})


class Unknown(SimulatedCard):
    """A card with nothing on it."""

    atr = b"\x3b\x00"

    def reset(self) -> bytes:
        return self.atr

    def process(self, apdu: bytes) -> bytes:
        return b"\x6d\x00"


def test_a_card_that_nobody_knows(capsys: Capture) -> None:
    status, document, _ = run(capsys, InProcessReader(Unknown(), "slot"), "info")
    nothing = {"kind": None, "serial": None, "assurance": None}
    assert (status, document) == (0, {"reader": "slot", "atr": "3B00", "protocol": 0} | nothing)
    status, document, _ = run(capsys, InProcessReader(Unknown()), "prove")
    assert (status, document["assurance"], document["trusted"]) == (1, None, None)
    status, document, _ = run(capsys, InProcessReader(Unknown()), "trace")
    assert status == 0
    assert {each["sw"] for each in document["exchanges"]} == {"6D00"}


class Slow(InProcessReader):
    """Connecting takes as long as the test says."""

    def __init__(self) -> None:
        super().__init__(Unknown())
        self.go_on = threading.Event()

    def connect(self) -> Any:
        assert self.go_on.wait(10)
        return super().connect()


def test_what_takes_long_is_told(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Slow()
    told: list[str] = []
    monkeypatch.setattr(tool_module, "PATIENCE", 0.01)
    monkeypatch.setattr(Tool, "note", lambda _, line: told.append(line))
    thread = threading.Thread(target=main, args=(["info", "--reader", "x"], Tool("card", lambda _: reader)))
    thread.start()
    wait_until(lambda: told, limit=5, what="a word of what is waited for")
    reader.go_on.set()
    thread.join(10)
    assert told[0] == "waiting for x..."


class Forbidden(InProcessReader):
    def connect(self) -> Any:
        raise AccessDenied("this user may not use the reader")


def test_people_get_one_line(capsys: Capture) -> None:
    for command in (["info"], ["prove"], ["apdu", "00A40400"], ["atr"], ["trace"]):
        assert main(command, Tool("card", lambda _: Forbidden())) == 1
        captured = capsys.readouterr()
        assert captured.err == "card: this user may not use the reader\n"


def test_ctrl_c_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(InProcessReader):
        def connect(self) -> Any:
            raise KeyboardInterrupt

    assert main(["info"], Tool("card", lambda _: Interrupted())) == 130


def test_the_reader_is_closed_after_every_command(capsys: Capture) -> None:
    class Watched(InProcessReader):
        closed = 0

        def close(self) -> None:
            self.closed += 1
            super().close()

    for card in (Unknown(), MuteCard(), None):
        reader = Watched(card)
        run(capsys, reader, "info")
        assert reader.closed == 1
