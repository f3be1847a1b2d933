"""Rows ``key_to_picture_vs_pygame_menu``, ``key_to_picture_vs_qt`` and ``screen_change``: how soon a key is answered.

The app, pygame-menu and Qt walk a list of twelve rows in turns, each in a process of its own, so that what else runs
on the machine hits all of them; of the rounds' p95 the median counts.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tools.bench import ui_lists
from tools.bench.asked import asked, rounds
from tools.bench.peers import PYGAME_MENU, PYSIDE, QT_NEEDS, Peer, PeerMissing, peer_python
from tools.bench.rows import CannotMeasure, Row

ROUNDS, SECONDS = 12, 10.0
MENU_LIMIT, QT_LIMIT, KEY_MS, CHANGE_MS = 1 / 8, 1 / 2, 3.0, 30.0
BLITS = 20
PEERS = {"menu": (PYGAME_MENU, "menu_list.py", ""), "qt": (PYSIDE, "qt_list.py", f" (needs {QT_NEEDS})")}


def key_rows(missing: list[str], *, full: bool) -> list[Row]:
    """A peer that is not to be had on this machine goes to ``missing``, and its row with it."""
    app = [sys.executable, "-m", "tools.bench.ui_lists.app_list"]
    with ExitStack() as stack:
        ways: dict[str, Callable[[], Any]] = {}
        for name, (peer, program, needs) in PEERS.items():
            try:
                ways[name] = _peer(stack, peer, program)
            except (CannotMeasure, PeerMissing) as error:
                missing.append(f"{error}{needs}")
        for name in ("keys", "screens", "blits"):
            ways[name] = stack.enter_context(asked(f"the app's {name}", [*app, name]))
            ways[name]()
        seen: dict[str, list[float]] = {name: [] for name in ways}
        for _ in rounds(ROUNDS * (5 if full else 1), SECONDS * (5 if full else 1)):
            for name, ask in ways.items():
                seen[name].append(ms_at_95(ask()))
    p95 = {name: statistics.median(rounds) for name, rounds in seen.items()}
    rows = []
    for name, limit, row in (("menu", MENU_LIMIT, "pygame_menu"), ("qt", QT_LIMIT, "qt")):
        if name in p95:
            said = f"{PEERS[name][0].requirement.replace('==', ' ')}, the same list, p95"
            rows.append(Row(f"key_to_picture_vs_{row}", p95["keys"], "ms", said, p95[name], limit, absolute=KEY_MS))
    said = f"{BLITS} copies of a whole picture, p95"
    return [*rows, Row("screen_change", p95["screens"], "ms", said, BLITS * p95["blits"], None, absolute=CHANGE_MS)]


def _peer(stack: ExitStack, peer: Peer, program: str) -> Callable[[], Any]:
    command = [str(peer_python(peer)), "-I", str(Path(ui_lists.__file__).with_name(program))]
    ask = stack.enter_context(asked(peer.requirement, command))
    ask()  # the first round warms up, and says that it can be measured
    return ask


def ms_at_95(seconds: Sequence[float]) -> float:
    """Milliseconds that 95 of 100 do not pass."""
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1000
