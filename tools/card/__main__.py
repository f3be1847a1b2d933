"""``python -m tools.card``: ``stb-card`` with ``--reader sim:PROFILE`` added."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from smartcard.command import main as run
from smartcard.command.tool import Tool
from tools.card.simulated import open_any_reader, readers_help


def main(arguments: Sequence[str] | None = None) -> int:
    """As ``stb-card``."""
    return run(arguments, Tool("python -m tools.card", open_any_reader, readers_help()))


if __name__ == "__main__":
    sys.exit(main())
