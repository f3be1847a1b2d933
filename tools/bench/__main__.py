"""``python -m tools.bench``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence

# stdout is for the rows alone
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from device.api.command_line import OneLineParser, until_interrupted
from tools.bench.card import card_rows
from tools.bench.framebuffer import framebuffer_rows
from tools.bench.rows import Row
from tools.bench.service import postgresql_rows, service_rows
from tools.bench.ui import ui_rows
from tools.bench.ui_long_list import long_list_rows

Bench = Callable[..., list[Row]]
BENCHES: dict[str, Bench] = {
    "card": card_rows,
    "framebuffer": framebuffer_rows,
    "service": service_rows,
    "service-postgresql": postgresql_rows,
    "ui": ui_rows,
    "long-list": long_list_rows,
}

_EPILOG = """\
names:
  card                identity and proof over a serial line, an APDU over PC/SC, answers to reset a second
  framebuffer         a list's row and the whole picture into a screen's memory, 16 and 32 bits
  service             the account service on SQLite: sign-in, balance, purchase, monthly charge, growth with the
                      number of accounts (1,000,000 of them with --full)
  service-postgresql  the same on PostgreSQL
  ui                  the app on the TV: from a key to the picture beside pygame-menu and Qt, start, idle, a held key,
                      memory after many screens (20,000 changes and 36,000 keys with --full)
  long-list           a list of 1,000 rows beside one of 12: a key in it, and opening it

Each figure stands beside its reference, measured in the same run on the same machine; each NAME ends within 50 s.
Peers (pyscard, pygame-menu, PySide6) are installed at first use, each into an environment of its own; that time is not
counted. A target is for the ratio to the reference, or absolute (abs) for 2 shared x86 processors.

exit status: 0 every target holds; 1 one does not, or could not be measured here; 2 bad usage; 130 ended by Ctrl-C
JSON: {"rows": [{"name", "value", "unit", "reference", "reference_value", "ratio", "target", "holds"}...]};
      reference_value and ratio are null where nothing stands beside the figure
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """0, 1 or 2, as ``--help`` says."""
    parser = OneLineParser(
        prog="python -m tools.bench",
        description="The benchmarks of the project.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones (all)")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--full", action="store_true", help="more rounds, however long they take")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in BENCHES:
            parser.error(f"no benchmark '{name}'; known: {', '.join(BENCHES)}")
    missing: list[str] = []
    rows: list[Row] = []
    for name in dict.fromkeys(options.names or BENCHES):
        print(f"{parser.prog}: {name}...", file=sys.stderr, flush=True)
        rows.extend(BENCHES[name](missing, full=options.full))
    for why in missing:
        print(f"{parser.prog}: not measured: {why}", file=sys.stderr)
    if options.json:
        print(json.dumps({"rows": [row.document() for row in rows]}, ensure_ascii=False))
    else:
        print("\n".join(map(_line, rows)))
    return 0 if rows and not missing and all(row.holds for row in rows) else 1


def _line(row: Row) -> str:
    verdict = "holds" if row.holds else "DOES NOT HOLD"
    beside = f"{row.reference_value:10.4g} {row.unit:4}" if row.reference_value is not None else " " * 15
    ratio = f"ratio {row.ratio:6.3f}" if row.ratio is not None else " " * 12
    return (
        f"{row.name:30} {row.value:10.4g} {row.unit:4} {beside} {ratio} {row.target:24} {verdict:14} ({row.reference})"
    )


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
