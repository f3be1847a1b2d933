"""What the commands share (contracts.md, Commands)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NoReturn

INTERRUPTED = 130
"""128 and SIGINT, as shells have it."""


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line on stderr and exits with 2, for subcommands too; ``--help`` tells the rest."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")


def until_interrupted(main: Callable[[], int]) -> int:
    """What ``main`` answers, or 130 where Ctrl-C ended it: who presses that knows what happened."""
    try:
        return main()
    except KeyboardInterrupt:
        return INTERRUPTED
