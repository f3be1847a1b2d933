"""A simulated card in a process of its own, so that it takes no time from what is measured."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tools.bench.rows import CannotMeasure


@contextmanager
def card_process(*options: str) -> Iterator[str]:
    """``python -m tools.card_sim``; where it listens."""
    command = [sys.executable, "-m", "tools.card_sim", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout is not None else ""
            if not line:
                _, complaint = process.communicate(timeout=5)
                raise CannotMeasure(f"the simulated card did not start: {complaint.strip()}")
            yield json.loads(line)["listening"][0]
        finally:
            process.terminate()
            process.communicate(timeout=10)
