"""Answers to reset a second, ours beside pyscard's parser, over the same ones.

A figure without a target: pyscard reads groups and historical bytes, and leaves their meaning to others.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import time
from pathlib import Path

from smartcard.atr import ATR
from tools.bench.peers import PYSCARD, PeerMissing, peer_python
from tools.bench.rows import CannotMeasure, Row

LIST = Path("/usr/share/pcsc/smartcard_list.txt")
ROUNDS = 5
_COMPLETE = re.compile(r"3[BF]( [0-9A-F]{2})+")

_PYSCARD = """
import json, sys, time
from smartcard.ATR import ATR

def whole(atr):
    try:
        ATR(atr)
    except IndexError:
        return False
    return True

atrs = [atr for atr in (list(bytes.fromhex(each)) for each in json.load(sys.stdin)) if whole(atr)]
rates = []
for _ in range(int(sys.argv[1])):
    began = time.perf_counter()
    for atr in atrs:
        ATR(atr)
    rates.append(len(atrs) / (time.perf_counter() - began))
print(json.dumps(sorted(rates)[len(rates) // 2]))
"""


def atr_rows(*, full: bool) -> list[Row]:
    """CannotMeasure without pcsc-tools' list or pyscard."""
    if not LIST.exists():
        raise CannotMeasure("answers to reset: needs Debian's pcsc-tools")
    lines = (line.strip().upper() for line in LIST.read_text("utf-8").splitlines())
    atrs = [line for line in lines if _COMPLETE.fullmatch(line)]
    rounds = ROUNDS * (3 if full else 1)
    try:
        python = str(peer_python(PYSCARD))
    except PeerMissing as missing:
        raise CannotMeasure(f"answers to reset: {missing}") from missing
    answer = subprocess.run(
        [python, "-I", "-c", _PYSCARD, str(rounds)],
        input=json.dumps(atrs),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    raws = [bytes.fromhex(each) for each in atrs]
    ours = statistics.median(_rate(raws) for _ in range(rounds))
    reference = f"pyscard {PYSCARD.requirement.partition('==')[2]}, smartcard.ATR"
    return [Row("card_atr_parse", ours, "1/s", reference, float(json.loads(answer.stdout)), None)]


def _rate(raws: list[bytes]) -> float:
    began = time.perf_counter()
    for raw in raws:
        ATR.parse(raw)
    return len(raws) / (time.perf_counter() - began)
