"""Every complete answer to reset of pcsc-tools' installed list: our parser beside pyscard's.

Nothing of the list, nor of pyscard, is in this repository.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from smartcard.atr import ATR
from smartcard.command.explain import explain
from tests.contract.card.conftest import CardTool
from tests.support.python_peers import python_with
from tools.bench.peers import PYSCARD

LIST = Path("/usr/share/pcsc/smartcard_list.txt")
pytestmark = pytest.mark.needs_peer(f"pcsc-tools:{LIST}")

_COMPLETE = re.compile(r"3[BF]( [0-9A-F]{2})*")
KNOWN_FAULTS = {"history_short", "tck_wrong", "tck_missing", "trailing_bytes", "ta1_rfu"}

_PYSCARD = """
import json, sys
from smartcard.ATR import ATR

def told(text):
    try:
        atr = ATR(list(bytes.fromhex(text)))
    except IndexError:
        return None
    return {
        "protocols": sorted(int(name[2:]) for name in atr.getSupportedProtocols()),
        "historical": bytes(atr.getHistoricalBytes()).hex().upper(),
        "f": atr.getClockRateConversion(), "d": atr.getBitRateFactor(),
        "n": atr.getGuardTime(), "k": atr.K, "interface": atr.getInterfaceBytesCount(),
        "check": atr.checksumOK if atr.hasChecksum else None,
    }

json.dump([told(text) for text in json.load(sys.stdin)], sys.stdout)
"""


@pytest.fixture(scope="module")
def corpus() -> list[str]:
    lines = LIST.read_text("utf-8").splitlines()
    found = [line.strip().upper() for line in lines if _COMPLETE.fullmatch(line.strip().upper())]
    assert len(found) > 3000, "the list is not what it was"
    return found


@pytest.fixture(scope="module")
def ours(corpus: list[str], card_process: CardTool) -> list[dict[str, Any]]:
    """What ``atr -`` says of each, in one run."""
    answer = card_process("atr", "-", stdin="".join(f"{line}\n" for line in corpus))
    assert (answer.returncode, answer.stderr) == (0, "")
    return [json.loads(line) for line in answer.stdout.splitlines()]


@pytest.fixture(scope="module")
def theirs(corpus: list[str]) -> list[dict[str, Any] | None]:
    command = [str(python_with(PYSCARD)), "-I", "-c", _PYSCARD]
    answer = subprocess.run(command, input=json.dumps(corpus), capture_output=True, text=True, check=True, timeout=60)
    documents: list[dict[str, Any] | None] = json.loads(answer.stdout)
    return documents


def test_one_document_a_line(corpus: list[str], ours: list[dict[str, Any]]) -> None:
    assert len(ours) == len(corpus)
    assert [each["atr"] for each in ours if "error" not in each] == [
        line.replace(" ", "") for line, each in zip(corpus, ours, strict=True) if "error" not in each
    ]


def test_pyscard_agrees_on_protocols_historical_bytes_and_rate(
    corpus: list[str], ours: list[dict[str, Any]], theirs: list[dict[str, Any] | None]
) -> None:
    compared = 0
    for line, mine, other in zip(corpus, ours, theirs, strict=True):
        if other is None:
            assert mine["error"]["kind"] == "atr_short", line
            continue
        protocols = [each for each in other["protocols"] if each != 15] or [0]
        assert sorted(mine["protocols"]) == protocols, line
        assert mine["historical"] == other["historical"], line
        assert (mine["f"], mine["d"]) == tuple(None if value == "RFU" else value for value in _rate(other)), line
        assert mine["n"] == (other["n"] or 0), line
        compared += 1
    assert compared > 3000


def _rate(other: dict[str, Any]) -> tuple[Any, Any]:
    return other["f"], other["d"]


def test_what_is_broken_is_named_by_kind(
    corpus: list[str], ours: list[dict[str, Any]], theirs: list[dict[str, Any] | None]
) -> None:
    """By what pyscard counted, not by our own count."""
    seen: set[str] = set()
    for line, mine, other in zip(corpus, ours, theirs, strict=True):
        if other is None:
            continue
        faults = set(mine["faults"])
        seen |= faults
        length = len(bytes.fromhex(line))
        body = 2 + other["interface"] + other["k"]
        check = any(protocol != 0 for protocol in other["protocols"])
        expected = set()
        if length < body:
            expected.add("history_short")
        if check and length <= body:
            expected.add("tck_missing")
        if check and length > body and _total(line, body):
            expected.add("tck_wrong")
        if length > body + check:
            expected.add("trailing_bytes")
        if "RFU" in _rate(other):
            expected.add("ta1_rfu")
        assert faults == expected, line
        if check and length == body + 1:
            assert (mine["tck"] == "correct") is other["check"], line
    assert seen >= {"history_short", "tck_missing", "tck_wrong", "trailing_bytes"}
    assert seen <= KNOWN_FAULTS


def _total(line: str, body: int) -> int:
    total = 0
    for byte in bytes.fromhex(line)[1 : body + 1]:
        total ^= byte
    return total


def test_every_byte_of_every_one_is_explained(corpus: list[str]) -> None:
    for line in corpus:
        raw = bytes.fromhex(line)
        rows = explain(ATR.parse(raw))
        assert b"".join(row.data for row in rows) == raw, line
        assert all(row.meaning for row in rows), line
        assert [row.offset for row in rows] == sorted(row.offset for row in rows), line
