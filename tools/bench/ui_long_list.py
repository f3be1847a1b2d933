"""``long-list``: a list of a thousand rows beside one of twelve: a key in it, and opening it.

A month of an account with so many entries, walked and opened in turns; of the rounds' p95 the median counts.
"""

from __future__ import annotations

import statistics
import sys
from contextlib import ExitStack

from tools.bench.asked import asked, rounds
from tools.bench.rows import CannotMeasure, Row
from tools.bench.ui_keys import ms_at_95

LONG, SHORT = 1000, 12
ROUNDS, SECONDS = 12, 16.0
KEY_LIMIT, OPEN_LIMIT = 1.2, 2.0


def long_list_rows(missing: list[str], *, full: bool) -> list[Row]:
    try:
        return [
            _row("long_list_key", "month-keys", KEY_LIMIT, full=full),
            _row("long_list_screen_change", "month-screens", OPEN_LIMIT, full=full),
        ]
    except CannotMeasure as error:
        missing.append(str(error))
        return []


def _row(name: str, way: str, limit: float, *, full: bool) -> Row:
    program = [sys.executable, "-m", "tools.bench.ui_lists.app_list", way]
    with ExitStack() as stack:
        asks = {rows: stack.enter_context(asked(name, [*program, str(rows)])) for rows in (LONG, SHORT)}
        for ask in asks.values():
            ask()  # warms up
        seen: dict[int, list[float]] = {rows: [] for rows in asks}
        for _ in rounds(ROUNDS * (5 if full else 1), SECONDS * (5 if full else 1)):
            for rows, ask in asks.items():
                seen[rows].append(ms_at_95(ask()))
    long, short = (statistics.median(seen[rows]) for rows in (LONG, SHORT))
    return Row(name, long, "ms", f"the same with {SHORT} rows in place of {LONG}, p95", short, limit)
